/**
 * A fault in a configuration file: code, place, message and advice, and how it is printed. It is printed like a fault
 * of a policy.
 */
import { renderDiagnostic } from '../../lang/render.ts';
import type { Source, Span } from '../../lang/source.ts';

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

/** The problem as diagnostics of policies are printed, with every secret of its line covered. */
export function renderProblem({ help, ...problem }: ConfigProblem): string {
  const { name, text } = problem.source;
  const source = { name, text: text.split('\n').map(cover).join('\n') };
  const advice = help === undefined ? {} : { help };
  return renderDiagnostic({ ...problem, ...advice, source, severity: 'error' }, { colour: false });
}
