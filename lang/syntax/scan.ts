/**
 * Text → tokens: runs the lexer, tells keywords from names, pairs the brackets, and refuses what no parser should see
 * (oversized, too deeply nested, or with characters that Rego forbids or that hide text).
 *
 * It must not judge the meaning of tokens. The result is bounded by the limits below whatever the input.
 */
import { type IToken, Lexer, type TokenType } from 'chevrotain';
import type { Comment } from '../ast/nodes.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Source, Span } from '../source.ts';
import {
  Dot,
  Identifier,
  IMPORTED_KEYWORDS,
  ImportKeyword,
  KEYWORDS,
  LBrace,
  LBracket,
  LEXER_MODES,
  LParen,
  PackageKeyword,
  RawTemplateStart,
  RBrace,
  RBracket,
  RParen,
  TemplateBreak,
  TemplateEnd,
  TemplateOpen,
  TemplateStart,
} from './tokens.ts';
import { adviceForCharacter } from './wording.ts';

/** UTF-16 units a source may have; a policy file a hundred times the size of the largest we know still fits. */
export const MAX_SOURCE_LENGTH = 4 * 1024 * 1024;
/**
 * Brackets that may be open at once. The parser, checker and evaluator recurse on them; measured, the parser's stack holds 100
 * comprehensions in each other when its code is not compiled yet, and not 150.
 */
export const MAX_NESTING = 80;
/** Names a package, an import, a rule or a reference may be put together of with dots. */
const MAX_DOTS = 250;
/** Lexer faults that are reported before the rest is left out. */
const MAX_LEXER_FAULTS = 20;

/** What the imports of a file make of its words. */
export interface ImportedWords {
  /** `import future.keywords.not` (or all of `future.keywords`) was read. */
  readonly hasNotBodies: boolean;
  /** `and` or `or` was imported. */
  readonly hasLogical: boolean;
  readonly keywords: ReadonlyMap<string, TokenType>;
}

const NOTHING_IMPORTED: ImportedWords = {
  hasNotBodies: false,
  hasLogical: false,
  keywords: new Map(),
};

/** Tokens of a source with what the parser looks up by index. */
export interface TokenStream extends ImportedWords {
  readonly source: Source;
  readonly tokens: IToken[];
  /** Index of the bracket's partner, or -1. */
  readonly partner: Int32Array;
  readonly comments: readonly Comment[];
  readonly diagnostics: readonly Diagnostic[];
  /** False where a limit was met: there is nothing to parse. */
  readonly usable: boolean;
}

/** Every bracket with those it closes; an opening one closes none. */
const BRACKETS: ReadonlyMap<TokenType, readonly TokenType[]> = new Map([
  [LBrace, []],
  [LBracket, []],
  [LParen, []],
  [TemplateOpen, []],
  [TemplateStart, []],
  [RawTemplateStart, []],
  [RBrace, [LBrace, TemplateOpen]],
  [RBracket, [LBracket]],
  [RParen, [LParen]],
  [TemplateEnd, [TemplateStart, RawTemplateStart]],
  [TemplateBreak, [TemplateStart, RawTemplateStart]],
]);

/** Makes the lexer; costly, so callers keep it. */
export function createLexer(): Lexer {
  return new Lexer(LEXER_MODES, { positionTracking: 'onlyOffset', skipValidations: true });
}

/** Tokenises a whole source. */
export function scan(lexer: Lexer, source: Source): TokenStream {
  const { text } = source;
  if (text.length > MAX_SOURCE_LENGTH) {
    const message = `the source has ${text.length} characters, the limit is ${MAX_SOURCE_LENGTH}`;
    return unusable(source, fault(source, 'parse/limit', { start: 0, end: 1 }, message));
  }
  const diagnostics = forbiddenCharacters(source);
  const result = lexer.tokenize(text);
  let quoted: number | undefined;
  for (const error of result.errors) {
    if (error.message.startsWith('Unable to pop')) continue;
    if (diagnostics.length >= MAX_LEXER_FAULTS) break;
    const span = { start: error.offset, end: error.offset + error.length };
    const shown = text.slice(span.start, Math.min(span.end, span.start + 20));
    if (/^[\0\uFEFF\uD800-\uDFFF]/.test(shown)) continue;
    // A text in single quotes is one mistake, not two.
    const closes =
      shown === "'" && quoted !== undefined && !text.slice(quoted, span.start).includes('\n');
    quoted = shown === "'" && !closes ? span.start : undefined;
    if (closes) continue;
    const help = adviceForCharacter(shown);
    const message = `\`${shown}\` cannot stand in a policy`;
    const found = fault(source, 'parse/invalid-character', span, message);
    diagnostics.push(help === undefined ? found : { ...found, help });
  }
  const { tokens } = result;
  const imported = classifyWords(tokens, NOTHING_IMPORTED);
  const partner = new Int32Array(tokens.length).fill(-1);
  const { deepest } = pairBrackets(tokens, partner);
  if (deepest !== undefined) {
    const span = tokenSpan(deepest);
    const message = `brackets are nested more than ${MAX_NESTING} deep`;
    return unusable(source, fault(source, 'parse/limit', span, message));
  }
  const longest = findLongPath(tokens);
  if (longest !== undefined) {
    const message = `a path has more than ${MAX_DOTS} parts`;
    return unusable(source, fault(source, 'parse/limit', tokenSpan(longest), message));
  }
  const comments = commentsOf(result.groups['comments'] ?? []);
  return { source, tokens, partner, comments, ...imported, diagnostics, usable: true };
}

/**
 * Tokenises a part of a source that was cut out between two rules; undefined where anything is wrong with it, which only the whole can
 * tell, and where it imports something though it is not the first.
 * @param before what the first part imported; undefined for the first part
 */
export function scanPiece(
  lexer: Lexer,
  source: Source,
  { start, end }: Span,
  before: ImportedWords | undefined,
): TokenStream | undefined {
  const text = source.text.slice(start, end);
  const begins = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
  if (text.slice(begins).search(FORBIDDEN) !== -1) return undefined;
  const { tokens, errors, groups } = lexer.tokenize(text);
  if (errors.length > 0) return undefined;
  const words = groups['comments'] ?? [];
  for (const token of tokens) token.startOffset += start;
  for (const token of words) token.startOffset += start;
  const imported = classifyWords(tokens, before ?? NOTHING_IMPORTED);
  const isFirst = before === undefined;
  if (!isFirst && tokens.some(({ tokenType }) => HEAD_WORDS.has(tokenType))) return undefined;
  const partner = new Int32Array(tokens.length).fill(-1);
  const { deepest, isPaired } = pairBrackets(tokens, partner);
  if (!isPaired || deepest !== undefined || findLongPath(tokens) !== undefined) return undefined;
  const comments = commentsOf(words);
  return { source, tokens, partner, comments, ...imported, diagnostics: [], usable: true };
}

const HEAD_WORDS: ReadonlySet<TokenType> = new Set([PackageKeyword, ImportKeyword]);

function commentsOf(tokens: readonly IToken[]): readonly Comment[] {
  return tokens.map((token): Comment => {
    const content = token.image.slice(1).replace(/\r+$/, '');
    const span = { start: token.startOffset, end: token.startOffset + 1 + content.length };
    return { kind: 'Comment', span, text: content };
  });
}

/** The place of a token. */
export function tokenSpan(token: IToken): Span {
  return { start: token.startOffset, end: token.startOffset + token.image.length };
}

function fault(source: Source, code: Diagnostic['code'], span: Span, message: string): Diagnostic {
  return { code, severity: 'error', message, source, span };
}

function unusable(source: Source, diagnostic: Diagnostic): TokenStream {
  const nothing = {
    tokens: [],
    partner: new Int32Array(0),
    comments: [],
    ...NOTHING_IMPORTED,
  };
  return { source, ...nothing, diagnostics: [diagnostic], usable: false };
}

const BYTE_ORDER_MARK = 0xfeff;
const FORBIDDEN =
  /[\0\u202A-\u202E\u2066-\u2069\uFEFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** NUL, stray byte-order marks and halves of surrogate pairs, which OPA refuses; and direction controls, which hide text. */
function forbiddenCharacters(source: Source): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const match of source.text.matchAll(FORBIDDEN)) {
    const unit = match[0].charCodeAt(0);
    if (unit === BYTE_ORDER_MARK && match.index === 0) continue;
    const span = { start: match.index, end: match.index + 1 };
    const name = `U+${unit.toString(16).toUpperCase().padStart(4, '0')}`;
    const hides = unit >= 0x202a && unit <= 0x2069;
    found.push({
      ...fault(
        source,
        hides ? 'parse/hidden-text' : 'parse/invalid-character',
        span,
        hides
          ? `the direction control ${name} makes text read otherwise than it is`
          : `the character ${name} cannot stand in a policy`,
      ),
      ...(hides
        ? { help: `write \`\\u${name.slice(2).toLowerCase()}\` inside a string if it is meant` }
        : {}),
    });
    if (found.length >= MAX_LEXER_FAULTS) break;
  }
  return found;
}

/** A word of the text: one string for all its places, and the keyword it is where that does not depend on them. */
interface Word {
  readonly image: string;
  readonly type: TokenType | undefined;
}

/** Gives each word its keyword type; answers what was imported. */
function classifyWords(tokens: readonly IToken[], before: ImportedWords): ImportedWords {
  const words = new Map<string, Word>();
  let { hasNotBodies } = before;
  const imported = new Map(before.keywords);
  let last: IToken | undefined;
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    const previous = last;
    last = token;
    if (token?.tokenType !== Identifier) continue;
    const word = wordOf(words, token.image);
    token.image = word.image;
    if (previous?.tokenType === Dot && adjacent(previous, token)) {
      // A word right after a dot is a name whatever it is; what stands before the dot is what `future.keywords.x` hangs on.
      if (token.image === 'keywords' && isFutureImport(tokens, index)) {
        const dot = tokens[index + 1];
        const keyword = dot?.tokenType === Dot ? tokens[index + 2]?.image : undefined;
        if (keyword === undefined || keyword === 'not') hasNotBodies = true;
        for (const [name, type] of IMPORTED_KEYWORDS) {
          if (keyword === undefined || keyword === name) imported.set(name, type);
        }
      }
      continue;
    }
    const type = word.type ?? imported.get(word.image);
    if (type !== undefined) retype(token, type);
  }
  return { hasNotBodies, hasLogical: imported.size > 0, keywords: imported };
}

function wordOf(words: Map<string, Word>, image: string): Word {
  let word = words.get(image);
  if (word === undefined) {
    word = { image, type: KEYWORDS.get(image) };
    words.set(image, word);
  }
  return word;
}

function isFutureImport(tokens: readonly IToken[], keywords: number): boolean {
  return (
    tokens[keywords - 2]?.image === 'future' && tokens[keywords - 3]?.tokenType === ImportKeyword
  );
}

/** Whether nothing stands between two tokens. */
export function adjacent(left: IToken, right: IToken): boolean {
  return left.startOffset + left.image.length === right.startOffset;
}

/** Makes the token one of another type; the lexer's tokens belong to one parse, so nobody else sees it. */
export function retype(token: IToken, type: TokenType): void {
  token.tokenType = type;
  token.tokenTypeIdx = type.tokenTypeIdx ?? token.tokenTypeIdx;
}

/** Fills `partner`; answers the first token that is too deep, and whether every bracket has a partner. */
function pairBrackets(
  tokens: readonly IToken[],
  partner: Int32Array,
): { readonly deepest: IToken | undefined; readonly isPaired: boolean } {
  const open: number[] = [];
  let isPaired = true;
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    const wanted = token && BRACKETS.get(token.tokenType);
    if (wanted === undefined) continue;
    if (wanted.length === 0) {
      open.push(index);
      if (open.length > MAX_NESTING) return { deepest: token, isPaired: false };
      continue;
    }
    const top = open.at(-1);
    const opener = top === undefined ? undefined : tokens[top];
    if (top === undefined || opener === undefined || !wanted.includes(opener.tokenType)) {
      isPaired = false;
      continue;
    }
    partner[top] = index;
    partner[index] = top;
    open.pop();
  }
  return { deepest: undefined, isPaired: isPaired && open.length === 0 };
}

/** The first token that makes a path of names too long. */
function findLongPath(tokens: readonly IToken[]): IToken | undefined {
  let dots = 0;
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token?.tokenType !== Dot) continue;
    dots = tokens[index - 2]?.tokenType === Dot ? dots + 1 : 1;
    if (dots > MAX_DOTS) return token;
  }
  return undefined;
}
