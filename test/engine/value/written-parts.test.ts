import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { canonicalKey } from '../../../engine/value/compare.ts';
import { writeJson } from '../../../engine/value/json.ts';
import { toPlain } from '../../../engine/value/plain.ts';
import { RegoSet } from '../../../engine/value/set.ts';
import { termText } from '../../../engine/value/text.ts';
import type { Value } from '../../../engine/value/value.ts';
import { assertWritable } from '../../../engine/value/written-parts.ts';

const test = suite('engine/value/written-parts');
const LEVELS = 40;

/** A value that holds one part twice on each of many levels. */
function doubled(wrap: (part: Value) => Value): Value {
  let part: Value = [1];
  for (let level = 0; level < LEVELS; level += 1) part = wrap(part);
  return part;
}

const arrays = (): Value => doubled((part) => [part, part]);

test('keys of values that double with each level stay short, and differ where the values do', () => {
  const [one, other] = [canonicalKey(arrays()), canonicalKey(arrays())];
  assert.is(one, other);
  assert.ok(one.length < 2000);
  assert.is.not(one, canonicalKey(doubled((part) => [part, part, 1])));
  const sets = doubled((part) =>
    RegoSet.from([
      [1, part],
      [2, part],
    ]),
  );
  assert.ok(canonicalKey(sets).length < 2000);
});

test('a value that is too large when it is written is refused before it is', () => {
  for (const write of [writeJson, termText, toPlain, assertWritable])
    assert.throws(
      () => write(arrays()),
      (error: Error) => /more than \d+ parts/.test(error.message),
    );
  assertWritable(Array.from({ length: 1000 }, () => [1, 'a', null]));
});

test.run();
