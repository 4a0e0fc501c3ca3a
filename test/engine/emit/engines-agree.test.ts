import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { engineDifference } from '../../fuzz/engines.ts';
import { generateCase } from '../../fuzz/generate-module.ts';

const test = suite('engine/emit/engines-agree');

test('compiled code gives what the interpreter gives for generated policies', () => {
  let compared = 0;
  const tapes = fc.array(fc.nat(1_000_000), { minLength: 40, maxLength: 320, size: 'max' });
  fc.assert(
    fc.property(tapes, (tape) => {
      const difference = engineDifference(generateCase(tape));
      if (difference === 'rejected') return;
      compared += 1;
      assert.is(difference, undefined);
    }),
    { seed: 20_261_121, numRuns: 600 },
  );
  assert.ok(compared > 200, `only ${compared} cases compiled`);
});

test.run();
