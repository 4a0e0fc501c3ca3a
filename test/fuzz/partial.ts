/** Holds specialised policies against the whole one on a generated case: parts of its input are known, the answers must be the same. */
import { type EngineName, evaluatePath } from '../../engine/evaluate.ts';
import { knownPart } from '../../engine/partial/known-input.ts';
import { Specialiser } from '../../engine/partial/specialise.ts';
import { compilePolicies, type PolicySet } from '../../engine/policy-set.ts';
import type { InputPath } from '../../engine/reads/input-path.ts';
import { readJson, writeJson } from '../../engine/value/json.ts';
import { toPlain } from '../../engine/value/plain.ts';
import { BASE_DOCUMENT, type FuzzCase } from './generate-module.ts';

const BASE = { name: 'base.json', text: `{"base": ${BASE_DOCUMENT}}` };

/** What may be known: some paths that generated inputs have and some that they lack. */
const PATHS: readonly InputPath[] = [
  ['a'],
  ['s'],
  ['xs'],
  ['o'],
  ['n'],
  ['flag'],
  ['missing'],
  ['deep'],
  ['o', 'k'],
  ['deep', 'er'],
];

/** What is compared of a case: how many specialised sets there were, and how much they left out. */
export interface PartialOutcome {
  readonly difference: string | undefined;
  readonly specialised: number;
  readonly changed: number;
}

/** Specialises a case for the paths that each number of `masks` selects, bit by bit; undefined where it does not compile. */
export function partialOutcome(
  example: FuzzCase,
  masks: readonly number[],
): PartialOutcome | undefined {
  const policies = example.modules.map((text, at) => ({ name: `fuzz${at}.rego`, text }));
  const { policySet } = compilePolicies({ policies, data: [BASE] });
  if (policySet === undefined) return undefined;
  const reading = readJson(example.input);
  if (!reading.ok) throw new SyntaxError(reading.message);
  const input = toPlain(reading.value);
  const wanted = answer(policySet, input, 'interpret');
  let [specialised, changed] = [0, 0];
  for (const mask of masks) {
    const paths = PATHS.filter((_, bit) => (mask >> bit) % 2 === 1);
    const known = knownPart(input, paths);
    const made = new Specialiser(policySet, known.paths).specialise(known);
    specialised += 1;
    if (made.rules.changed > 0 || made.rules.after < made.rules.before) changed += 1;
    for (const engine of ['interpret', 'compiled'] as const) {
      const got = answer(made.policySet, input, engine);
      const isLimit = wanted.startsWith('eval_limit') || got.startsWith('eval_limit');
      if (got === wanted || isLimit) continue;
      const names = paths.map((path) => path.join('.')).join(', ');
      const difference = `known: ${names}\nwhole:       ${wanted}\n${engine}: ${got}`;
      return { difference, specialised, changed };
    }
  }
  return { difference: undefined, specialised, changed };
}

function answer(policySet: PolicySet, input: unknown, engine: EngineName): string {
  const printed: string[] = [];
  const print = (line: string): void => void printed.push(line);
  const evaluation = evaluatePath(policySet, ['fuzz'], { input, engine, print });
  if (!evaluation.ok) return `${evaluation.error.code} ${evaluation.error.message}`;
  const value = evaluation.result === undefined ? '' : writeJson(evaluation.result);
  return `${value} ${printed.join('|')}`;
}
