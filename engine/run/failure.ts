/**
 * How an evaluation ends that yields no result: a coded value for the caller, and the one exception that carries it there from
 * deep inside. Codes follow OPA's topdown errors; `eval_limit_error` is this implementation's own.
 */
import type { CheckedRule } from '../../lang/check/checked.ts';
import { positionAt, type Span } from '../../lang/source.ts';
import { ValueError } from '../value/error.ts';

export type EvaluationErrorCode =
  | 'eval_conflict_error'
  | 'eval_builtin_error'
  | 'eval_type_error'
  | 'eval_limit_error'
  | 'eval_internal_error';

/** A place in a policy and the rule it belongs to; line and column are one-based. */
export interface PolicyPlace {
  readonly package: string;
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Why an evaluation has no result. `places` holds every rule concerned: both of a conflict. */
export interface EvaluationError {
  readonly code: EvaluationErrorCode;
  readonly message: string;
  readonly places: readonly PolicyPlace[];
}

/** Thrown inside `engine/` only and caught where an evaluation was started, which returns its `error`. */
export class EvaluationFailure extends Error {
  readonly error: EvaluationError;

  constructor(code: EvaluationErrorCode, message: string, places: readonly PolicyPlace[] = []) {
    super(message);
    this.name = 'EvaluationFailure';
    this.error = { code, message, places };
  }
}

/** The place of a span within a rule. */
export function placeInRule(checked: CheckedRule, span: Span): PolicyPlace {
  const { line, column } = positionAt(checked.source, span.start);
  return {
    package: checked.package.join('.'),
    rule: checked.path.slice(checked.package.length).join('.'),
    file: checked.source.name,
    line,
    column,
  };
}

/** What a caught exception means to the caller: a failure as it is, an overflow of the stack as the limit it is. */
export function errorOf(cause: unknown): EvaluationError {
  if (cause instanceof EvaluationFailure) return cause.error;
  if (cause instanceof RangeError && cause.message.includes('call stack')) {
    return {
      code: 'eval_limit_error',
      message: 'evaluation is nested too deeply for the stack',
      places: [],
    };
  }
  if (cause instanceof RangeError && cause.message.includes('string length'))
    return { code: 'eval_limit_error', message: 'a text is too long', places: [] };
  if (cause instanceof ValueError && cause.code === 'value/too-large')
    return { code: 'eval_limit_error', message: cause.message, places: [] };
  const text = cause instanceof Error ? cause.message : String(cause);
  return { code: 'eval_internal_error', message: text, places: [] };
}

/** One line for logs and terminals: `file:line: code: message (also file:line)`. */
export function describeError(error: EvaluationError): string {
  const [first, ...rest] = error.places.map((place) => `${place.file}:${place.line}`);
  const also = rest.length === 0 ? '' : ` (also ${rest.join(', ')})`;
  return `${first === undefined ? '' : `${first}: `}${error.code}: ${error.message}${also}`;
}
