/**
 * What every layer of the grammar stands on: the token stream, spans, faults that do not stop the parse, and faults that
 * unwind to the nearest place where parsing can go on (a body's next literal, the file's next rule).
 *
 * Chevrotain's own insertion and deletion of tokens stays off: in a language where a line break ends an expression its
 * guesses produce faults that are not there.
 */
import {
  EmbeddedActionsParser,
  type IToken,
  isRecognitionException,
  type TokenType,
  tokenMatcher,
} from 'chevrotain';
import type { DiagnosticCode } from '../codes.ts';
import type { Diagnostic, RelatedPlace } from '../diagnostic.ts';
import type { Span } from '../source.ts';
import { isKeywordReference } from './lookahead.ts';
import { adjacent, retype, type TokenStream, tokenSpan } from './scan.ts';
import {
  Identifier,
  isKeyword,
  LBrace,
  LBracket,
  LParen,
  StringText,
  VOCABULARY,
} from './tokens.ts';
import { adviceFor, describeToken, WORDING } from './wording.ts';

/** Diagnostics one source may have; the last says that the rest was left out. */
export const MAX_DIAGNOSTICS = 100;

/** Units of the longest text that is looked up among those read before. */
const MAX_SHARED_TEXT = 24;

/** Unwinds from inside a rule to the nearest recovery point; never leaves the parser. */
export class SyntaxFault extends Error {
  readonly span: Span;
  readonly help: string | undefined;
  readonly code: DiagnosticCode;
  /** The bracket that nothing closes is its second place. */
  readonly isUnclosed: boolean = false;
  constructor(
    message: string,
    span: Span,
    help?: string,
    code: DiagnosticCode = 'parse/unexpected-token',
  ) {
    super(message);
    this.span = span;
    this.help = help;
    this.code = code;
  }
}

/** Unwinds to the file's next rule: a rule begins where the body of the one before it is not closed. */
export class UnclosedBody extends SyntaxFault {
  override readonly isUnclosed = true;
}

const CLOSING_WANTED = /^expected (?:`,` or )?`[)\]}]`/;
const OPENING: ReadonlySet<TokenType> = new Set([LBrace, LBracket, LParen]);

const EMPTY_STREAM: TokenStream = {
  source: { name: '', text: '' },
  tokens: [],
  partner: new Int32Array(0),
  comments: [],
  hasNotBodies: false,
  hasLogical: false,
  keywords: new Map(),
  diagnostics: [],
  usable: false,
};

export abstract class ParserBase extends EmbeddedActionsParser {
  protected stream: TokenStream = EMPTY_STREAM;
  /** Index of the last token taken, which chevrotain keeps here and does not declare. */
  declare private readonly currIdx: number;
  private faults: Diagnostic[] = [];
  private brokenTexts: Span[] = [];
  private readonly texts = new Map<string, string>();

  constructor() {
    super(VOCABULARY, {
      maxLookahead: 1,
      recoveryEnabled: false,
      errorMessageProvider: WORDING,
      skipValidations: true,
    });
  }

  /**
   * Whether the next token is of this type; always so while chevrotain reads the grammar. Asked before an `OPTION` or a `MANY` of
   * what is seldom there: making their closures costs more than most terms do.
   */
  protected sees(type: TokenType): boolean {
    return this.RECORDING_PHASE || tokenMatcher(this.LA(1), type);
  }

  /** Takes a stream for the next parse. */
  protected begin(stream: TokenStream): void {
    this.stream = stream;
    this.faults = [];
    this.input = stream.tokens;
  }

  /** Hands over what was found and lets go of the source. */
  protected finish(): readonly Diagnostic[] {
    const found = this.faults.filter((fault) => !this.isInBrokenText(fault));
    this.faults = [];
    this.brokenTexts = [];
    this.stream = EMPTY_STREAM;
    this.texts.clear();
    this.input = [];
    return found;
  }

  /** The text, as the one string that stands for all that are equal: policies say the same short words again and again. */
  protected once(text: string): string {
    if (text.length > MAX_SHARED_TEXT) return text;
    const known = this.texts.get(text);
    if (known === undefined) this.texts.set(text, text);
    return known ?? text;
  }

  /** Index of the next token; the number of tokens at the end. */
  protected at(): number {
    return this.LA(1).image === '' ? this.stream.tokens.length : this.currIdx + 1;
  }

  /** From the start of a token to the end of the last one consumed; `like` itself where it is just that. */
  protected spanFrom(start: IToken, like?: Span): Span {
    const last = this.LA(0);
    const end = last.startOffset + last.image.length;
    if (like?.start === start.startOffset && like.end === end) return like;
    return { start: start.startOffset, end };
  }

  /** The place of the next token; at the end of the file, the place just after the last one. */
  protected nextSpan(): Span {
    const token = this.LA(1);
    if (!Number.isNaN(token.startOffset) && token.image !== '') return tokenSpan(token);
    const last = this.stream.tokens.findLast(({ image }) => image !== '');
    const end = last === undefined ? 0 : tokenSpan(last).end;
    return { start: end, end };
  }

  /** Records a fault that does not disturb the parse. */
  protected fault(
    code: DiagnosticCode,
    span: Span,
    message: string,
    help?: string,
    related?: readonly RelatedPlace[],
  ): void {
    if (this.faults.length > MAX_DIAGNOSTICS) return;
    const { source } = this.stream;
    if (this.faults.length === MAX_DIAGNOSTICS) {
      const left = `more than ${MAX_DIAGNOSTICS} faults: the rest is not shown`;
      this.faults.push({ code: 'parse/limit', severity: 'error', message: left, source, span });
      return;
    }
    this.faults.push({
      ...({ code, severity: 'error', message, source, span } as const),
      ...(help === undefined ? {} : { help }),
      ...(related === undefined ? {} : { related }),
    });
  }

  protected isFull(): boolean {
    return this.faults.length > MAX_DIAGNOSTICS;
  }

  /** Turns what unwound into a diagnostic; anything else is a defect and goes on. */
  protected report(error: unknown, help?: string): void {
    if (error instanceof SyntaxFault) {
      const related = error.isUnclosed ? this.lastUnclosed() : undefined;
      this.fault(error.code, error.span, error.message, error.help ?? help, related);
    } else if (error instanceof Error && isRecognitionException(error)) {
      const advice = help ?? adviceFor(this.LA(0), this.LA(1));
      const related = CLOSING_WANTED.test(error.message) ? this.lastUnclosed() : undefined;
      this.fault('parse/unexpected-token', this.nextSpan(), error.message, advice, related);
    } else {
      throw error;
    }
  }

  /** The innermost bracket before the next token that nothing closes, as the second place of a fault. */
  private lastUnclosed(): readonly RelatedPlace[] | undefined {
    const { source, tokens, partner } = this.stream;
    for (let at = this.at() - 1; at >= 0; at -= 1) {
      const token = tokens[at];
      if (token === undefined || partner[at] !== -1 || !OPENING.has(token.tokenType)) continue;
      return [{ source, span: tokenSpan(token), message: 'this bracket is not closed' }];
    }
    return undefined;
  }

  /** Where a keyword begins a reference (`if.x`), makes it the name it is here. */
  protected nameKeywordReference(): void {
    const token = this.LA(1);
    if (isKeyword(token.tokenType) && isKeywordReference(this.stream, this.at()))
      retype(token, Identifier);
  }

  /** Unwinds with `wanted` and the next token. */
  protected unexpected(wanted: string, help?: string): never {
    throw new SyntaxFault(`${wanted}, found ${describeToken(this.LA(1))}`, this.nextSpan(), help);
  }

  /** A text with a line break in it is one mistake: up to its second quotation mark, what follows is no policy. */
  protected noteUnclosedText(token: IToken): void {
    const { tokens } = this.stream;
    const end = tokens.find(
      ({ image, startOffset, tokenType }) =>
        tokenType === StringText &&
        startOffset > token.startOffset &&
        !(image.length > 1 && image.endsWith('"')),
    );
    if (end !== undefined)
      this.brokenTexts.push({
        start: token.startOffset + token.image.length,
        end: end.startOffset,
      });
  }

  private isInBrokenText({ code, span: { start } }: Diagnostic): boolean {
    if (code === 'parse/invalid-literal') return false;
    return this.brokenTexts.some((text) => start >= text.start && start <= text.end);
  }

  /** Unwinds where a name goes on with a hyphen, as names of other languages do. */
  protected checkHyphen(): void {
    const token = this.LA(1);
    if (token.image !== '-' || !adjacent(this.LA(0), token)) return;
    const help = 'names have letters, digits and `_`';
    throw new SyntaxFault('a name cannot hold `-`', tokenSpan(token), help);
  }

  /** Unwinds because a limit of the parser is met. */
  protected limit(message: string): never {
    throw new SyntaxFault(message, this.nextSpan(), undefined, 'parse/limit');
  }

  /** Whether the next token begins a line at its first column with a word: only a statement of the file does. */
  protected isStatementStart(): boolean {
    const { startOffset, tokenType } = this.LA(1);
    if (startOffset > 0 && this.stream.source.text.charCodeAt(startOffset - 1) !== 0x0a)
      return false;
    return tokenType === Identifier || isKeyword(tokenType);
  }

  /** Passes over the next token, and all that a bracket holds. */
  protected skipOne(): void {
    const from = this.at();
    const partner = this.stream.partner[from] ?? -1;
    const end = partner > from ? partner : from;
    while (this.at() <= end && this.LA(1).image !== '') this.consume(0, this.LA(1).tokenType);
  }
}
