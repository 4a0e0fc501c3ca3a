/** The engine under test, in the form the differential runner compares: outcome kinds and canonical JSON text. */
import { type EngineName, evaluatePath } from '../../engine/evaluate.ts';
import { compilePolicies } from '../../engine/policy-set.ts';
import { readJson, writeJson } from '../../engine/value/json.ts';
import type { OwnOutcome } from './compare-outcomes.ts';
import { BASE_DOCUMENT, type FuzzCase } from './generate-module.ts';

const BASE = { name: 'base.json', text: `{"base": ${BASE_DOCUMENT}}` };

/** Compiles the module and evaluates `data.fuzz`; calls that need the time fail unless it is given, in nanoseconds. */
export function evaluateHere(
  example: FuzzCase,
  engine: EngineName = 'interpret',
  nowNs?: bigint,
): OwnOutcome {
  const { policySet, diagnostics } = compilePolicies({
    policies: example.modules.map((text, at) => ({ name: `fuzz${at}.rego`, text })),
    data: [BASE],
  });
  if (policySet === undefined)
    return {
      kind: 'rejected',
      codes: diagnostics.map(({ code }) => code),
      text: diagnostics.map(({ message }) => message).join('; '),
    };
  const input = readJson(example.input);
  if (!input.ok) throw new SyntaxError(input.message);
  const time = nowNs === undefined ? {} : { nowNs };
  const evaluation = evaluatePath(policySet, ['fuzz'], { input: input.value, engine, ...time });
  if (!evaluation.ok)
    return { kind: 'failed', codes: [evaluation.error.code], text: evaluation.error.message };
  return {
    kind: 'value',
    json: evaluation.result === undefined ? '' : writeJson(evaluation.result),
  };
}

/** JSON text in the engine's own spelling, so that white space and key order do not count. */
export function canonicalJson(json: string): string {
  if (json === '') return '';
  const reading = readJson(json);
  return reading.ok ? writeJson(reading.value) : json;
}
