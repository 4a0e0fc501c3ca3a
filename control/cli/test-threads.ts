/**
 * Runs tests, and where there is much to do shares them among threads. Each thread compiles the same sources and takes the next
 * test that nobody has; results come back in the order of the tests.
 */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { PolicySet } from '../../engine/policy-set.ts';
import type { CoverageRecorder } from '../../engine/testing/coverage.ts';
import { addCounts, type CoverageCounts } from '../../engine/testing/coverage-counts.ts';
import type { PolicyTest } from '../../engine/testing/find-tests.ts';
import { runTest, type TestResult } from '../../engine/testing/run-tests.ts';
import type { PolicyFiles } from '../policies/read-files.ts';

/** Threads a run may have. */
export const MAX_THREADS = 16;
/** A run begins alone for this long, and then knows what a test costs. */
const ALONE_MS = 300;
/** A thread takes about this long to be ready: less work than that is not shared. */
const WORTH_SHARING_MS = 1500;

/** `.ts` where the sources run, `.js` in the published package. */
const ownExtension = extname(import.meta.url);

/** What a thread needs: all of it survives being copied. */
export interface TestThreadData {
  readonly files: PolicyFiles;
  readonly filter: RegExp | undefined;
  readonly measures: boolean;
  /** One 32-bit number: the index of the next test that nobody has taken. */
  readonly next: SharedArrayBuffer;
}

/** What a thread has done when it ends. */
export interface TestThreadReport {
  readonly results: readonly (readonly [index: number, result: Omit<TestResult, 'test'>])[];
  readonly counts: CoverageCounts | undefined;
}

export interface SharedRun {
  readonly policySet: PolicySet;
  readonly tests: readonly PolicyTest[];
  readonly files: PolicyFiles;
  readonly filter: RegExp | undefined;
  readonly recorder: CoverageRecorder | undefined;
  /** The most threads, this one included. */
  readonly threads: number;
  readonly clock: () => number;
  /** Share whatever is left after the first test; for tests of the sharing. */
  readonly always?: boolean;
}

/** Results in the order of the tests. Rejects when a thread ends otherwise than by having run its tests. */
export async function runAll(run: SharedRun): Promise<readonly TestResult[]> {
  const { tests, recorder, clock } = run;
  const results: TestResult[] = [];
  const runOne = (index: number): void => {
    const test = tests[index];
    if (test === undefined) return;
    const watched = recorder === undefined ? { clock } : { clock, tracer: recorder };
    results[index] = runTest(run.policySet, test, watched);
  };
  const started = clock();
  let done = 0;
  while (done < tests.length && !isWorthSharing(run, done, clock() - started)) {
    runOne(done);
    done += 1;
  }
  if (done === tests.length) return results;
  const next = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const counter = new Int32Array(next);
  Atomics.store(counter, 0, done);
  const data: TestThreadData = {
    files: run.files,
    filter: run.filter,
    measures: recorder !== undefined,
    next,
  };
  const others = Array.from({ length: run.threads - 1 }, () => startThread(data));
  for (
    let index = Atomics.add(counter, 0, 1);
    index < tests.length;
    index = Atomics.add(counter, 0, 1)
  )
    runOne(index);
  for (const report of await Promise.all(others)) {
    for (const [index, result] of report.results) {
      const test = tests[index];
      if (test !== undefined) results[index] = { ...result, test };
    }
    if (recorder !== undefined && report.counts !== undefined)
      addCounts(run.policySet, recorder, report.counts);
  }
  return results;
}

function isWorthSharing({ threads, tests, always }: SharedRun, done: number, ms: number): boolean {
  if (threads < 2 || done === 0) return false;
  if (always === true) return true;
  return ms >= ALONE_MS && ((tests.length - done) * ms) / done >= WORTH_SHARING_MS;
}

function startThread(data: TestThreadData): Promise<TestThreadReport> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(`./test-thread${ownExtension}`, import.meta.url), {
      workerData: data,
    });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`a thread of the test run ended with ${code}`)));
  });
}
