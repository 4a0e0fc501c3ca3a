/**
 * Semantic tokens: what each word of a text is. The words come from tokens, so that a text with faults keeps its colours; what a name
 * means is added where the text can be read.
 *
 * The legend is the protocol's own: types and modifiers are given by their places in `TOKEN_TYPES` and `TOKEN_MODIFIERS`.
 */
import type { IToken } from 'chevrotain';
import { scanTokens } from '../../parse.ts';
import type { Span } from '../../source.ts';
import { adjacent, tokenSpan } from '../../syntax/scan.ts';
import {
  Assign,
  Dot,
  Equal,
  Identifier,
  InfixOperator,
  isKeyword,
  LParen,
  NumberText,
  PackageKeyword,
  RawStringText,
  RawTemplateText,
  StringText,
  TemplateText,
} from '../../syntax/tokens.ts';
import type { ServerHost } from '../ports.ts';
import type { PolicyDocument, Workspace } from '../workspace.ts';
import { type Named, namedPlaces } from './occurrence.ts';

/** Kinds of words, in the order of the legend. */
export const TOKEN_TYPES = [
  'namespace',
  'function',
  'variable',
  'property',
  'keyword',
  'string',
  'number',
  'operator',
  'comment',
] as const;

/** What is added to a kind, each a bit. A rule is a variable or a function that is `static`. */
export const TOKEN_MODIFIERS = ['definition', 'static', 'defaultLibrary'] as const;

type TokenKind = (typeof TOKEN_TYPES)[number];
type Modifier = (typeof TOKEN_MODIFIERS)[number];

interface Word extends Span {
  readonly kind: TokenKind;
  readonly modifiers: readonly Modifier[];
}

const STRINGS: ReadonlySet<unknown> = new Set([
  StringText,
  RawStringText,
  TemplateText,
  RawTemplateText,
]);
const OPERATORS: ReadonlySet<unknown> = new Set([Assign, Equal]);

/** The words in a span as the protocol writes them: five numbers each, places relative to the word before. */
export function semanticTokens(
  host: ServerHost,
  workspace: Workspace,
  document: PolicyDocument,
  within: Span,
): number[] {
  const { source, map } = document;
  const data: number[] = [];
  let [line, character] = [0, 0];
  for (const word of wordsOf(host, workspace, document)) {
    if (word.end <= within.start || word.start >= within.end) continue;
    for (const piece of piecesOf(source.text, word)) {
      const place = map.placeAt(piece.start);
      const isSameLine = place.line === line;
      data.push(
        place.line - line,
        isSameLine ? place.character - character : place.character,
        piece.end - piece.start,
        TOKEN_TYPES.indexOf(word.kind),
        word.modifiers.reduce((bits, one) => bits | (1 << TOKEN_MODIFIERS.indexOf(one)), 0),
      );
      ({ line, character } = place);
    }
  }
  return data;
}

/** Not every editor takes a word of several lines. */
function piecesOf(text: string, { start, end }: Span): readonly Span[] {
  const pieces: Span[] = [];
  for (let from = start; from < end; ) {
    const newline = text.indexOf('\n', from);
    const to = newline === -1 || newline > end ? end : newline;
    if (to > from) pieces.push({ start: from, end: to });
    from = to + 1;
  }
  return pieces;
}

function wordsOf(
  host: ServerHost,
  workspace: Workspace,
  document: PolicyDocument,
): readonly Word[] {
  const { tokens, comments } = scanTokens(document.source);
  const named = new Map(
    namedPlaces(workspace, document).map((one) => [one.span.start, one] as const),
  );
  const words: Word[] = comments.map(({ span }) => ({ ...span, kind: 'comment', modifiers: [] }));
  for (const [at, token] of tokens.entries()) {
    const found = classify(host, tokens, at, named.get(token.startOffset));
    if (found !== undefined) words.push({ ...tokenSpan(token), ...found });
  }
  return words.sort((left, right) => left.start - right.start);
}

function classify(
  host: ServerHost,
  tokens: readonly IToken[],
  at: number,
  named: Named | undefined,
): Pick<Word, 'kind' | 'modifiers'> | undefined {
  const token = tokens[at];
  if (token === undefined) return undefined;
  const { tokenType } = token;
  const plain = (kind: TokenKind): Pick<Word, 'kind' | 'modifiers'> => ({ kind, modifiers: [] });
  if (isKeyword(tokenType)) return plain('keyword');
  if (STRINGS.has(tokenType)) return plain('string');
  if (tokenType === NumberText) return plain('number');
  if (OPERATORS.has(tokenType) || tokenType.CATEGORIES?.includes(InfixOperator))
    return plain('operator');
  return tokenType === Identifier ? classifyName(host, tokens, at, named) : undefined;
}

function classifyName(
  host: ServerHost,
  tokens: readonly IToken[],
  at: number,
  named: Named | undefined,
): Pick<Word, 'kind' | 'modifiers'> {
  const path = pathUpTo(tokens, at);
  const [start = at] = path;
  const text = path.map((index) => tokens[index]?.image).join('.');
  const isCalled = isCall(tokens, at);
  const definition: readonly Modifier[] = named?.isDefinition === true ? ['definition'] : [];
  if (named?.meaning.kind === 'local') return { kind: 'variable', modifiers: definition };
  if (named?.meaning.kind === 'rule')
    return { kind: isCalled ? 'function' : 'variable', modifiers: [...definition, 'static'] };
  if (tokens[start - 1]?.tokenType === PackageKeyword) return { kind: 'namespace', modifiers: [] };
  if (callEnd(tokens, at) !== undefined && host.checkOptions.builtins.has(calledText(tokens, at)))
    return { kind: 'function', modifiers: ['defaultLibrary'] };
  if (text === 'input' || text === 'data')
    return { kind: 'variable', modifiers: ['defaultLibrary'] };
  if (isCalled) return { kind: 'function', modifiers: [] };
  return { kind: tokens[at - 1]?.tokenType === Dot ? 'property' : 'variable', modifiers: [] };
}

/** Indexes of the names of a dotted path up to the one at `at`. */
function pathUpTo(tokens: readonly IToken[], at: number): readonly number[] {
  const path = [at];
  for (let index = at; tokens[index - 1]?.tokenType === Dot; index -= 2) {
    if (tokens[index - 2]?.tokenType !== Identifier) break;
    path.unshift(index - 2);
  }
  return path;
}

/** The last name of the dotted path that goes on at `at`, where it is called. */
function callEnd(tokens: readonly IToken[], at: number): number | undefined {
  let index = at;
  while (tokens[index + 1]?.tokenType === Dot && tokens[index + 2]?.tokenType === Identifier)
    index += 2;
  return isCall(tokens, index) ? index : undefined;
}

function calledText(tokens: readonly IToken[], at: number): string {
  const end = callEnd(tokens, at) ?? at;
  return pathUpTo(tokens, end)
    .map((index) => tokens[index]?.image)
    .join('.');
}

function isCall(tokens: readonly IToken[], at: number): boolean {
  const [name, paren] = [tokens[at], tokens[at + 1]];
  return name !== undefined && paren?.tokenType === LParen && adjacent(name, paren);
}
