/** Tokens of Go's `text/template`: text as it stands, and what is between `{{` and `}}`. Trim markers and comments are gone. */
import { type BuiltinFault, builtinError, isFault } from '../value/fault.ts';
import { quoteText } from '../value/text.ts';

export type TemplateTokenKind =
  | 'text'
  | 'left'
  | 'right'
  | 'space'
  | 'assign'
  | 'declare'
  | 'pipe'
  | 'open'
  | 'close'
  | 'string'
  | 'raw'
  | 'char'
  | 'number'
  | 'variable'
  | 'field'
  | 'dot'
  | 'word'
  | 'other'
  | 'end';

export interface TemplateToken {
  readonly kind: TemplateTokenKind;
  readonly text: string;
}

const SPACES = ' \t\r\n';
const SPACE = /[ \t\r\n]+/y;
const LEFT_TRIM = /-[ \t\r\n]/y;
const RIGHT = /(?:[ \t\r\n]-)?\}\}/y;
/** What may follow a name: a space, a mark, the end of the action or of all. */
const TERMINATED = String.raw`(?=[ \t\r\n.,|:()]|\}\}|$(?![\s\S]))`;
const NAME = String.raw`[\p{L}\p{Nd}_]`;
/** Longer alternatives come first. */
const TOKENS: readonly (readonly [TemplateTokenKind, RegExp])[] = [
  ['declare', /:=/y],
  ['assign', /=/y],
  ['pipe', /\|/y],
  ['string', /"(?:[^"\\\n]|\\[^\n])*"/y],
  ['raw', /`[^`]*`/y],
  ['char', /'(?:[^'\\\n]|\\[^\n])*'/uy],
  ['variable', new RegExp(String.raw`\$${NAME}*${TERMINATED}`, 'uy')],
  ['field', new RegExp(String.raw`\.(?!\d)${NAME}+${TERMINATED}`, 'uy')],
  ['dot', new RegExp(String.raw`\.${TERMINATED}`, 'uy')],
  [
    'number',
    /[+-]?(?:0[xX][\da-fA-F_]*(?:\.[\da-fA-F_]*)?(?:[pP][+-]?[\d_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?[\d_]*)?)i?(?![\p{L}\p{Nd}_+-])/uy,
  ],
  ['word', new RegExp(`${NAME}+${TERMINATED}`, 'uy')],
  ['open', /\(/y],
  ['close', /\)/y],
];
/** Characters a number begins with; `_` begins a name. */
const NUMBER_START = /[\d+\-.]/;
/** A character that is no token of its own meaning, which the parser refuses or takes for a comma. */
const PRINTABLE = /[!-~]/y;

/** The tokens of a template, the last of which is the end. */
export function readTemplateTokens(template: string): readonly TemplateToken[] | BuiltinFault {
  const reader = new TokenReader(template);
  const fault = reader.read();
  return fault ?? reader.tokens;
}

class TokenReader {
  readonly tokens: TemplateToken[] = [];
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  read(): BuiltinFault | undefined {
    for (let trimsLeft = false; ; ) {
      const left = this.#source.indexOf('{{', this.#at);
      let text = this.#source.slice(this.#at, left < 0 ? undefined : left);
      if (trimsLeft) text = trimStart(text);
      if (left < 0) {
        this.#add('text', text);
        break;
      }
      this.#at = left + 2;
      const trims = this.#match(LEFT_TRIM) !== '';
      this.#add('text', trims ? trimEnd(text) : text);
      const right = this.#source.startsWith('/*', this.#at)
        ? this.#readComment()
        : this.#readAction();
      if (isFault(right)) return right;
      trimsLeft = right.length > 2;
    }
    this.tokens.push({ kind: 'end', text: 'EOF' });
    return undefined;
  }

  /** The delimiter that ends it. */
  #readComment(): string | BuiltinFault {
    const close = this.#source.indexOf('*/', this.#at + 2);
    if (close < 0) return builtinError('template: unclosed comment');
    this.#at = close + 2;
    const right = this.#match(RIGHT);
    return right === '' ? builtinError('template: comment ends before closing delimiter') : right;
  }

  #readAction(): string | BuiltinFault {
    this.#add('left', '{{');
    for (let depth = 0; ; ) {
      const right = this.#readRight();
      if (right !== '') {
        if (depth > 0) return builtinError('template: unclosed left paren');
        this.tokens.push({ kind: 'right', text: '}}' });
        return right;
      }
      if (this.#at >= this.#source.length) return builtinError('template: unclosed action');
      const token = this.#readToken();
      if (token === undefined) return this.#unexpected();
      depth += token.kind === 'open' ? 1 : token.kind === 'close' ? -1 : 0;
      if (depth < 0) return builtinError('template: unexpected right paren');
      this.tokens.push(token);
    }
  }

  /** The end of the action; spaces before a trim marker are a token like others, but for the last. */
  #readRight(): string {
    const right = this.#match(RIGHT);
    if (right !== '') return right;
    const space = this.#match(SPACE);
    if (space === '') return '';
    const start = this.#at;
    this.#at -= 1;
    const trimming = this.#match(RIGHT);
    if (trimming === '') this.#at = start;
    this.tokens.push({ kind: 'space', text: space });
    return trimming === '' ? this.#match(RIGHT) : trimming;
  }

  #readToken(): TemplateToken | undefined {
    const isNumber = NUMBER_START.test(this.#source.charAt(this.#at));
    for (const [kind, pattern] of TOKENS) {
      if (kind === 'number' && !isNumber) continue;
      if (kind === 'word' && isNumber) continue;
      const text = this.#match(pattern);
      if (text !== '') return { kind, text };
    }
    // Each of these begins a token that is broken.
    if (/["`'$.:\p{L}\p{Nd}_+-]/u.test(this.#source.charAt(this.#at))) return undefined;
    const text = this.#match(PRINTABLE);
    return text === '' ? undefined : { kind: 'other', text };
  }

  #unexpected(): BuiltinFault {
    const rest = quoteText(this.#source.slice(this.#at, this.#at + 20));
    return builtinError(`template: unexpected ${rest} in action`);
  }

  #add(kind: TemplateTokenKind, text: string): void {
    if (text !== '') this.tokens.push({ kind, text });
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }
}

function trimStart(text: string): string {
  let start = 0;
  while (start < text.length && SPACES.includes(text.charAt(start))) start += 1;
  return text.slice(start);
}

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && SPACES.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
