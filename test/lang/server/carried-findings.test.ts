/** Findings of the linter while the text under them is edited. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Diagnostic } from '../../../lang/diagnostic.ts';
import { carryFindings } from '../../../lang/server/carried-findings.ts';

const test = suite('lang/server/carried-findings');

const BEFORE = 'one two three two one';

/** The words under the findings, which stood under each of `words` before. */
function carried(
  words: readonly (readonly [start: number, end: number])[],
  after: string,
): readonly string[] {
  const source = { name: 'a', text: BEFORE };
  const findings = words.map(
    ([start, end]): Diagnostic => ({
      code: 'lint/style/snake-case',
      severity: 'warning',
      message: 'a finding',
      source,
      span: { start, end },
    }),
  );
  return carryFindings(findings, source, { name: 'a', text: after }).map(({ span }) =>
    after.slice(span.start, span.end),
  );
}

const EACH = [
  [0, 3],
  [8, 13],
  [18, 21],
] as const;

test('findings before and after an edit stay with their words', () => {
  assert.equal(carried(EACH, 'one two three two one'), ['one', 'three', 'one']);
  assert.equal(carried(EACH, 'one twelve three two one'), ['one', 'three', 'one']);
  assert.equal(carried(EACH, 'one three two one').at(-1), 'one');
  assert.equal(carried(EACH, 'new one two three two one').slice(1), ['three', 'one']);
});

test('a finding whose words are edited is gone', () => {
  assert.equal(carried(EACH, 'one two thre two one'), ['one', 'one']);
  assert.equal(carried(EACH, 'one two thrXee two one'), ['one', 'one']);
  assert.equal(carried(EACH, ''), []);
  assert.equal(carried(EACH, 'something else'), []);
});

test.run();
