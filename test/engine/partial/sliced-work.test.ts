import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SlicedWork } from '../../../engine/partial/sliced-work.ts';

const test = suite('engine/partial/sliced-work');

/** Sliced work on a clock that goes on by a millisecond with each step of it. */
function newWork() {
  const slices: (() => void)[] = [];
  const state = { now: 0 };
  const work = new SlicedWork(
    (slice) => void slices.push(slice),
    () => state.now,
  );
  const seen: string[] = [];
  function* steps(name: string, count: number): Generator<undefined, void, undefined> {
    for (let at = 0; at < count; at += 1) {
      state.now += 1;
      seen.push(`${name}${at}`);
      yield undefined;
    }
  }
  return { work, slices, state, seen, steps };
}

test('pieces are done one after the other, five milliseconds at a time', () => {
  const { work, slices, seen, steps } = newWork();
  work.add(steps('a', 7), () => assert.unreachable());
  work.add(steps('b', 2), () => assert.unreachable());
  assert.equal([slices.length, seen.length, work.waiting], [1, 0, 2]);
  slices.shift()?.();
  assert.equal([slices.length, seen.at(-1)], [1, 'a4']);
  slices.shift()?.();
  assert.equal([seen.at(-1), work.waiting], ['a6', 1]);
  slices.shift()?.();
  assert.equal([seen.at(-1), work.waiting, slices.length], ['b1', 0, 0]);
});

test('the time between slices does not count as worked', () => {
  const { work, slices, state, steps } = newWork();
  work.add(steps('a', 9), () => assert.unreachable());
  slices.shift()?.();
  assert.is(work.worked(), 5);
  state.now += 1_000;
  assert.is(work.worked(), 5);
  slices.shift()?.();
  assert.is(work.worked(), 9);
});

test('a piece that fails is told so, and the next is begun', () => {
  const { work, slices, seen, steps } = newWork();
  const faults: unknown[] = [];
  // biome-ignore lint/correctness/useYield: it fails before it rests
  function* broken(): Generator<undefined, void, undefined> {
    throw new Error('broken');
  }
  work.add(broken(), (cause) => void faults.push(cause));
  work.add(steps('b', 1), () => assert.unreachable());
  while (slices.length > 0) slices.shift()?.();
  assert.is(faults.length, 1);
  assert.equal(seen, ['b0']);
});

test.run();
