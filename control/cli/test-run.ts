/**
 * One run of policy tests for the command line: reads, compiles, runs, reports. Output goes to standard output, except where that
 * is taken by another report.
 */
import { writeFileSync } from 'node:fs';
import type { PolicySet } from '../../engine/policy-set.ts';
import { type BenchResult, benchTest } from '../../engine/testing/bench-tests.ts';
import {
  type Coverage,
  CoverageRecorder,
  measureCoverage,
  percentOf,
} from '../../engine/testing/coverage.ts';
import { coverageHtml } from '../../engine/testing/coverage-html.ts';
import { coverageJson, coverageLcov, coverageText } from '../../engine/testing/coverage-report.ts';
import { findTests } from '../../engine/testing/find-tests.ts';
import { jsonReport } from '../../engine/testing/report-json.ts';
import { junitReport } from '../../engine/testing/report-junit.ts';
import { textReport } from '../../engine/testing/report-text.ts';
import type { TestResult } from '../../engine/testing/run-tests.ts';
import { ControlError } from '../error.ts';
import { type PolicyFiles, readPolicyFiles } from '../policies/read-files.ts';
import { compileTests } from './compile-tests.ts';
import { formatTable, harmless, printJson } from './print.ts';
import { runAll } from './test-threads.ts';

export const TEST_FORMATS = ['text', 'json', 'junit'] as const;
export type TestFormat = (typeof TEST_FORMATS)[number];

export const COVERAGE_FORMATS = ['text', 'json', 'lcov', 'html'] as const;
export type CoverageFormat = (typeof COVERAGE_FORMATS)[number];

/** Where coverage goes that is not for reading in a terminal. */
const COVERAGE_FILES = { json: 'coverage.json', lcov: 'coverage.lcov', html: 'coverage.html' };

export interface TestRunOptions {
  readonly paths: readonly string[];
  readonly filter: RegExp | undefined;
  readonly format: TestFormat;
  /** Each is written to a place of its own. */
  readonly coverage: readonly CoverageFormat[];
  readonly output: string | undefined;
  readonly threshold: number | undefined;
  readonly bench: boolean;
  /** The most threads to run tests on. */
  readonly threads: number;
  readonly verbose: boolean;
}

/** True when every test passed and enough is covered. Throws `policy/invalid` when the files do not compile. */
export async function runPolicyTests(options: TestRunOptions): Promise<boolean> {
  const files = readPolicyFiles(options.paths, undefined, 'tests');
  const { policySet, close } = await compileTests(files);
  try {
    return await runCompiled(policySet, files, options);
  } finally {
    await close();
  }
}

async function runCompiled(
  policySet: PolicySet,
  files: PolicyFiles,
  options: TestRunOptions,
): Promise<boolean> {
  const clock = performance.now.bind(performance);
  const { filter, threads } = options;
  const tests = findTests(policySet, filter);
  if (tests.length === 0) {
    throw new ControlError('usage/invalid', 'there are no tests to run', {
      hint: 'a test is a rule whose name starts with test_, in a file such as access_test.policy',
    });
  }
  const measures = options.coverage.length > 0 || options.threshold !== undefined;
  const recorder = measures ? new CoverageRecorder() : undefined;
  const started = clock();
  const results = await runAll({ policySet, tests, files, filter, recorder, threads, clock });
  const elapsedMs = clock() - started;
  const isPolicy = new Set(files.policies);
  const coverage =
    recorder && measureCoverage(policySet, recorder, (source) => isPolicy.has(source));
  const speeds = options.bench ? measureSpeeds(policySet, results, clock) : undefined;
  printResults(results, coverage, speeds, { ...options, elapsedMs });
  if (coverage !== undefined) reportCoverage(coverage, options);
  const failed = results.some(({ outcome }) => outcome === 'fail' || outcome === 'error');
  return !failed && !isBelow(coverage, options);
}

function printResults(
  results: readonly TestResult[],
  coverage: Coverage | undefined,
  speeds: readonly BenchResult[] | undefined,
  options: TestRunOptions & { readonly elapsedMs: number },
): void {
  switch (options.format) {
    case 'text':
      console.log(harmless(textReport(results, options)));
      if (speeds !== undefined) console.log(speedTable(speeds));
      return;
    case 'json':
      printJson({
        tests: jsonReport(results),
        ...(coverage === undefined ? {} : { coverage: coverageJson(coverage) }),
        ...(speeds === undefined ? {} : { bench: speeds.map(speedJson) }),
      });
      return;
    case 'junit':
      process.stdout.write(junitReport(results));
      // JUnit has no place for it.
      if (speeds !== undefined) console.error(speedTable(speeds));
  }
}

function reportCoverage(coverage: Coverage, options: TestRunOptions): void {
  for (const format of options.coverage)
    if (format === 'text' && options.output === undefined) {
      const text = `\n${harmless(coverageText(coverage))}`;
      if (options.format === 'text') console.log(text);
      else console.error(text);
    } else {
      const file = options.output ?? (format === 'text' ? 'coverage.txt' : COVERAGE_FILES[format]);
      writeReport(file, coverageIn(format, coverage));
      console.error(`coverage ${percentOf(coverage.expressions)} % written to ${file}`);
    }
  if (isBelow(coverage, options)) {
    const percent = percentOf(coverage.expressions);
    console.error(`coverage ${percent} % is below the threshold of ${options.threshold} %`);
  }
}

function coverageIn(format: CoverageFormat, coverage: Coverage): string {
  switch (format) {
    case 'text':
      return `${coverageText(coverage)}\n`;
    case 'json':
      return `${JSON.stringify(coverageJson(coverage), undefined, 2)}\n`;
    case 'lcov':
      return coverageLcov(coverage);
    case 'html':
      return coverageHtml(coverage);
  }
}

function writeReport(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new ControlError('usage/invalid', `the coverage cannot be written to ${file}`, {
      cause,
      hint: 'choose another file with --output',
    });
  }
}

function isBelow(coverage: Coverage | undefined, { threshold }: TestRunOptions): boolean {
  if (coverage === undefined || threshold === undefined) return false;
  return percentOf(coverage.expressions) < threshold;
}

function measureSpeeds(
  policySet: PolicySet,
  results: readonly TestResult[],
  clock: () => number,
): readonly BenchResult[] {
  return results
    .filter(({ outcome }) => outcome === 'pass')
    .map(({ test }) => benchTest(policySet, test, clock));
}

function speedTable(speeds: readonly BenchResult[]): string {
  const rows = speeds.map(({ test, perSecond }) => [
    `${perSecond}`,
    (1e6 / perSecond).toFixed(1),
    `${test.package}.${test.name}`,
  ]);
  return `\n${formatTable(['per second', 'µs', 'test'], rows).join('\n')}`;
}

function speedJson({ test, evaluations, perSecond }: BenchResult): object {
  return { package: test.package, name: test.name, evaluations, per_second: perSecond };
}
