/**
 * Edits: applied in the order of the text, never over one another.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { applyEdits } from '../../../lang/lint/fix.ts';

const test = suite('lang/lint/fix');
const edit = (start: number, end: number, text: string) => ({ span: { start, end }, text });

test('edits are applied wherever they stand in the list', () => {
  assert.equal(applyEdits('a = b = c', [edit(6, 7, ':='), edit(2, 3, ':=')]), {
    text: 'a := b := c',
    applied: 2,
  });
});

test('an edit that overlaps an earlier one is left out', () => {
  assert.equal(applyEdits('abcdef', [edit(0, 3, 'x'), edit(2, 5, 'y')]), {
    text: 'xdef',
    applied: 1,
  });
});

test.run();
