/**
 * Compares the compiled engine with the reference interpreter on generated policies; a difference is made smaller and printed.
 *
 * Usage: npm run -s fuzz:engine -- --seconds 60 --seed 1
 * Closes with one JSON line and exits 1 when there was a difference.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { engineDifference } from './engines.ts';
import { generateCase } from './generate-module.ts';

const MAX_DIFFERENCES = 5;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
  },
});
const tapes = fc.array(fc.nat(1_000_000), { minLength: 40, maxLength: 320, size: 'max' });
const end = Date.now() + Number(values.seconds) * 1000;
let [cases, rejected, differences] = [0, 0, 0];
for (let seed = Number(values.seed); Date.now() < end && differences < MAX_DIFFERENCES; seed += 1) {
  const outcome = fc.check(
    fc.property(tapes, (tape) => {
      if (Date.now() >= end) return true;
      cases += 1;
      const difference = engineDifference(generateCase(tape));
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
  console.log(engineDifference(example));
}
console.log(JSON.stringify({ seed: Number(values.seed), cases, rejected, differences }));
process.exit(differences > 0 ? 1 : 0);
