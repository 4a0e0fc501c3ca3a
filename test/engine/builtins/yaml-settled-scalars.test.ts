/** Results are those of OPA. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { resultsOf } from '../../support/builtin-results.ts';

const test = suite('engine/builtins/yaml-settled-scalars');

const RESULTS: readonly (readonly [call: string, result: unknown])[] = [
  ["yaml.unmarshal(\"'it''\")", null],
  ["yaml.unmarshal(\"'it''s'\")", "it's"],
  ['yaml.unmarshal("\\"a\\\\/b\\"")', null],
  [
    'yaml.unmarshal("a: 1_0.5\\nb: 0x1_F\\nc: 0_9\\nd: +0x1F\\ne: 0o-7\\nf: 0b_1\\ng: +_1")',
    { a: 10.5, b: 31, c: 9, d: 31, e: -7, f: 1, g: 1 },
  ],
  ['yaml.unmarshal("- \\t1")', null],
  ['yaml.unmarshal("a:\\t1")', { a: 1 }],
  ['yaml.unmarshal("\\t1")', null],
  ['yaml.unmarshal("{a: 1, !b}")', null],
  ['yaml.unmarshal("!x y")', 'y'],
  ['yaml.unmarshal("!!str 1")', '1'],
  ['yaml.unmarshal("a: !!int 1")', { a: 1 }],
];

test('scalars are read as OPA reads them; null stands for no result', () => {
  const calls = RESULTS.map(([call]) => call);
  assert.equal(
    resultsOf(...calls),
    RESULTS.map(([, result]) => result),
  );
});

test.run();
