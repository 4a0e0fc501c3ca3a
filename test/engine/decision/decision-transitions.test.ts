import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Transitions } from '../../../engine/decision/decision-transitions.ts';

const test = suite('engine/decision-transitions');

/** Neighbouring numbers, as states and blocks are. */
const PAIRS = Array.from({ length: 3_000 }, (_, at) => ({
  state: 1 + (at % 50),
  holds: 8 * (1 + Math.floor(at / 50)) + 1,
  next: at + 1,
}));

test('every transition is found again, however many there are', () => {
  const transitions = new Transitions();
  for (const { state, holds, next } of PAIRS) transitions.set(state, holds, next);
  for (const { state, holds, next } of PAIRS) assert.is(transitions.get(state, holds), next);
});

test('what was not set leads nowhere', () => {
  const transitions = new Transitions();
  assert.is(transitions.get(1, 9), 0);
  for (const { state, holds, next } of PAIRS) transitions.set(state, holds, next);
  assert.is(transitions.get(51, 9), 0);
  assert.is(transitions.get(1, 10), 0);
});

test('nothing is known after it was cleared', () => {
  const transitions = new Transitions();
  transitions.set(1, 9, 2);
  transitions.clear();
  assert.is(transitions.get(1, 9), 0);
});

test.run();
