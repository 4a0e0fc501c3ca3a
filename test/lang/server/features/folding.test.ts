/** What can be folded, also in a text with faults. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { foldingRanges } from '../../../../lang/server/features/folding.ts';
import { openMarked } from '../../../support/policy-workspace.ts';

const test = suite('lang/server/features/folding');

const folds = (text: string): readonly string[] =>
  foldingRanges(openMarked(text).document).map(
    ({ startLine, endLine, kind = 'code' }) => `${startLine}-${endLine} ${kind}`,
  );

test('bodies, collections, imports and comments fold, the closing line stays', () => {
  const text = `# one
# two
package a

import data.b
import data.c

allow if {
	x := [
		1,
		2,
	]
	x[0] == 1 # beside
	# alone
}
`;
  assert.equal(folds(text), ['7-13 code', '8-10 code', '4-5 imports', '0-1 comment']);
});

test('what is on one line, or never closed, does not fold', () => {
  assert.equal(folds('package a\n\nx := {"a": 1}\n\ny if {\n\tx[\n\t1\n'), []);
});

test('a text with faults folds where its brackets are whole', () => {
  assert.equal(folds('package a\n\nx if {\n\t:= ==\n\n}\n\ny := (\n'), ['2-4 code']);
});

test.run();
