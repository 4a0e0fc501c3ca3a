/** Test results as plain data for programs. */
import type { TestResult } from './run-tests.ts';

/** One member per test; `why` is the outcome of the test's definition, with got and want under `readings`. */
export function jsonReport(results: readonly TestResult[]): readonly object[] {
  return results.map(({ test, outcome, durationMs, output, why, cases, error }) => ({
    package: test.package,
    name: test.name,
    file: test.file,
    line: test.line,
    outcome,
    duration_ms: Math.round(durationMs * 1000) / 1000,
    ...(output.length === 0 ? {} : { output }),
    ...(why === undefined ? {} : { why }),
    ...(cases.length === 0 ? {} : { cases }),
    ...(error === undefined ? {} : { error }),
  }));
}
