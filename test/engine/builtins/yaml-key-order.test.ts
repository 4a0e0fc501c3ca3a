import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compareYamlKeys } from '../../../engine/builtins/yaml-key-order.ts';

const test = suite('engine/builtins/yaml-key-order');

/** In the order in which OPA 1.21.1 writes them. */
const SORTED =
  '| |_x|😀|1|1a|01|9|10|10x|100|A|a|a-1|a.1|a🙂|a0|a00|a1b2|a1b10|a01|a9|a10|a100|a1000|b|é';

test('digits are compared as numbers, and letters come last but first behind a digit', () => {
  const keys = SORTED.split('|');
  assert.equal(keys.toReversed().toSorted(compareYamlKeys), keys);
});

test.run();
