/**
 * Compares the compiled engine, and policies specialised for known parts of the input, with the reference interpreter on generated
 * policies; a difference is made smaller and printed.
 *
 * Usage: npm run -s fuzz:engine -- --seconds 60 --seed 1
 * Closes with one JSON line and exits 1 when there was a difference.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { engineDifference } from './engines.ts';
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

function differenceOf(tape: readonly number[]): string | 'rejected' | undefined {
  const example = generateCase(tape);
  const difference = engineDifference(example);
  if (difference !== undefined) return difference;
  const outcome = partialOutcome(example, [ALL_KNOWN, ...tape.slice(0, 2).map((n) => n % 1_024)]);
  specialised += outcome?.changed ?? 0;
  return outcome?.difference;
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
  const example = generateCase(tape);
  console.log(`---\n${example.modules.join('\n')}input: ${example.input}`);
  console.log(differenceOf(tape));
}
console.log(
  JSON.stringify({ seed: Number(values.seed), cases, rejected, specialised, differences }),
);
process.exit(differences > 0 ? 1 : 0);
