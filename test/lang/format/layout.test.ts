/**
 * The document algebra and its layout, without any language: groups, fills, comments at line ends.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  concat,
  fill,
  group,
  HARD_LINE,
  ifBreak,
  indent,
  LINE,
  SOFT_LINE,
  trailing,
} from '../../../lang/format/document.ts';
import { layOut } from '../../../lang/format/layout.ts';

const test = suite('lang/format/layout');
const list = group(
  concat('[', indent(concat(SOFT_LINE, 'aa,', LINE, 'bb')), ifBreak(',', ''), SOFT_LINE, ']'),
);

test('a group stays in one line up to the last column', () => {
  assert.is(layOut(list, 8), '[aa, bb]');
  assert.is(layOut(list, 7), '[\n\taa,\n\tbb,\n]');
});

test('what follows a group in its line counts', () => {
  assert.is(layOut(concat(list, ';'), 8), '[\n\taa,\n\tbb,\n];');
});

test('a hard line breaks the groups around it', () => {
  assert.is(layOut(group(concat('a', LINE, 'b', HARD_LINE, 'c')), 80), 'a\nb\nc');
});

test('a comment at the end of a line has no width', () => {
  const line = group(concat('a', LINE, 'b'));
  assert.is(
    layOut(concat(line, trailing(' # long comment'), HARD_LINE, 'c'), 3),
    'a b # long comment\nc',
  );
});

test('a fill puts as much into a line as fits', () => {
  assert.is(layOut(fill(['aa,', 'bb,', 'cc,', 'dd,']), 7), 'aa, bb,\ncc, dd,');
});

test('a blank line has no indentation', () => {
  assert.is(layOut(indent(concat('a', HARD_LINE, HARD_LINE, 'b')), 80), 'a\n\n\tb');
});

test.run();
