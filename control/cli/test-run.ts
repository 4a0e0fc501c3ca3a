/**
 * One run of policy tests for the command line: reads, compiles, runs, reports. Output goes to standard output, except where that
 * is taken by another report.
 */
import { writeFileSync } from 'node:fs';
import { compilePolicies, type PolicySet } from '../../engine/policy-set.ts';
import { benchTest } from '../../engine/testing/bench-tests.ts';
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
import { runTest, type TestResult } from '../../engine/testing/run-tests.ts';
import { ControlError } from '../error.ts';
import { renderAll } from '../policies/compile.ts';
import { type PolicyFiles, readPolicyFiles } from '../policies/read-files.ts';
import { formatTable, harmless, printJson } from './print.ts';
import { createScenarioBuiltins, type ScenarioBuiltins } from './scenario-builtins.ts';

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
  readonly coverage: CoverageFormat | undefined;
  readonly output: string | undefined;
  readonly threshold: number | undefined;
  readonly bench: boolean;
  readonly verbose: boolean;
}

/** True when every test passed and enough is covered. Throws `policy/invalid` when the files do not compile. */
export async function runPolicyTests(options: TestRunOptions): Promise<boolean> {
  const files = readPolicyFiles(options.paths);
  const scenario = createScenarioBuiltins();
  try {
    const policySet = compileTests(files, scenario);
    if (usesScenarios(files)) await scenario.prepare();
    return runCompiled(policySet, files, options);
  } finally {
    await scenario.close();
  }
}

function compileTests(files: PolicyFiles, scenario: ScenarioBuiltins): PolicySet {
  const { policySet, diagnostics } = compilePolicies(
    { policies: [...files.policies, ...files.tests], data: files.data },
    { allowMocked: true, inputSchema: 'contract', builtins: scenario.builtins },
  );
  if (policySet !== undefined) return policySet;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  throw new ControlError('policy/invalid', 'the policies and their tests do not compile', {
    details: renderAll(errors),
  });
}

/** Loading the SQL grammar takes longer than most test runs. */
function usesScenarios(files: PolicyFiles): boolean {
  return [...files.policies, ...files.tests].some(({ text }) => text.includes('sallyport.action.'));
}

function runCompiled(policySet: PolicySet, files: PolicyFiles, options: TestRunOptions): boolean {
  const clock = performance.now.bind(performance);
  const tests = findTests(policySet, options.filter);
  if (tests.length === 0) {
    throw new ControlError('usage/invalid', 'there are no tests to run', {
      hint: 'a test is a rule whose name starts with test_, in a file such as access_test.policy',
    });
  }
  const measures = options.coverage !== undefined || options.threshold !== undefined;
  const recorder = measures ? new CoverageRecorder() : undefined;
  const results = tests.map((test) =>
    runTest(policySet, test, { clock, ...(recorder === undefined ? {} : { tracer: recorder }) }),
  );
  const isPolicy = new Set(files.policies);
  const coverage =
    recorder && measureCoverage(policySet, recorder, (source) => isPolicy.has(source));
  printResults(results, coverage, options);
  if (coverage !== undefined) reportCoverage(coverage, options);
  if (options.bench) printBench(policySet, results, clock);
  const failed = results.some(({ outcome }) => outcome === 'fail' || outcome === 'error');
  return !failed && !isBelow(coverage, options);
}

function printResults(
  results: readonly TestResult[],
  coverage: Coverage | undefined,
  options: TestRunOptions,
): void {
  switch (options.format) {
    case 'text':
      console.log(harmless(textReport(results, options)));
      return;
    case 'json':
      printJson({
        tests: jsonReport(results),
        ...(coverage === undefined ? {} : { coverage: coverageJson(coverage) }),
      });
      return;
    case 'junit':
      process.stdout.write(junitReport(results));
  }
}

function reportCoverage(coverage: Coverage, options: TestRunOptions): void {
  const format = options.coverage;
  if (format === 'text' && options.output === undefined) {
    const text = `\n${harmless(coverageText(coverage))}`;
    if (options.format === 'text') console.log(text);
    else console.error(text);
  } else if (format !== undefined) {
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

function printBench(
  policySet: PolicySet,
  results: readonly TestResult[],
  clock: () => number,
): void {
  const rows = results
    .filter(({ outcome }) => outcome === 'pass')
    .map(({ test }) => {
      const { perSecond } = benchTest(policySet, test, clock);
      const name = `${test.package}.${test.name}`;
      return [`${perSecond}`, `${(1e6 / perSecond).toFixed(1)}`, name];
    });
  console.log(`\n${formatTable(['per second', 'µs', 'test'], rows).join('\n')}`);
}
