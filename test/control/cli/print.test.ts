/**
 * What a client sent cannot drive the terminal of whoever reads the record.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatTable, harmless, plural, shorten } from '../../../control/cli/print.ts';
import { describeEntry } from '../../../control/cli/replay-text.ts';

const print = suite('control/cli/print');

print('control characters and marks of direction are written out', () => {
  assert.is(harmless('a\u001b[2Jb'), 'a\\u{1b}[2Jb');
  assert.is(
    harmless('a\rb\u0007\u009b\u202e\u2066\u2028'),
    'a\\u{d}b\\u{7}\\u{9b}\\u{202e}\\u{2066}\\u{2028}',
  );
  assert.is(harmless('Grüße, 世界\n\tok'), 'Grüße, 世界\n\tok');
});

print('a table cell keeps to its line', () => {
  assert.equal(
    formatTable(
      ['A', 'B'],
      [
        ['1\n2', 'x\u001b'],
        ['long one', ''],
      ],
    ),
    ['A         B', '1 2       x\\u{1b}', 'long one'],
  );
  assert.is(shorten('select  1\n from t', 10), 'select 1 …');
});

print('a replayed refusal shows its text harmless', () => {
  const [line] = describeEntry({
    type: 'session.refused',
    at: '2026-01-01T10:11:12.123456789Z',
    session: 's',
    code: 'resource/unknown',
    message: 'there is no resource of this name',
    resource: 'x\u001b]0;title\u0007',
    client: { ip: '', application: '', fingerprint: '' },
  });
  assert.is(
    line,
    '10:11:12.123  REFUSED   there is no resource of this name (resource/unknown), asked for x\\u{1b}]0;title\\u{7}',
  );
});

print('one is told from many and from none', () => {
  assert.equal(
    [0, 1, 2].map((count) => plural(count, 'row')),
    ['0 rows', '1 row', '2 rows'],
  );
});

print.run();
