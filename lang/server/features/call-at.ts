/** The call a cursor stands in, read from tokens alone: while a call is typed, its text is no policy yet. */
import { scanTokens } from '../../parse.ts';
import type { Source } from '../../source.ts';
import { adjacent } from '../../syntax/scan.ts';
import {
  Comma,
  Dot,
  Identifier,
  LBrace,
  LBracket,
  LParen,
  RBrace,
  RBracket,
  RParen,
} from '../../syntax/tokens.ts';

export interface CallPlace {
  /** The dotted name that is called. */
  readonly name: string;
  /** Which argument the cursor is in, from 0. */
  readonly argument: number;
}

/** The innermost call around an offset; undefined outside of any. */
export function callAt(source: Source, offset: number): CallPlace | undefined {
  const { tokens } = scanTokens(source);
  let at = tokens.findLastIndex(({ startOffset }) => startOffset < offset);
  let depth = 0;
  let commas = 0;
  for (; at >= 0; at -= 1) {
    const token = tokens[at];
    const type = token?.tokenType;
    if (type === RParen || type === RBracket || type === RBrace) {
      // A closer that the cursor is before closes what it stands in.
      depth += 1;
    } else if (type === LBracket || type === LBrace || type === LParen) {
      if (depth > 0) {
        depth -= 1;
        continue;
      }
      const name = type === LParen ? nameBefore(tokens, at) : undefined;
      if (name !== undefined) return { name, argument: commas };
      commas = 0;
    } else if (type === Comma && depth === 0) commas += 1;
  }
  return undefined;
}

/** The dotted name right before a parenthesis. */
function nameBefore(
  tokens: ReturnType<typeof scanTokens>['tokens'],
  paren: number,
): string | undefined {
  let name = '';
  for (let at = paren - 1; at >= 0; at -= 1) {
    const token = tokens[at];
    const after = tokens[at + 1];
    if (token === undefined || after === undefined || !adjacent(token, after)) break;
    const isWanted = name === '' || name.startsWith('.') ? token.tokenType === Identifier : false;
    const isDot = !name.startsWith('.') && name !== '' && token.tokenType === Dot;
    if (!isWanted && !isDot) break;
    name = token.image + name;
  }
  return name === '' || name.startsWith('.') ? undefined : name;
}
