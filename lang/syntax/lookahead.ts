/**
 * The decisions of Rego's grammar that need more than one token: where a comprehension's bar is, whether braces hold a body
 * or a value, whether a comma belongs to `k, v in xs`. Each reads tokens ahead without parsing, jumping over bracket pairs,
 * so that the grammar itself stays free of backtracking.
 *
 * OPA's parser tries one reading and falls back to the other; the answers here are the readings it ends with.
 */
import type { IToken, TokenType } from 'chevrotain';
import { adjacent, type TokenStream } from './scan.ts';
import {
  And,
  Assign,
  Bar,
  Colon,
  Comma,
  Contains,
  Dot,
  Equal,
  Every,
  False,
  Identifier,
  In,
  InfixOperator,
  isKeyword,
  LBrace,
  LBracket,
  LParen,
  Minus,
  Not,
  Null,
  NumberText,
  Or,
  RawStringText,
  RawTemplateStart,
  RBrace,
  RBracket,
  RParen,
  Semicolon,
  Some,
  StringText,
  TemplateEnd,
  TemplateStart,
  True,
  WithKeyword,
} from './tokens.ts';

const ATOMS: ReadonlySet<TokenType> = new Set([
  Identifier,
  Contains,
  NumberText,
  StringText,
  RawStringText,
  True,
  False,
  Null,
]);
const CLOSERS: ReadonlySet<TokenType> = new Set([RBrace, RBracket, RParen, TemplateEnd]);
const OPENERS: ReadonlySet<TokenType> = new Set([
  LBrace,
  LBracket,
  LParen,
  TemplateStart,
  RawTemplateStart,
]);

function typeAt(stream: TokenStream, index: number): TokenType | undefined {
  return stream.tokens[index]?.tokenType;
}

function isInfix(type: TokenType | undefined): boolean {
  return type?.CATEGORIES?.includes(InfixOperator) === true;
}

/** Index just past the term that starts at `index`, or -1 where none does. */
export function skipTerm(stream: TokenStream, index: number): number {
  let at = index;
  if (typeAt(stream, at) === Minus) at += 1;
  if (typeAt(stream, at) === Dot) at += 1;
  const first = stream.tokens[at];
  if (first === undefined) return -1;
  const isCall = (first.tokenType === And || first.tokenType === Or) && touches(stream, at, LParen);
  if (OPENERS.has(first.tokenType)) {
    const end = stream.partner[at] ?? -1;
    if (end === -1) return -1;
    at = end + 1;
  } else if (ATOMS.has(first.tokenType) || isCall) {
    at += 1;
  } else {
    return -1;
  }
  return skipSuffixes(stream, at);
}

function skipSuffixes(stream: TokenStream, from: number): number {
  let at = from;
  for (;;) {
    const previous = stream.tokens[at - 1];
    const token = stream.tokens[at];
    if (previous === undefined || token === undefined || !adjacent(previous, token)) return at;
    if (token.tokenType === Dot) {
      at += 2;
    } else if (token.tokenType === LBracket || token.tokenType === LParen) {
      const end = stream.partner[at] ?? -1;
      if (end === -1) return at;
      at = end + 1;
    } else {
      return at;
    }
  }
}

/** Index just past the infix expression that starts at `index`, or -1. */
export function skipInfix(stream: TokenStream, index: number): number {
  let at = skipTerm(stream, index);
  while (at !== -1 && isInfix(typeAt(stream, at))) at = skipTerm(stream, at + 1);
  return at;
}

/** Whether the comma at `index` is that of `k, v in xs`. */
export function isKeyValueComma(stream: TokenStream, index: number): boolean {
  if (typeAt(stream, index) !== Comma) return false;
  const at = skipInfix(stream, index + 1);
  return at !== -1 && typeAt(stream, at) === In && !isKeywordReference(stream, at);
}

/** Whether the next token is of this type and nothing stands between. */
export function touches(stream: TokenStream, index: number, type: TokenType): boolean {
  const token = stream.tokens[index];
  const next = stream.tokens[index + 1];
  return (
    token !== undefined && next !== undefined && next.tokenType === type && adjacent(token, next)
  );
}

/** Whether the keyword at `index` begins a reference (`if.x`, `not["y"]`) and so is a name here. */
export function isKeywordReference(stream: TokenStream, index: number): boolean {
  const type = typeAt(stream, index);
  if (type === undefined || !isKeyword(type)) return false;
  return touches(stream, index, Dot) || touches(stream, index, LBracket);
}

/**
 * Index of the `|` that makes the brackets a comprehension, or -1. `start` is the first token of the element, `close` the
 * closing bracket. Only a lone term before the bar makes one, and what follows must be able to be a body:
 * `[a | b, c]` is an array of two, `[a | b]` a comprehension.
 */
export function comprehensionBar(stream: TokenStream, start: number, close: number): number {
  const bar = skipTerm(stream, start);
  if (bar === -1 || typeAt(stream, bar) !== Bar) return -1;
  const end = close === -1 ? stream.tokens.length : close;
  let declares = false;
  for (let at = bar + 1; at < end; at = next(stream, at)) {
    const type = typeAt(stream, at);
    if (type === Some || type === Every) declares = true;
    else if (type === Semicolon || startsLine(stream, at)) declares = false;
    if (type === Comma && !declares && !isKeyValueComma(stream, at)) return -1;
  }
  return bar;
}

/** The token after this one, or after its closing partner. */
function next(stream: TokenStream, index: number): number {
  const partner = stream.partner[index] ?? -1;
  return partner > index ? partner + 1 : index + 1;
}

/** Whether a line break stands before the token. */
export function startsLine(stream: TokenStream, index: number): boolean {
  const token = stream.tokens[index];
  const previous = stream.tokens[index - 1];
  if (token === undefined || previous === undefined) return true;
  return hasLineBreak(stream.source.text, previous, token);
}

function hasLineBreak(text: string, left: IToken, right: IToken): boolean {
  for (let at = left.startOffset + left.image.length; at < right.startOffset; at += 1) {
    if (text.charCodeAt(at) === 0x0a) return true;
  }
  return false;
}

/**
 * Whether the `{` at `index`, which follows `if`, opens a rule body rather than a value. OPA prefers the value wherever one
 * parses, except a plain set.
 */
export function opensBody(stream: TokenStream, index: number): boolean {
  const close = stream.partner[index] ?? -1;
  if (close === -1) return true;
  if (close === index + 1) return false;
  const after = stream.tokens[close + 1];
  const last = stream.tokens[close];
  if (after !== undefined && last !== undefined) {
    const type = after.tokenType;
    if (isInfix(type) || type === Assign || type === Equal) return false;
    if (type === In && !isKeywordReference(stream, close + 1)) return false;
    if ((type === Dot || type === LBracket) && adjacent(last, after)) return false;
    if (type === And || type === Or) return false;
  }
  const first = typeAt(stream, index + 1) === Comma ? index + 2 : index + 1;
  const key = skipInfixAndIn(stream, first);
  if (key !== -1 && typeAt(stream, key) === Colon) return false;
  return typeAt(stream, index + 1) === Comma || comprehensionBar(stream, first, close) === -1;
}

function skipInfixAndIn(stream: TokenStream, index: number): number {
  let at = skipInfix(stream, index);
  while (at !== -1 && typeAt(stream, at) === In) at = skipInfix(stream, at + 1);
  return at;
}

/**
 * Whether the `(` at `index` groups `and` / `or` / `not` operands rather than a value. `isOperand`: it already stands where
 * an operand is wanted, where `(a with input as b)` is a group of one.
 */
export function isLogicalGroup(stream: TokenStream, index: number, isOperand: boolean): boolean {
  if (typeAt(stream, index) !== LParen) return false;
  const close = stream.partner[index] ?? -1;
  if (close === -1) return false;
  const after = typeAt(stream, close + 1);
  if (typeAt(stream, index + 1) === Not && !isKeywordReference(stream, index + 1)) return true;
  if (isLogicalGroup(stream, index + 1, true) && stream.partner[index + 1] === close - 1)
    return true;
  for (let at = index + 1; at < close; at = next(stream, at)) {
    const type = typeAt(stream, at);
    if ((type === And || type === Or) && endsTerm(stream, at - 1)) return true;
    if (type === WithKeyword) return isOperand || after === And || after === Or;
  }
  return false;
}

function endsTerm(stream: TokenStream, index: number): boolean {
  const type = typeAt(stream, index);
  return type !== undefined && (ATOMS.has(type) || CLOSERS.has(type));
}
