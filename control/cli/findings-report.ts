/**
 * Findings of `check` and `lint` in the formats of CI systems: text, JSON, SARIF, annotations of GitHub, JUnit. It prints; what is a
 * finding, and what the exit code is, its callers know.
 */
import type { Diagnostic } from '../../lang/diagnostic.ts';
import { renderDiagnostic } from '../../lang/render.ts';
import { positionAt, type Source, type Span } from '../../lang/source.ts';
import { printJson } from './print.ts';
import { type SarifRule, toSarif } from './sarif.ts';

export const FINDING_FORMATS = ['text', 'json', 'sarif', 'github', 'junit'] as const;
export type FindingFormat = (typeof FINDING_FORMATS)[number];

/** What a command found, and what only some of the formats tell. */
export interface FindingsReport {
  readonly command: 'check' | 'lint';
  /** What the list of findings is called in JSON. */
  readonly key: 'diagnostics' | 'findings';
  readonly sources: readonly Source[];
  readonly diagnostics: readonly Diagnostic[];
  /** Every rule that could have been broken. */
  readonly rules: () => readonly SarifRule[];
  /** The last line for a person. */
  readonly summary: () => string;
}

/** Prints what was found. */
export function printFindings(
  { command, key, sources, diagnostics, rules, summary }: FindingsReport,
  format: FindingFormat,
): void {
  switch (format) {
    case 'sarif':
      printJson(toSarif(diagnostics, rules()));
      return;
    case 'json':
      printJson({ files: sources.length, [key]: diagnostics.map(toMessage) });
      return;
    case 'github':
      printAnnotations(diagnostics);
      return;
    case 'junit':
      process.stdout.write(junitOf(command, sources, diagnostics));
      return;
    case 'text':
      printText(diagnostics);
      console.log(summary());
  }
}

/** Every finding as it is shown in a terminal, a blank line after each. */
function printText(diagnostics: readonly Diagnostic[]): void {
  const colour = process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined;
  for (const diagnostic of diagnostics)
    console.log(`${renderDiagnostic(diagnostic, { colour })}\n`);
}

/** One workflow command a line; https://docs.github.com/actions, workflow commands. */
function printAnnotations(diagnostics: readonly Diagnostic[]): void {
  for (const diagnostic of diagnostics) console.log(toAnnotation(diagnostic));
}

/** One test case a file, failing where it has findings. */
function junitOf(
  name: string,
  sources: readonly Source[],
  diagnostics: readonly Diagnostic[],
): string {
  const byFile = Map.groupBy(diagnostics, ({ source }) => source.name);
  const files = [...new Set([...sources.map((source) => source.name), ...byFile.keys()])];
  const cases = files.map((file) => {
    const found = byFile.get(file) ?? [];
    const start = `    <testcase classname="${name}" name="${escapeXml(file)}"`;
    const [first] = found;
    if (first === undefined) return `${start}/>`;
    const text = found.map((one) => renderDiagnostic(one, { colour: false })).join('\n');
    return `${start}>\n      <failure message="${escapeXml(`${first.code}: ${first.message}`)}">${escapeXml(text)}</failure>\n    </testcase>`;
  });
  const counts = `tests="${files.length}" failures="${byFile.size}" errors="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="sallyport" ${counts}>`,
    `  <testsuite name="${name}" ${counts}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** `{code, severity, message, file, start, end, help?, related?}`. */
function toMessage({ source, span, code, severity, message, help, related }: Diagnostic): object {
  return {
    code,
    severity,
    message,
    ...placeOf(source, span),
    ...(help === undefined ? {} : { help }),
    ...(related === undefined
      ? {}
      : {
          related: related.map((place) => ({
            message: place.message,
            ...placeOf(place.source, place.span),
          })),
        }),
  };
}

function placeOf(source: Source, span: Span): object {
  return {
    file: source.name,
    start: positionAt(source, span.start),
    end: positionAt(source, span.end),
  };
}

/** In a workflow command `%` and line ends are escaped and, in properties, `:` and `,`. */
function toAnnotation({ source, span, severity, code, message }: Diagnostic): string {
  const { line, column } = positionAt(source, span.start);
  const escapeData = (text: string): string =>
    text.replace(
      /[%\r\n]/g,
      (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    );
  const property = (text: string): string =>
    escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
  const level = severity === 'error' ? 'error' : 'warning';
  return `::${level} file=${property(source.name)},line=${line},col=${column},title=${property(code)}::${escapeData(message)}`;
}

const XML_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** XML 1.0 has no place for most control characters; they are replaced. */
function escapeXml(text: string): string {
  return text
    .replace(/(?![\t\n])\p{Cc}/gu, '\uFFFD')
    .replace(/[&<>"]/g, (char) => XML_ENTITIES[char] ?? char);
}
