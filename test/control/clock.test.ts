/**
 * The clock counts nanoseconds between two looks and follows the wall clock when that is corrected.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createClock } from '../../control/clock.ts';

const clocks = suite('control/clock');

function newSources() {
  const state = { wallMs: 1_000_000, monotonicNs: 7n };
  return {
    state,
    sources: { wallMs: () => state.wallMs, monotonicNs: () => state.monotonicNs },
  };
}

clocks('it begins at the wall clock and counts nanoseconds', () => {
  const { state, sources } = newSources();
  const clock = createClock(sources);
  assert.is(clock.nowNs(), 1_000_000_000_000n);
  state.monotonicNs += 123n;
  assert.is(clock.nowNs(), 1_000_000_000_123n);
});

clocks('a correction of the wall clock is followed, forwards and back', () => {
  const { state, sources } = newSources();
  const clock = createClock(sources);
  state.wallMs += 3_600_000;
  assert.is(clock.nowNs(), BigInt(state.wallMs) * 1_000_000n);
  state.wallMs -= 7_200_000;
  assert.is(clock.nowNs(), BigInt(state.wallMs) * 1_000_000n);
  state.monotonicNs += 5n;
  assert.is(clock.nowNs(), BigInt(state.wallMs) * 1_000_000n + 5n);
});

clocks('the grain of the wall clock is no correction', () => {
  const { state, sources } = newSources();
  const clock = createClock(sources);
  state.monotonicNs += 999_999n;
  assert.is(clock.nowNs(), 1_000_000_999_999n);
  state.wallMs += 1;
  state.monotonicNs += 2n;
  assert.is(clock.nowNs(), 1_000_001_000_001n);
});

clocks.run();
