/**
 * The answer to one question about one document: evaluated by one policy set from beginning to end, written as OPA's server writes it.
 * An undefined document is an answer without `result`; a failed evaluation is none.
 */
import { evaluatePath } from '../../engine/evaluate.ts';
import { member } from '../../engine/interpret/input-document.ts';
import { nodeAt } from '../../engine/interpret/rule-tree.ts';
import type { PolicySet } from '../../engine/policy-set.ts';
import type { Limits } from '../../engine/run/limits.ts';
import { documentExplanationLines, explainDocument } from '../../engine/trace/explain-document.ts';
import { writeJson } from '../../engine/value/json.ts';
import type { Value } from '../../engine/value/value.ts';
import { VERSION } from '../version.ts';
import { evaluationFault, ServeFault } from './fault.ts';
import { objectText } from './json-text.ts';
import { type AnswerParameters, type DocumentPath, documentName } from './parameters.ts';

/** What is asked. */
export interface DocumentQuestion {
  readonly path: DocumentPath;
  /** Undefined when there is no input. */
  readonly input: Value | undefined;
}

/** How it is evaluated. */
export interface AnswerContext {
  readonly policySet: PolicySet;
  readonly limits: Partial<Limits>;
  readonly nowMs: () => number;
}

/** The value of a document; undefined where it has none. Throws `ServeFault` for an evaluation that fails. */
export function evaluateDocument(
  { policySet, limits, nowMs }: AnswerContext,
  { path, input }: DocumentQuestion,
  strictBuiltinErrors: boolean,
): Value | undefined {
  const names = namesOf(path);
  refuseFunction(policySet, names);
  const evaluation = evaluatePath(policySet, names, {
    ...(input === undefined ? {} : { input }),
    engine: 'compiled',
    limits,
    strictBuiltinErrors,
    nowNs: BigInt(nowMs()) * 1_000_000n,
  });
  if (!evaluation.ok) throw evaluationFault(evaluation.error);
  return path.slice(names.length).reduce<Value | undefined>(member, evaluation.result);
}

/** The names before the first index: what is below an index is looked up in the document. */
function namesOf(path: DocumentPath): readonly string[] {
  const index = path.findIndex((name) => typeof name === 'number');
  return (index === -1 ? path : path.slice(0, index)).map(String);
}

function refuseFunction(policySet: PolicySet, names: readonly string[]): void {
  for (const [index] of names.entries()) {
    const prefix = names.slice(0, index + 1);
    if (nodeAt(policySet.tree, prefix)?.kind !== 'function') continue;
    const message = `function ${documentName(prefix)} used as reference, not called`;
    throw new ServeFault(500, 'internal_error', message);
  }
}

/** Nanoseconds of the parts of a request. */
export interface AnswerTimes {
  readonly startedNs: bigint;
  readonly parsedNs: bigint;
}

export interface DataAnswer {
  readonly text: string;
  readonly result: Value | undefined;
}

/** The body of an answer of the data API. */
export function answerDocument(
  context: AnswerContext,
  question: DocumentQuestion,
  parameters: AnswerParameters,
  times: AnswerTimes,
  extra: { readonly decisionId: string | undefined; readonly warns: boolean },
): DataAnswer {
  const result = evaluateDocument(context, question, parameters.strictBuiltinErrors);
  const evaluatedNs = process.hrtime.bigint();
  const text = objectText({
    decision_id: extra.decisionId === undefined ? undefined : JSON.stringify(extra.decisionId),
    provenance: parameters.provenance ? provenanceText(context.policySet) : undefined,
    explanation: explanationText(context, question, parameters, result),
    metrics: parameters.metrics ? metricsText(times, evaluatedNs) : undefined,
    result: result === undefined ? undefined : writeJson(result),
    warning: extra.warns ? INPUT_MISSING : undefined,
  });
  return { text, result };
}

const INPUT_MISSING = JSON.stringify({
  code: 'api_usage_warning',
  message: "'input' key missing from the request",
});

/** Which policies decided: their revision stands where OPA names that of a bundle. */
export function provenanceText(policySet: PolicySet): string {
  return JSON.stringify({
    version: VERSION,
    build_commit: '',
    build_timestamp: '',
    build_hostname: '',
    revision: policySet.revision,
  });
}

function metricsText({ startedNs, parsedNs }: AnswerTimes, evaluatedNs: bigint): string {
  return JSON.stringify({
    timer_rego_input_parse_ns: Number(parsedNs - startedNs),
    timer_rego_query_eval_ns: Number(evaluatedNs - parsedNs),
    timer_server_handler_ns: Number(process.hrtime.bigint() - startedNs),
  });
}

/** Modes are those of OPA, the content is Sallyport's own: `fails` shows only what did not hold, `notes` what `trace` says: nothing. */
function explanationText(
  { policySet, limits, nowMs }: AnswerContext,
  { path, input }: DocumentQuestion,
  { explain, pretty }: AnswerParameters,
  result: Value | undefined,
): string | undefined {
  if (explain === 'off' || (result === undefined && explain !== 'full')) return undefined;
  if (explain === 'notes') return '[]';
  const outcomes = explainDocument(policySet, namesOf(path), {
    ...(input === undefined ? {} : { input }),
    limits,
    nowNs: BigInt(nowMs()) * 1_000_000n,
  });
  const shown = outcomes.map((rule) => ({
    ...rule,
    definitions: rule.definitions.filter(
      ({ outcome }) => explain !== 'fails' || outcome !== 'holds',
    ),
  }));
  return JSON.stringify(pretty ? documentExplanationLines(shown) : shown);
}
