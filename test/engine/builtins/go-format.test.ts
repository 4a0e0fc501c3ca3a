/** Results are those of OPA. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { resultsOf } from '../../support/builtin-results.ts';

const test = suite('engine/builtins/go-format');

const RESULTS: readonly (readonly [call: string, result: unknown])[] = [
  ['sprintf("%#08x %#08x %08x", [5, -3, -3])', '0x00000005 -0x0000003 -0000003'],
  ['sprintf("%#o %#o %#O %+05d", [0, 8, 255, 7])', '0 010 0o0377 +0007'],
  ['sprintf("%.T|%.2T|%08T", ["a", 1, 2])', '|in|000int64'],
  ['sprintf("%[]", [1])', '%!](BADINDEX)'],
  ['sprintf("%99999999d", [1])', '%!(NOVERB)%!(EXTRA int64=1)'],
  ['sprintf("%0.0d|%5.0d|", [0, 0])', '|     |'],
  ['time.format([1700000000123456789, "UTC", "05.00000000000"])', '20.123456789'],
  ['format_int(time.parse_ns("02 Jan 06 15:04 MST", "02 Jan 20 03:04 +0100"), 10)', null],
  [
    'format_int(time.parse_ns("02 Jan 06 15:04 MST", "02 Jan 20 03:04 +01"), 10)',
    '1577934240000000000',
  ],
  [
    'format_int(time.parse_ns("02 Jan 06 15:04 MST", "02 Jan 20 03:04 GMT+3"), 10)',
    '1577934240000000000',
  ],
  ['format_int(time.parse_ns("02 Jan 06 15:04 MST", "02 Jan 20 03:04 ABCD"), 10)', null],
  [
    'format_int(time.parse_ns("02 Jan 06 15:04 MST", "02 Jan 20 03:04 WITA"), 10)',
    '1577934240000000000',
  ],
  [
    'format_int(time.parse_ns("02 Jan 06 15:04 MST", "02 Jan 20 03:04 ABCDT"), 10)',
    '1577934240000000000',
  ],
  ['strings.render_template("{{1e6}} {{1_0.5}} {{.5}}", {})', '1e+06 10.5 0.5'],
];

test('texts and times are written and read as Go does; null stands for no result', () => {
  const calls = RESULTS.map(([call]) => call);
  assert.equal(
    resultsOf(...calls),
    RESULTS.map(([, result]) => result),
  );
});

test.run();
