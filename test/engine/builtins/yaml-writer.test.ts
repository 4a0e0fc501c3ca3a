import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { valueAt } from '../../support/policies.ts';

const test = suite('engine/builtins/yaml-writer');

test('integers of 64 bits stand as they are, larger ones as floats, and what no float holds as it is spelled', () => {
  const numbers = '[18446744073709551615, 18446744073709551616, -9223372036854775809, -0, 1e400]';
  assert.is(
    valueAt('p.x', `x := yaml.marshal(${numbers})\n`),
    '- 18446744073709551615\n- 1.8446744073709552e+19\n- -9.223372036854776e+18\n- 0\n- 1e400\n',
  );
});

test.run();
