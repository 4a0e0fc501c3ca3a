/**
 * A diagnostic as text for a person: place, code, message, the line with the fault underlined, help and related places.
 *
 * ```text
 * access.policy:4:7: error: expected an expression, found `}` [parse/unexpected-token]
 *   4 |   x ==
 *     |       ^
 *   help: ...
 * ```
 * It must not read files: the source travels in the diagnostic. Text of the source is shown harmless: control characters,
 * which could drive a terminal, are replaced.
 */
import type { Diagnostic, Severity } from './diagnostic.ts';
import { positionAt, type Source, type Span } from './source.ts';

/** Columns of source shown at most; a longer line is cut around the fault. */
const MAX_EXCERPT = 100;
/** Columns shown before the fault where the line is cut. */
const LEAD = 30;
/** Columns a tab takes in the excerpt. */
const TAB = '    ';

export interface RenderOptions {
  /** ANSI colours; off for files, pipes and tests. */
  readonly colour: boolean;
}

type Paint = (text: string) => string;
const CODES: Readonly<Record<Severity | 'dim' | 'bold', string>> = {
  error: '31',
  warning: '33',
  info: '36',
  dim: '2',
  bold: '1',
};

/** A fault as it is printed: that of a policy, or of another text with codes of its own. */
export interface Rendered extends Omit<Diagnostic, 'code'> {
  readonly code: string;
}

/** The diagnostic as several lines without a final line break. */
export function renderDiagnostic(diagnostic: Rendered, { colour }: RenderOptions): string {
  const paint =
    (style: keyof typeof CODES): Paint =>
    (text) =>
      colour ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text;
  const { severity, code, source, span, message, help, related } = diagnostic;
  const mark = paint(severity);
  const lines = [
    `${paint('bold')(place(source, span))}: ${mark(severity)}: ${harmless(message)} ${paint('dim')(`[${code}]`)}`,
    ...excerpt(source, span, mark, paint('dim')),
  ];
  if (help !== undefined) lines.push(`  ${paint('bold')('help')}: ${harmless(help)}`);
  for (const other of related ?? []) {
    lines.push(`  ${paint('bold')(place(other.source, other.span))}: ${harmless(other.message)}`);
    lines.push(...excerpt(other.source, other.span, paint('info'), paint('dim')));
  }
  return lines.join('\n');
}

function place(source: Source, span: Span): string {
  const { line, column } = positionAt(source, span.start);
  return `${harmless(source.name)}:${line}:${column}`;
}

/** The line of the fault with the fault underlined; a span over several lines is underlined to the end of its first. */
function excerpt(source: Source, span: Span, mark: Paint, dim: Paint): readonly string[] {
  const { text } = source;
  const start = Math.min(Math.max(span.start, 0), text.length);
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineBreak = text.indexOf('\n', start);
  const lineEnd = lineBreak === -1 ? text.length : lineBreak;
  const stop = Math.max(Math.min(span.end, lineEnd), start);
  const from = start - lineStart <= MAX_EXCERPT / 2 ? lineStart : start - LEAD;
  const to = Math.min(lineEnd, from + MAX_EXCERPT);
  const before = (from > lineStart ? '...' : '') + shown(text.slice(from, start));
  const underlined = shown(text.slice(start, Math.min(stop, to)));
  const after = shown(text.slice(Math.min(stop, to), to)) + (to < lineEnd ? '...' : '');
  const number = String(positionAt(source, start).line);
  const margin = ' '.repeat(number.length);
  const carets = '^'.repeat(Math.max(1, [...underlined].length));
  return [
    `  ${dim(`${number} |`)} ${`${before}${underlined}${after}`.trimEnd()}`,
    `  ${dim(`${margin} |`)} ${' '.repeat([...before].length)}${mark(carets)}`,
  ];
}

function shown(text: string): string {
  return harmless(text.replaceAll('\t', TAB));
}

/** Control and direction characters, which could forge what a terminal shows, become a visible stand-in. */
function harmless(text: string): string {
  return text.replace(/[\p{Cc}\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/gu, '\uFFFD');
}
