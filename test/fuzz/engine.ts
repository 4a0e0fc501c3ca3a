/**
 * Compares the compiled engine, everything that decides (decision-evaluators.ts), and policies specialised for known parts of the input, with the reference interpreter on generated
 * policies; a difference is made smaller and printed.
 *
 * Usage: npm run -s fuzz:engine -- --seconds 60 --seed 1
 * Closes with one JSON line and exits 1 when there was a difference.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { Choices } from './choices.ts';
import { decisionDifference } from './decision-evaluators.ts';
import { engineDifference } from './engines.ts';
import { generateDecision } from './generate-decision.ts';
import { generateCase } from './generate-module.ts';
import { partialOutcome } from './partial.ts';

const MAX_DIFFERENCES = 5;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
  },
});
/** Bits that choose what is known of an input: everything, and what the tape says. */
const ALL_KNOWN = 1_023;

let specialised = 0;
let decisions = 0;

/** A tape is a policy that is asked for a document, or one that decides. */
function differenceOf(tape: readonly number[]): string | 'rejected' | undefined {
  const [kind = 0, ...rest] = tape;
  if (kind % 2 === 1) {
    decisions += 1;
    return decisionDifference(generateDecision(new Choices(rest)));
  }
  const example = generateCase(tape);
  const difference = engineDifference(example);
  if (difference !== undefined) return difference;
  const outcome = partialOutcome(example, [ALL_KNOWN, ...tape.slice(0, 2).map((n) => n % 1_024)]);
  specialised += outcome?.changed ?? 0;
  return outcome?.difference;
}

function exampleText(tape: readonly number[]): string {
  const [kind = 0, ...rest] = tape;
  if (kind % 2 === 1) return generateDecision(new Choices(rest)).texts.join('\n');
  const example = generateCase(tape);
  return `${example.modules.join('\n')}input: ${example.input}`;
}

const tapes = fc.array(fc.nat(1_000_000), { minLength: 40, maxLength: 320, size: 'max' });
const end = Date.now() + Number(values.seconds) * 1000;
let [cases, rejected, differences] = [0, 0, 0];
for (let seed = Number(values.seed); Date.now() < end && differences < MAX_DIFFERENCES; seed += 1) {
  const outcome = fc.check(
    fc.property(tapes, (tape) => {
      if (Date.now() >= end) return true;
      cases += 1;
      const difference = differenceOf(tape);
      if (difference === 'rejected') rejected += 1;
      return difference === undefined || difference === 'rejected';
    }),
    { seed, numRuns: 500 },
  );
  const [tape] = outcome.counterexample ?? [];
  if (tape === undefined) continue;
  differences += 1;
  console.log(`---\n${exampleText(tape)}`);
  console.log(differenceOf(tape));
}
console.log(
  JSON.stringify({
    seed: Number(values.seed),
    cases,
    rejected,
    decisions,
    specialised,
    differences,
  }),
);
process.exit(differences > 0 ? 1 : 0);
