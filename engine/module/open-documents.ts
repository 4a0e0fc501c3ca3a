/** Documents of a stand-alone module: rules that are asked for by their path, by the code at hand or, where it has none, by the reference. */
import { type DocumentsCode, documentsCode } from '../emit/documents-code.ts';
import {
  type GeneratedFunctions,
  type LinkedProgram,
  linkProgram,
} from '../emit/linked-program.ts';
import { RUNTIME } from '../emit/runtime.ts';
import { evaluatePath } from '../evaluate.ts';
import { nodeAt } from '../interpret/rule-tree.ts';
import type { PlanInput } from '../plan/plan-program.ts';
import type { EvaluableSet } from '../policy-set.ts';
import type { EvaluationError } from '../run/failure.ts';
import { type Plain, toPlain } from '../value/plain.ts';
import { digestOf } from './digest.ts';

/** What the text of a module hands over of its documents. */
export interface DocumentParts {
  readonly make: ((runtime: unknown, constants: unknown) => unknown) | undefined;
  readonly digest: string;
}

/** As plain data; `result` is undefined where the document has no value. */
export type DocumentAnswer =
  | { readonly ok: true; readonly result: Plain | undefined }
  | { readonly ok: false; readonly error: EvaluationError };

/** Throws `RangeError` for a path that is no entrypoint of the module. */
export type EvaluateEntrypoint = (entrypoint: string, input?: unknown) => DocumentAnswer;

/** Evaluates documents at these paths, written `app/roles`. */
export function openDocuments(
  set: EvaluableSet & Omit<PlanInput, 'modules' | 'builtins'>,
  entrypoints: readonly string[],
  parts: DocumentParts,
): EvaluateEntrypoint {
  const paths = new Map(entrypoints.map((name) => [name, name.split('/')]));
  const program = parts.make && linkDocuments(set, [...paths.values()], parts.make, parts.digest);
  const code = { program: () => program ?? NO_CODE };
  return (entrypoint, input) => {
    const path = paths.get(entrypoint);
    if (path === undefined)
      throw new RangeError(
        `${JSON.stringify(entrypoint)} is none of the entrypoints ${entrypoints.join(', ')}`,
      );
    const nowNs = BigInt(Date.now()) * 1_000_000n;
    const options = { input, nowNs, engine: 'compiled' } as const;
    const evaluation = evaluatePath({ ...set, code }, path, options);
    if (!evaluation.ok) return evaluation;
    const { result } = evaluation;
    return { ok: true, result: result === undefined ? undefined : toPlain(result) };
  };
}

const NO_CODE = { interpreted: 'the module was built without code' };

function linkDocuments(
  set: PlanInput,
  paths: readonly (readonly string[])[],
  make: NonNullable<DocumentParts['make']>,
  digest: string,
): LinkedProgram {
  const nodes = paths.flatMap((path) => nodeAt(set.tree, path) ?? []);
  const written: DocumentsCode | string = documentsCode(set, nodes);
  if (typeof written === 'string' || digestOf(written.code.lines) !== digest)
    throw new Error('the rules of the module are not those of its code');
  const functions = make(RUNTIME, written.code.constants) as GeneratedFunctions;
  return linkProgram(written.program, functions, []);
}
