import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { valueAt } from '../../support/policies.ts';

const test = suite('engine/builtins/yaml-writer');

/** Expressions and what OPA 1.21.1 writes for them. */
const WRITTEN: readonly (readonly [string, string])[] = [
  ['{"a": [[1, 2], []], "b": {"c": {}}}', 'a:\n  - - 1\n    - 2\n  - []\nb:\n  c: {}\n'],
  ['{"a\\nb": {"c": 1}}', '? |-\n  a\n  b\n: c: 1\n'],
  ['{"a\\nb": [1]}', '? |-\n  a\n  b\n: - 1\n'],
  ['[{"a": "x\\ny\\n"}]', '- a: |\n    x\n    y\n'],
  ['"\\ta\\nb"', '|-\n  \ta\n  b\n'],
  ['"a \\nb"', '"a \\nb"\n'],
  ['"\\n"', '|2+\n\n'],
  ['"\\u0085"', "' '\n"],
  ['"a\\u2028b"', "'a\u2028  b'\n"],
  ['"\\ufeffa"', '"\\uFEFF\\x61"\n'],
  ['"\\u00a0"', '\u00a0\n'],
  ['"2020-02-30"', '2020-02-30\n'],
  ['"2020-02-29"', '"2020-02-29"\n'],
  ['"-_1"', '"-_1"\n'],
  ['"0x_"', '0x_\n'],
  ['"1e1_0"', '"1e1_0"\n'],
  ['"1e400"', '1e400\n'],
  ['{1: 2, "1": 3}', '"1": 3\n'],
  [`{"${'k'.repeat(128)}": 1}`, `${'k'.repeat(128)}: 1\n`],
  [`{"${'k'.repeat(129)}": 1}`, `? ${'k'.repeat(129)}\n: 1\n`],
];

/** Expressions OPA 1.21.1 has no YAML for, because their JSON is none. */
const REFUSED = [
  '"\\uffff"',
  '{"\\u007f": 1}',
  '["\\u0080"]',
  '"a\\u0085--- b"',
  '{"a\\u0085b": 1}',
  `{"${'k'.repeat(1023)}": 1}`,
];

test('integers of 64 bits stand as they are, larger ones as floats, and what no float holds as it is spelled', () => {
  const numbers = '[18446744073709551615, 18446744073709551616, -9223372036854775809, -0, 1e400]';
  assert.is(
    valueAt('p.x', `x := yaml.marshal(${numbers})\n`),
    '- 18446744073709551615\n- 1.8446744073709552e+19\n- -9.223372036854776e+18\n- 0\n- 1e400\n',
  );
});

test('texts and keys are written as OPA writes them', () => {
  for (const [expression, wanted] of WRITTEN)
    assert.is(valueAt('p.x', `x := yaml.marshal(${expression})\n`), wanted, expression);
});

test('what is no YAML as JSON has no value', () => {
  for (const expression of REFUSED)
    assert.is(valueAt('p.x', `x := yaml.marshal(${expression})\n`), undefined, expression);
  const longest = `x := yaml.marshal({"${'k'.repeat(1022)}": 1})\n`;
  assert.is.not(valueAt('p.x', longest), undefined);
});

test.run();
