/** Results are those of OPA. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { resultsOf } from '../../support/builtin-results.ts';

const test = suite('engine/builtins/pattern-dialect');

const RESULTS: readonly (readonly [call: string, result: unknown])[] = [
  ['regex.is_valid(`\\p{Old_Italic}`)', false],
  ['regex.is_valid(`\\p{olditalic}`)', false],
  ['regex.is_valid(`\\p{SignWriting}`)', false],
  ['regex.is_valid(`\\p{Signwriting}`)', false],
  ['regex.is_valid(`\\p{greek}`)', true],
  ['regex.match(`^\\pl+$`, "abc")', true],
  ['regex.match(`^\\p{uppercase letter}$`, "A")', true],
  ['regex.match(`^\\p{ASCII}+$`, "aé")', false],
  ['regex.match(`^[\\P{Ascii}x]+$`, "éx")', true],
  ['regex.match(`^\\Q\\pl\\E$`, `\\pl`)', true],
  ['regex.is_valid(`\\pq`)', false],
  ['regex.match(`^\\p{^greek}$`, "a")', true],
  ['regex.replace("xay", `(?P<n>x)|(?P<n>y)`, "<$n>")', '<x>a<y>'],
  ['regex.replace("ab", `(a)`, "$01x")', 'b'],
  ['regex.match(`^[[:]+$`, "[:")', true],
  ['regex.match(`^[[:alpha:]\\pN]+$`, "a1")', true],
];

test('patterns Go accepts are read as it reads them; null stands for no result', () => {
  const calls = RESULTS.map(([call]) => call);
  assert.equal(
    resultsOf(...calls),
    RESULTS.map(([, result]) => result),
  );
});

test.run();
