/** How fast tests run: each is repeated for a while, one evaluation after the other, after a warm-up that is not counted. */

import type { PolicySet } from '../policy-set.ts';
import type { MonotonicClock } from '../run/limits.ts';
import type { PolicyTest } from './find-tests.ts';
import { evaluateTest } from './run-tests.ts';

/** Milliseconds one test is repeated for. */
const MEASURED_MS = 300;
/** Evaluations before the clock starts: the first ones are compiled while they run. */
const WARM_UP = 50;

export interface BenchResult {
  readonly test: PolicyTest;
  readonly evaluations: number;
  readonly perSecond: number;
}

/** Measures one test that passes. Throws what its evaluation throws. */
export function benchTest(
  policySet: PolicySet,
  test: PolicyTest,
  clock: MonotonicClock,
): BenchResult {
  const once = (): unknown => evaluateTest(policySet, test.rule, undefined, { clock });
  for (let count = 0; count < WARM_UP; count += 1) once();
  const started = clock();
  let evaluations = 0;
  let elapsed = 0;
  while (elapsed < MEASURED_MS) {
    once();
    evaluations += 1;
    elapsed = clock() - started;
  }
  return { test, evaluations, perSecond: Math.round((evaluations * 1000) / elapsed) };
}
