import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeFullRounds, makeRounds } from '../../../lang/check/rounds.ts';

const test = suite('lang/check/rounds');

test('all places are tried once, in order, when nothing wakes them', () => {
  const rounds = makeRounds(4);
  assert.equal(
    [0, 1, 2, 3, undefined].map(() => rounds.next()),
    [0, 1, 2, 3, undefined],
  );
});

test('a place behind is tried in the next round, a place ahead in this one', () => {
  const rounds = makeRounds(3);
  const tried: (number | undefined)[] = [rounds.next(), rounds.next(), rounds.next()];
  rounds.wake(2);
  rounds.wake(0);
  tried.push(rounds.next());
  rounds.wake(1);
  tried.push(rounds.next(), rounds.next(), rounds.next());
  assert.equal(tried, [0, 1, 2, 0, 1, 2, undefined]);
});

test('full rounds try every place again as long as any place is woken', () => {
  const rounds = makeFullRounds(2);
  const tried: (number | undefined)[] = [rounds.next(), rounds.next()];
  rounds.wake(1);
  tried.push(rounds.next(), rounds.next(), rounds.next());
  assert.equal(tried, [0, 1, 0, 1, undefined]);
});

test('dependencies are placed in the order that trying everything every round gives', () => {
  void fc.assert(
    fc.property(fc.array(fc.array(fc.nat(11), { maxLength: 3 }), { maxLength: 12 }), (needs) => {
      assert.equal(placeByRounds(needs), placeByTryingAll(needs));
    }),
  );
});

function placeByTryingAll(needs: readonly (readonly number[])[]): readonly number[] {
  const placed: number[] = [];
  for (let before = -1; before !== placed.length; ) {
    before = placed.length;
    for (const [at, needed] of needs.entries())
      if (!placed.includes(at) && needed.every((need) => placed.includes(need))) placed.push(at);
  }
  return placed;
}

function placeByRounds(needs: readonly (readonly number[])[]): readonly number[] {
  const placed: number[] = [];
  const rounds = makeRounds(needs.length);
  for (let at = rounds.next(); at !== undefined; at = rounds.next()) {
    const done = at;
    if (placed.includes(at) || !needs[at]?.every((need) => placed.includes(need))) continue;
    placed.push(at);
    for (const [other, needed] of needs.entries()) if (needed.includes(done)) rounds.wake(other);
  }
  return placed;
}

test.run();
