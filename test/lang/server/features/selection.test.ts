/** What a selection grows to. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SelectionRange } from 'vscode-languageserver';
import { selectionRange } from '../../../../lang/server/features/selection.ts';
import { openMarked } from '../../../support/policy-workspace.ts';

const test = suite('lang/server/features/selection');

function grown(marked: string): readonly string[] {
  const { document, offset } = openMarked(marked);
  const { map, source } = document;
  const texts: string[] = [];
  let range: SelectionRange | undefined = selectionRange(document, offset);
  for (; range !== undefined; range = range.parent) {
    const { start, end } = range.range;
    texts.push(source.text.slice(map.offsetAt(start), map.offsetAt(end)));
  }
  return texts;
}

test('a selection grows by the syntax around it', () => {
  assert.equal(grown('package a\n\np if {\n\tcount(input.xs‸) > 1\n}\n').slice(0, 7), [
    'xs',
    '.xs',
    'input.xs',
    'count(input.xs)',
    'count(input.xs) > 1',
    '{\n\tcount(input.xs) > 1\n}',
    'p if {\n\tcount(input.xs) > 1\n}',
  ]);
});

test('a text with faults has nothing around a place', () => {
  assert.equal(grown('package a\n\np if {\n\tcount(‸'), ['']);
});

test.run();
