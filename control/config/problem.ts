/**
 * A fault in a configuration file: code, place, message and advice, and how it is printed. Offsets are UTF-16; line and column
 * are computed when it is printed, by the same function that policies use.
 */
import { positionAt, type Source, type Span } from '../../lang/source.ts';

export type ConfigProblemCode =
  | 'config/syntax'
  | 'config/unknown-key'
  | 'config/missing-key'
  | 'config/wrong-type'
  | 'config/wrong-value'
  | 'config/out-of-range'
  | 'config/duplicate'
  | 'config/secret-missing'
  | 'config/too-large';

export interface ConfigProblem {
  readonly code: ConfigProblemCode;
  /** One lower-case clause, user text in back-ticks. */
  readonly message: string;
  readonly source: Source;
  readonly span: Span;
  readonly help: string | undefined;
}

/** Widest part of a line that an excerpt shows. */
const EXCERPT_WIDTH = 160;

/** What stands after a key that takes a secret, and the user part of an address; references such as `${env:NAME}` are none. */
const SECRETS = [
  /(?<=\b(?:password|value)["']?\s*:\s*)(?!\s|["']?\$\{)(?:"(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,}\]]+)/gi,
  /(?<=:\/\/)[^\s/@"']+(?=@)/g,
];

/** The line with every secret in it covered, as long as before. */
function cover(line: string): string {
  return SECRETS.reduce(
    (text, secret) => text.replace(secret, (found) => '*'.repeat(found.length)),
    line,
  );
}

/** Code and message, `file:line:column`, the line with carets under the span, and the advice. */
export function renderProblem(problem: ConfigProblem): string {
  const { source, span } = problem;
  const { line, column } = positionAt(source, span.start);
  const text = cover((source.text.split('\n')[line - 1] ?? '').replace(/\r$/, '')).slice(
    0,
    EXCERPT_WIDTH,
  );
  const width = Math.max(1, Math.min(span.end - span.start, text.length - column + 1));
  const gutter = String(line);
  const blank = ' '.repeat(gutter.length);
  return [
    `error[${problem.code}]: ${problem.message}`,
    `${blank} --> ${source.name}:${line}:${column}`,
    `${blank} |`,
    `${gutter} | ${text}`,
    `${blank} | ${' '.repeat(column - 1)}${'^'.repeat(width)}`,
    ...(problem.help === undefined ? [] : [`${blank} = help: ${problem.help}`]),
  ].join('\n');
}
