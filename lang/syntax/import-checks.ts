/**
 * What an import may name: documents, and the switches of the language under `rego` and `future`.
 */
import type { Var } from '../ast/nodes.ts';
import { KEYWORDS } from './tokens.ts';

/** A fault of an import, with advice. */
export interface ImportFault {
  readonly message: string;
  readonly help?: string;
}

/** Words `future.keywords` knows: those Rego v1 already has, and those it makes keywords. */
const FUTURE_KEYWORDS: ReadonlySet<string> = new Set([
  'in',
  'every',
  'contains',
  'if',
  'not',
  'and',
  'or',
]);

/** The fault of an import path, or undefined. */
export function importFault(
  path: readonly string[],
  alias: Var | undefined,
): ImportFault | undefined {
  const [root = '', second, third] = path;
  switch (root) {
    case 'data':
    case 'input': {
      const last = path.at(-1) ?? '';
      if (alias !== undefined || path.length === 1 || !KEYWORDS.has(last)) return undefined;
      return {
        message: `the keyword \`${last}\` cannot name an import`,
        help: 'give it another name with `as`',
      };
    }
    case 'future':
      return futureFault(path, alias);
    case 'rego':
      if (second === 'v1' && third === undefined) return undefined;
      return {
        message: `\`${path.join('.')}\` cannot be imported`,
        help: 'the only import under `rego` is `rego.v1`',
      };
    default:
      return {
        message: `\`${root}\` cannot be imported`,
        help: 'an import begins with `data` or `input`',
      };
  }
}

function futureFault(path: readonly string[], alias: Var | undefined): ImportFault | undefined {
  const keyword = path[2];
  const known = `the keywords are ${[...FUTURE_KEYWORDS].map((word) => `\`${word}\``).join(', ')}`;
  if (
    path[1] !== 'keywords' ||
    path.length > 3 ||
    (keyword !== undefined && !FUTURE_KEYWORDS.has(keyword))
  ) {
    return { message: `\`${path.join('.')}\` cannot be imported`, help: known };
  }
  if (alias === undefined) return undefined;
  return { message: 'a keyword cannot be given another name', help: 'leave out `as`' };
}
