/**
 * Unified diffs: headers, hunks, context.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { diffLines } from '../../../control/cli/line-diff.ts';

const test = suite('control/cli/line-diff');
const lines = (...items: readonly string[]): string => `${items.join('\n')}\n`;

test('equal texts have no difference', () => {
  assert.is(diffLines('f', 'a\n', 'a\n'), '');
});

test('a change stands in its context of three lines', () => {
  const before = lines('1', '2', '3', '4', '5', '6', '7', '8', '9');
  const after = before.replace('5', 'five');
  assert.is(
    diffLines('f', before, after),
    '--- f\n+++ f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8',
  );
});

test('changes far apart are hunks of their own, with the line numbers of both sides', () => {
  const numbers = Array.from({ length: 30 }, (_, at) => String(at + 1));
  const after = ['0', ...numbers.slice(0, 24), ...numbers.slice(25)];
  const diff = diffLines('f', lines(...numbers), lines(...after));
  assert.equal(diff.match(/^@@.*$/gm), ['@@ -1,3 +1,4 @@', '@@ -22,7 +23,6 @@']);
});

test('a missing line break at the end is a difference', () => {
  assert.match(diffLines('f', 'a', 'a\n'), 'no line break at the end');
});

test.run();
