/**
 * The token types of Rego v1 and the chevrotain lexer over them. Strings, numbers and templates are matched leniently here
 * (a broken one is still one token) so that the fault is reported once, by `literals.ts`, with the right words.
 *
 * Template strings need lexer modes: `$"` enters `template`, `{` inside it enters `code` again, and every `{` / `}` of code
 * pushes / pops, so that the brace which ends an embedded expression returns to the template it began in.
 * Follows the scanner of OPA 1.x; keywords are told from names by `scan.ts`.
 */
import { createToken, Lexer, type TokenType } from 'chevrotain';

const CODE = 'code';
const TEMPLATE = 'template';
const RAW_TEMPLATE = 'raw-template';

/** Any operator of an infix expression except `in`; its members are told apart by their image. */
export const InfixOperator = createToken({ name: 'InfixOperator', pattern: Lexer.NA });

const anyWord = matchWith(/[A-Za-z_][\w\p{Nd}]*/uy);

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_'.split('');
const DIGITS = '0123456789'.split('');

/** A name: ASCII letters and `_`, then also digits, of which OPA allows the Unicode ones. */
export const Identifier = createToken({
  name: 'Identifier',
  pattern: word,
  start_chars_hint: LETTERS,
  line_breaks: false,
});
/** A number with whatever letters and digits hang on it, as OPA scans it. */
export const NumberText = createToken({
  name: 'NumberText',
  pattern: matchWith(/\d+(?:\.\d*)?(?:[eE][+-]?\d*)?[\w\p{Nd}]*/uy),
  start_chars_hint: DIGITS,
  line_breaks: false,
});
export const StringText = createToken({
  name: 'StringText',
  pattern: (text, offset) => (text[offset] === '"' ? [quoted(text, offset)] : null),
  start_chars_hint: ['"'],
  line_breaks: false,
});
export const RawStringText = createToken({
  name: 'RawStringText',
  pattern: (text, offset) => {
    if (text[offset] !== '`') return null;
    const end = text.indexOf('`', offset + 1);
    return [text.slice(offset, end === -1 ? text.length : end + 1)];
  },
  start_chars_hint: ['`'],
  line_breaks: true,
});

const symbol = (name: string, pattern: string, extra: object = {}): TokenType =>
  createToken({ name, pattern, ...extra });
const operator = (name: string, pattern: string): TokenType =>
  createToken({ name, pattern, categories: InfixOperator });

export const LBracket = symbol('LBracket', '[');
export const RBracket = symbol('RBracket', ']');
export const LBrace = symbol('LBrace', '{', { push_mode: CODE });
export const RBrace = symbol('RBrace', '}', { pop_mode: true });
export const LParen = symbol('LParen', '(');
export const RParen = symbol('RParen', ')');
export const Comma = symbol('Comma', ',');
export const Semicolon = symbol('Semicolon', ';');
export const Dot = symbol('Dot', '.');
export const Assign = symbol('Assign', ':=');
export const Colon = symbol('Colon', ':');
export const EqualEqual = operator('EqualEqual', '==');
export const Equal = symbol('Equal', '=');
export const NotEqual = operator('NotEqual', '!=');
export const LessEqual = operator('LessEqual', '<=');
export const Less = operator('Less', '<');
export const GreaterEqual = operator('GreaterEqual', '>=');
export const Greater = operator('Greater', '>');
export const Plus = operator('Plus', '+');
export const Minus = operator('Minus', '-');
export const Star = operator('Star', '*');
export const Slash = operator('Slash', '/');
export const Percent = operator('Percent', '%');
export const Ampersand = operator('Ampersand', '&');
export const Bar = operator('Bar', '|');

export const TemplateStart = symbol('TemplateStart', '$"', { push_mode: TEMPLATE });
export const RawTemplateStart = symbol('RawTemplateStart', '$`', { push_mode: RAW_TEMPLATE });
export const TemplateText = createToken({
  name: 'TemplateText',
  pattern: matchWith(/[^"{\\\n]+|\\[^\n]/y),
  line_breaks: false,
});
export const RawTemplateText = createToken({
  name: 'RawTemplateText',
  pattern: matchWith(/[^`{\\]+|\\\{?/y),
  line_breaks: true,
});
/** The `{` that opens an embedded expression; its partner is an ordinary `RBrace`. */
export const TemplateOpen = symbol('TemplateOpen', '{', { push_mode: CODE });
export const TemplateEnd = createToken({ name: 'TemplateEnd', pattern: /["`]/, pop_mode: true });
/** A line end inside `$"..."`: the template is broken off here. */
export const TemplateBreak = createToken({
  name: 'TemplateBreak',
  pattern: /\\?\n/,
  pop_mode: true,
  line_breaks: true,
});

export const Comment = createToken({ name: 'Comment', pattern: /#[^\n]*/, group: 'comments' });
const WhiteSpace = createToken({
  name: 'WhiteSpace',
  pattern: /[ \t\r\n]+/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});
/** OPA skips a byte-order mark at the very start; `scan.ts` refuses it anywhere else. */
const ByteOrderMark = createToken({
  name: 'ByteOrderMark',
  pattern: /\uFEFF/,
  group: Lexer.SKIPPED,
});

const keyword = (name: string): TokenType => createToken({ name, pattern: Lexer.NA });
export const As = keyword('as');
export const Contains = keyword('contains');
export const Default = keyword('default');
export const Else = keyword('else');
export const Every = keyword('every');
export const False = keyword('false');
export const If = keyword('if');
export const ImportKeyword = keyword('import');
export const In = keyword('in');
export const Not = keyword('not');
export const Null = keyword('null');
export const PackageKeyword = keyword('package');
export const Some = keyword('some');
export const True = keyword('true');
export const WithKeyword = keyword('with');
/** `and` and `or` are keywords only after their `future.keywords` import. */
export const And = keyword('and');
export const Or = keyword('or');

/** Word → keyword type, for the words that are always keywords in Rego v1. */
export const KEYWORDS: ReadonlyMap<string, TokenType> = new Map(
  [
    As,
    Contains,
    Default,
    Else,
    Every,
    False,
    If,
    ImportKeyword,
    In,
    Not,
    Null,
    PackageKeyword,
    Some,
    True,
    WithKeyword,
  ].map((type) => [type.name, type]),
);
/** Word → keyword type, for the words an import makes keywords. */
export const IMPORTED_KEYWORDS: ReadonlyMap<string, TokenType> = new Map([
  ['and', And],
  ['or', Or],
]);
const KEYWORD_TYPES: ReadonlySet<TokenType> = new Set([...KEYWORDS.values(), And, Or]);

/** Whether the token is a word with a meaning of its own. */
export function isKeyword(type: TokenType): boolean {
  return KEYWORD_TYPES.has(type);
}

const CODE_TOKENS: readonly TokenType[] = [
  WhiteSpace,
  Identifier,
  Comment,
  Dot,
  Comma,
  LBracket,
  RBracket,
  LBrace,
  RBrace,
  LParen,
  RParen,
  StringText,
  Assign,
  Colon,
  EqualEqual,
  Equal,
  NumberText,
  Semicolon,
  NotEqual,
  LessEqual,
  Less,
  GreaterEqual,
  Greater,
  Plus,
  Minus,
  Star,
  Slash,
  Percent,
  Ampersand,
  Bar,
  RawStringText,
  TemplateStart,
  RawTemplateStart,
  ByteOrderMark,
];

/** The modes of the lexer; also the vocabulary it is made from. */
export const LEXER_MODES = {
  defaultMode: CODE,
  modes: {
    [CODE]: [...CODE_TOKENS],
    [TEMPLATE]: [TemplateBreak, TemplateText, TemplateOpen, TemplateEnd],
    [RAW_TEMPLATE]: [RawTemplateText, TemplateOpen, TemplateEnd],
  },
};

/** Everything the parser may meet. */
export const VOCABULARY: TokenType[] = [
  InfixOperator,
  ...CODE_TOKENS,
  TemplateText,
  RawTemplateText,
  TemplateOpen,
  TemplateEnd,
  TemplateBreak,
  ...KEYWORDS.values(),
  And,
  Or,
];

/** Whether a UTF-16 unit below 128 stands in names. */
const IN_WORDS = Uint8Array.from({ length: 128 }, (_, unit) =>
  /\w/.test(String.fromCharCode(unit)) ? 1 : 0,
);

/** A name; only one that goes on with a digit of another script is left to the pattern, which is slower. */
function word(text: string, start: number): [string] | null {
  const first = text.charCodeAt(start);
  if (IN_WORDS[first] !== 1 || (first >= 0x30 && first <= 0x39)) return null;
  let at = start + 1;
  while (IN_WORDS[text.charCodeAt(at)] === 1) at += 1;
  return text.charCodeAt(at) >= 0x80 ? anyWord(text, start) : [text.slice(start, at)];
}

function matchWith(pattern: RegExp) {
  return (text: string, offset: number): [string] | null => {
    pattern.lastIndex = offset;
    const match = pattern.exec(text);
    return match === null ? null : [match[0]];
  };
}

/** The text of a `"` string: to its closing quote, or to the end of the line where there is none. */
function quoted(text: string, start: number): string {
  for (let at = start + 1; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 0x22) return text.slice(start, at + 1);
    if (unit === 0x0a) return text.slice(start, at);
    if (unit === 0x5c && text.charCodeAt(at + 1) !== 0x0a) at += 1;
  }
  return text.slice(start);
}
