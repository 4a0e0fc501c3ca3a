import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { valueAt } from '../../support/policies.ts';

const test = suite('engine/builtins/strings');

test('format_int is exact for integers, and rounds what is spelled otherwise to 64 bits', () => {
  const numbers = '[1e30, 1000000000000000000000000000000, 1.8446744073709551617e19, 15.9, -15.9]';
  assert.equal(valueAt('p.x', `x := [format_int(n, 16) | some n in ${numbers}]\n`), [
    'c9f2c9cd04674edf000000000',
    'c9f2c9cd04674edea40000000',
    '10000000000000000',
    'f',
    '-f',
  ]);
});

test.run();
