/** Test results for a terminal: what did not pass, with got and want, and a closing line that counts. */
import { describeError } from '../run/failure.ts';
import type { DefinitionOutcome } from '../trace/outcome.ts';
import { comparisonLines, ruleLines } from '../trace/outcome-text.ts';
import type { CaseResult, TestResult } from './run-tests.ts';

const LABELS = { pass: 'PASS', fail: 'FAIL', error: 'ERROR', todo: 'TODO' } as const;

export interface TextReportOptions {
  /** Tests that pass are listed too. */
  readonly verbose: boolean;
  /** Milliseconds the run took; what the tests took together when left out. */
  readonly elapsedMs?: number;
}

/** The report without a final line break. */
export function textReport(results: readonly TestResult[], options: TextReportOptions): string {
  const lines: string[] = [];
  for (const result of results) {
    if (result.outcome === 'pass' && !options.verbose) continue;
    const isTold = result.outcome === 'fail' || result.outcome === 'error';
    if (isTold && (lines.at(-1) ?? '') !== '') lines.push('');
    lines.push(...resultLines(result));
    if (isTold) lines.push('');
  }
  lines.push(summaryLine(results, options.elapsedMs));
  return lines.join('\n');
}

/** `41 passed, 1 failed in 12 ms`. */
function summaryLine(results: readonly TestResult[], elapsedMs: number | undefined): string {
  const count = (outcome: TestResult['outcome']): number =>
    results.filter((result) => result.outcome === outcome).length;
  const parts = [`${count('pass')} passed`, `${count('fail')} failed`];
  if (count('error') > 0) parts.push(`${count('error')} ended with an error`);
  if (count('todo') > 0) parts.push(`${count('todo')} to do`);
  const total = elapsedMs ?? results.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return `${parts.join(', ')} in ${Math.ceil(total)} ms`;
}

function resultLines(result: TestResult): readonly string[] {
  const { test, outcome, error } = result;
  const lines = [`${LABELS[outcome]}  ${test.package}.${test.name}  (${test.file}:${test.line})`];
  if (error !== undefined) lines.push(`  ${describeError(error)}`);
  if (result.why !== undefined) lines.push(...whyLines(result.why, '  '));
  for (const each of result.cases) lines.push(...caseLines(each));
  if (outcome !== 'todo' && outcome !== 'pass') {
    for (const line of result.output) lines.push(`  printed: ${line}`);
  }
  return lines;
}

function caseLines({ name, outcome, why }: CaseResult): readonly string[] {
  const line = `  ${LABELS[outcome]}  ${name}`;
  return why === undefined ? [line] : [line, ...whyLines(why, '    ')];
}

/** Where a test stopped, and with which values. */
export function whyLines(why: DefinitionOutcome, indent: string): readonly string[] {
  const lines: string[] = [];
  for (const failure of why.failures) {
    lines.push(`${indent}${failure.file}:${failure.line}  ${failure.text}`);
    const [reading] = failure.readings;
    if (reading === undefined) continue;
    lines.push(...comparisonLines(reading, `${indent}  `));
    for (const rule of reading.rules) lines.push(...ruleLines(rule, `${indent}  `));
    if (failure.tries > 1)
      lines.push(`${indent}  tried ${failure.tries} times; the first is shown`);
  }
  return why.message === undefined ? lines : [...lines, `${indent}${why.message}`];
}
