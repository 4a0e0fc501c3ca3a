/** Formatting of a whole text and of a selection. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  formattingEdits,
  rangeFormattingEdits,
} from '../../../../lang/server/features/formatting.ts';
import { openMarked } from '../../../support/policy-workspace.ts';
import { applyTextEdits } from '../../../support/text-edits.ts';

const test = suite('lang/server/features/formatting');

const UNTIDY = 'package a\n\nx   :=   1\n\ny  if {\n  x   == 1\n}\n\nz   :=   {  }\n';

test('the edit changes no more than what is not the same', () => {
  const text = 'package a\n\nx := 1\n\ny   := 2\n\nz := 3\n';
  const { document } = openMarked(text);
  const [edit, ...others] = formattingEdits(document);
  assert.equal(others, []);
  assert.equal(edit?.range.start.line, 4);
  assert.equal(edit?.range.end.line, 4);
  assert.is(applyTextEdits(text, edit === undefined ? [] : [edit]), text.replace('   ', ' '));
});

test('a tidy text and one with faults have no edits', () => {
  assert.equal(formattingEdits(openMarked('package a\n\nx := 1\n').document), []);
  assert.equal(formattingEdits(openMarked('package a\n\nx   := \n').document), []);
  assert.equal(
    rangeFormattingEdits(openMarked('package a\nx   := ').document, { start: 0, end: 9 }),
    [],
  );
});

test('of a selection the rules that it touches are laid out', () => {
  const { document } = openMarked(UNTIDY);
  const at = UNTIDY.indexOf('x   ==');
  const edits = rangeFormattingEdits(document, { start: at, end: at + 1 });
  assert.is(
    applyTextEdits(UNTIDY, edits),
    'package a\n\nx   :=   1\n\ny if {\n\tx == 1\n}\n\nz   :=   {  }\n',
  );
});

test.run();
