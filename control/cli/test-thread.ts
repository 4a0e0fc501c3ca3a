/**
 * A thread of a test run: compiles the sources it is given, runs tests nobody else has taken, and reports once at its end.
 * It is started by test-threads.ts and by nothing else.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { CoverageRecorder } from '../../engine/testing/coverage.ts';
import { countsOf } from '../../engine/testing/coverage-counts.ts';
import { findTests } from '../../engine/testing/find-tests.ts';
import { runTest } from '../../engine/testing/run-tests.ts';
import { compileTests } from './compile-tests.ts';
import type { TestThreadData, TestThreadReport } from './test-threads.ts';

// The one sender is typed; a thread's data has no type of its own.
const { files, filter, measures, next } = workerData as TestThreadData;
const clock = performance.now.bind(performance);
const { policySet, close } = await compileTests(files);
const tests = findTests(policySet, filter);
const recorder = measures ? new CoverageRecorder() : undefined;
const counter = new Int32Array(next);
const results: TestThreadReport['results'][number][] = [];
for (
  let index = Atomics.add(counter, 0, 1);
  index < tests.length;
  index = Atomics.add(counter, 0, 1)
) {
  const test = tests[index];
  if (test === undefined) break;
  const watched = recorder === undefined ? { clock } : { clock, tracer: recorder };
  // A test holds the tree of its rule; whoever asked has it already.
  const { test: _own, ...result } = runTest(policySet, test, watched);
  results.push([index, result]);
}
await close();
const counts = recorder && countsOf(policySet, recorder);
const report: TestThreadReport = { results, counts };
parentPort?.postMessage(report);
