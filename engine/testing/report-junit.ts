/** Test results as JUnit XML, the form CI servers read: a suite per file, a case per test and per case of a test. */
import { describeError } from '../run/failure.ts';
import { whyLines } from './report-text.ts';
import { describeFailure, type TestResult } from './run-tests.ts';

/** Characters XML 1.0 cannot hold, also not escaped. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** The whole document. */
export function junitReport(results: readonly TestResult[]): string {
  const byFile = Map.groupBy(results, ({ test }) => test.file);
  const suites = [...byFile].map(([file, own]) => suiteElement(file, own));
  const counts = countAttributes(results);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="sallyport" ${counts}>`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteElement(file: string, results: readonly TestResult[]): string {
  const cases = results.flatMap(caseElements);
  return [
    `  <testsuite name="${xmlText(file)}" ${countAttributes(results)}>`,
    ...cases,
    '  </testsuite>',
  ].join('\n');
}

function countAttributes(results: readonly TestResult[]): string {
  const all = results.flatMap(({ cases, outcome }) =>
    cases.length > 0 ? cases.map((each) => each.outcome) : [outcome],
  );
  const count = (outcome: string): number => all.filter((each) => each === outcome).length;
  const time = seconds(results.reduce((sum, { durationMs }) => sum + durationMs, 0));
  return `tests="${all.length}" failures="${count('fail')}" errors="${count('error')}" skipped="${count('todo')}" time="${time}"`;
}

function caseElements(result: TestResult): readonly string[] {
  const { test, cases } = result;
  if (cases.length === 0) return [element(result, test.name, bodyOf(result))];
  return cases.map(({ name, why }) => {
    const body =
      why === undefined
        ? ''
        : tag('failure', why.failures[0]?.readings[0]?.says, whyLines(why, ''));
    return element(result, `${test.name}/${name}`, body);
  });
}

function element({ test, durationMs, output }: TestResult, name: string, body: string): string {
  const printed =
    output.length === 0 ? '' : `<system-out>${xmlText(output.join('\n'))}</system-out>`;
  const attributes = `classname="${xmlText(test.package)}" name="${xmlText(name)}" file="${xmlText(test.file)}" line="${test.line}" time="${seconds(durationMs)}"`;
  const inner = `${body}${printed}`;
  return inner === ''
    ? `    <testcase ${attributes}/>`
    : `    <testcase ${attributes}>${inner}</testcase>`;
}

function bodyOf(result: TestResult): string {
  switch (result.outcome) {
    case 'pass':
      return '';
    case 'todo':
      return '<skipped/>';
    case 'error':
      return tag(
        'error',
        describeFailure(result),
        result.error ? [describeError(result.error)] : [],
      );
    case 'fail':
      return tag('failure', describeFailure(result), result.why ? whyLines(result.why, '') : []);
  }
}

function tag(name: string, message: string | undefined, lines: readonly string[]): string {
  return `<${name} message="${xmlText(message ?? '')}">${xmlText(lines.join('\n'))}</${name}>`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function xmlText(text: string): string {
  return text
    .replace(FORBIDDEN, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
