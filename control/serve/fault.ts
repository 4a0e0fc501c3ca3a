/**
 * Why a request to the decision service is refused, in the shape and with the codes of OPA's REST API. The one error class of this
 * folder; caught where the server turns it into an answer.
 */
import type { EvaluationError } from '../../engine/run/failure.ts';
import type { Diagnostic } from '../../lang/diagnostic.ts';
import { positionAt } from '../../lang/source.ts';

/** Codes of OPA's REST API. */
export type ServeCode =
  | 'internal_error'
  | 'invalid_parameter'
  | 'invalid_operation'
  | 'resource_not_found'
  | 'resource_conflict'
  | 'undefined_document'
  | 'unauthorized';

/** One fault of a policy or query. */
export interface ServeDetail {
  readonly code: string;
  readonly message: string;
  readonly location?: { readonly file: string; readonly row: number; readonly col: number };
}

export class ServeFault extends Error {
  readonly status: number;
  readonly code: ServeCode;
  readonly errors: readonly ServeDetail[];

  constructor(
    status: number,
    code: ServeCode,
    message: string,
    errors: readonly ServeDetail[] = [],
  ) {
    super(message);
    this.name = 'ServeFault';
    this.status = status;
    this.code = code;
    this.errors = errors;
  }

  /** For the log: where each fault lies. */
  get details(): readonly string[] {
    return this.errors.map(({ code, message, location }) => {
      const where = location === undefined ? '' : `${location.file}:${location.row}: `;
      return `${where}${code}: ${message}`;
    });
  }
}

/** What a client reads of a fault. */
export function faultBody(fault: ServeFault): {
  readonly code: string;
  readonly message: string;
  readonly errors?: readonly ServeDetail[];
} {
  const { code, message, errors } = fault;
  return errors.length === 0 ? { code, message } : { code, message, errors };
}

/** An evaluation that failed: a fault of the policy, never an answer. */
export function evaluationFault(error: EvaluationError): ServeFault {
  const { code, message, places } = error;
  const [place] = places;
  const detail: ServeDetail =
    place === undefined
      ? { code, message: code === 'eval_internal_error' ? 'see the log of the server' : message }
      : { code, message, location: { file: place.file, row: place.line, col: place.column } };
  return new ServeFault(500, 'internal_error', 'error(s) occurred while evaluating query', [
    detail,
  ]);
}

/** A query that cannot be read or checked. */
export function queryFault(diagnostics: readonly Diagnostic[]): ServeFault {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const isParsing = errors.some(({ code }) => code.startsWith('parse/'));
  const details = errors.map(({ code, message, span, source }): ServeDetail => {
    const { line, column } = positionAt(source, span.start);
    return { code: codeOf(code), message, location: { file: '', row: line, col: column } };
  });
  const doing = isParsing ? 'parsing' : 'compiling';
  return new ServeFault(
    400,
    'invalid_parameter',
    `error(s) occurred while ${doing} query`,
    details,
  );
}

/** OPA's name for a family of diagnostics. */
function codeOf(code: string): string {
  if (code.startsWith('parse/')) return 'rego_parse_error';
  if (code === 'check/unsafe-var') return 'rego_unsafe_var_error';
  if (code.startsWith('type/') || code === 'check/unknown-function') return 'rego_type_error';
  return 'rego_compile_error';
}
