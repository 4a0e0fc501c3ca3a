import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { writeJson } from '../../../engine/value/json.ts';
import { MIN_OVERLAID } from '../../../engine/value/members.ts';
import { RegoObject } from '../../../engine/value/object.ts';

const test = suite('engine/value/members');
const SIZE = 40 * MIN_OVERLAID;

function large(): RegoObject {
  return RegoObject.from(Array.from({ length: SIZE }, (_, index) => [`k${index}`, index] as const));
}

test('a changed copy has the change, and the object it was made from has not', () => {
  const before = large();
  const after = before.with('k5', 'five').with('new', true).without('k6');
  assert.is(after.get('k5'), 'five');
  assert.is(after.get('new'), true);
  assert.is(after.get('k6'), undefined);
  assert.is(after.has('k6'), false);
  assert.is(after.size, SIZE);
  assert.equal([before.get('k5'), before.get('new'), before.get('k6')], [5, undefined, 6]);
  assert.is(before.size, SIZE);
});

test('removing what is not there changes nothing', () => {
  const after = large().without('nobody').without('nobody');
  assert.is(after.size, SIZE);
  assert.is(writeJson(after), writeJson(large()));
});

test('any sequence of changes gives the object that a plain map gives', () => {
  const change = fc.record({
    key: fc.oneof(
      fc.nat({ max: SIZE + 50 }).map((index) => `k${index}`),
      fc.constantFrom<string | number>(1, 2.5, ''),
    ),
    value: fc.option(fc.nat(), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 400 }), (changes) => {
      const model = new Map<string | number, number>(
        Array.from({ length: SIZE }, (_, index) => [`k${index}`, index]),
      );
      let object = large();
      for (const { key, value } of changes) {
        object = value === undefined ? object.without(key) : object.with(key, value);
        if (value === undefined) model.delete(key);
        else model.set(key, value);
      }
      assert.is(object.size, model.size);
      assert.is(writeJson(object), writeJson(RegoObject.from(model)));
      for (const { key } of changes) assert.is(object.get(key), model.get(key));
    }),
    { numRuns: 60 },
  );
});

test.run();
