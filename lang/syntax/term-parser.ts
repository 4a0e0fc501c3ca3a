/**
 * The grammar of terms: scalars, references and calls, and the door to collections and templates. White space matters in one
 * place: `(`, `[` and `.` continue a term only where they touch it.
 * Follows the Rego v1 grammar and OPA's parser (`parseTerm` and what it calls).
 */
import type { IToken, ParserMethod } from 'chevrotain';
import type { RefSegment, Term } from '../ast/nodes.ts';
import {
  buildCall,
  buildDotSegment,
  buildNegation,
  buildRef,
  buildVar,
  describeTerm,
  exactList,
  withSpan,
} from './build-term.ts';
import { type Decoded, decodeNumber, decodeRawString, decodeString } from './literals.ts';
import { touches } from './lookahead.ts';
import { ParserBase } from './parser-base.ts';
import { adjacent, retype, tokenSpan } from './scan.ts';
import * as t from './tokens.ts';

/** Suffixes one term may have; each call among them nests the tree one deeper. */
const MAX_SUFFIXES = 1000;

export abstract class TermParser extends ParserBase {
  /** `a in b`, or below it; see the expression layer. The first argument allows `k, v in xs`, the second is a bar not to cross. */
  abstract readonly member: ParserMethod<[boolean, number], Term>;
  abstract readonly array: ParserMethod<[], Term>;
  abstract readonly braces: ParserMethod<[], Term>;
  abstract readonly template: ParserMethod<[], Term>;

  /** term = ( scalar | var | "-" ( number | ref ) | array | braces | "(" member ")" | template ) { suffix } */
  readonly term: ParserMethod<[], Term> = this.RULE('term', (): Term => {
    const start = this.LA(1);
    this.nameSetOperator();
    const head = this.OR(this.termHeads);
    const whole = this.hasSuffix() ? this.suffixed(head) : head;
    // A number has taken its sign in.
    return start.tokenType === t.Minus && head.kind !== 'Number'
      ? buildNegation(start, whole)
      : whole;
  });

  /** Made once, as are the other lists of alternatives here: a term is read more often than anything else. */
  private readonly termHeads = [
    { ALT: () => this.SUBRULE(this.name) },
    { ALT: () => this.SUBRULE(this.scalar) },
    { ALT: () => this.SUBRULE(this.number) },
    { ALT: () => this.SUBRULE(this.signed) },
    { ALT: () => this.SUBRULE(this.array) },
    { ALT: () => this.SUBRULE(this.braces) },
    { ALT: () => this.SUBRULE(this.parens) },
    { ALT: () => this.SUBRULE(this.template) },
  ];

  /** signed = "-" ( number | var ); what the sign of a variable does to the reference that begins there is up to `term`. */
  readonly signed: ParserMethod<[], Term> = this.RULE('signed', (): Term => {
    const sign = this.CONSUME(t.Minus);
    return this.OR([
      { ALT: () => this.SUBRULE(this.name) },
      { ALT: () => this.SUBRULE(this.number, { ARGS: [sign] }) },
    ]);
  });

  readonly parens: ParserMethod<[], Term> = this.RULE('parens', (): Term => {
    const start = this.CONSUME(t.LParen);
    const inner = this.SUBRULE(this.member, { ARGS: [true, -1] });
    this.CONSUME(t.RParen);
    return this.ACTION(() => withSpan(inner, this.spanFrom(start)));
  });

  /** The part of `term` behind its head. */
  private suffixed(head: Term): Term {
    let node = head;
    let path: RefSegment[] = [];
    let count = 0;
    let called = false;
    this.MANY({
      GATE: () => this.touchesPrevious(called),
      DEF: () => {
        this.OR1([
          { ALT: () => path.push(this.SUBRULE(this.segment)) },
          {
            ALT: () => {
              const args = this.SUBRULE(this.args);
              this.ACTION(() => {
                node = buildCall(node, path, args, tokenSpan(this.LA(0)).end);
                path = [];
              });
              called = true;
            },
          },
        ]);
        this.ACTION(() => {
          if (this.LA(0).tokenType !== t.RParen) called = false;
          count += 1;
          if (count === 1) this.checkHead(head);
          if (count === MAX_SUFFIXES) this.limit(`a reference has more than ${MAX_SUFFIXES} parts`);
        });
      },
    });
    return this.ACTION(() => buildRef(node, path));
  }

  readonly name: ParserMethod<[], Term> = this.RULE('name', (): Term => {
    const token = this.OR(this.nameTokens);
    return this.ACTION(() => buildVar(token));
  });

  private readonly nameTokens = [
    { ALT: () => this.CONSUME(t.Identifier) },
    { ALT: () => this.CONSUME(t.Contains) },
  ];

  readonly scalar: ParserMethod<[], Term> = this.RULE('scalar', (): Term => {
    const token = this.OR(this.scalarTokens);
    return this.ACTION((): Term => {
      const span = tokenSpan(token);
      switch (token.tokenType) {
        case t.True:
          return { kind: 'Boolean', span, value: true };
        case t.False:
          return { kind: 'Boolean', span, value: false };
        case t.Null:
          return { kind: 'Null', span };
        case t.RawStringText: {
          const value = this.decoded(token, decodeRawString(token.image), 1);
          return { kind: 'String', span, value, raw: true };
        }
        default: {
          const value = this.decoded(token, decodeString(token.image), 1);
          return { kind: 'String', span, value: this.once(value), raw: false };
        }
      }
    });
  });

  private readonly scalarTokens = [
    { ALT: () => this.CONSUME(t.StringText) },
    { ALT: () => this.CONSUME(t.RawStringText) },
    { ALT: () => this.CONSUME(t.True) },
    { ALT: () => this.CONSUME(t.False) },
    { ALT: () => this.CONSUME(t.Null) },
  ];

  /** number = [ "." ] digits; the sign, where there is one, has been read. */
  readonly number: ParserMethod<[IToken?], Term> = this.RULE('number', (sign?: IToken): Term => {
    const first = this.LA(1);
    let prefix = sign === undefined ? '' : '-';
    if (this.sees(t.Dot))
      this.OPTION(() => {
        this.CONSUME(t.Dot);
        prefix += '.';
      });
    const token = this.CONSUME(t.NumberText);
    return this.ACTION(() => {
      const text = this.decoded(token, decodeNumber(prefix, token.image), 0);
      return { kind: 'Number', span: this.spanFrom(sign ?? first), text };
    });
  });

  /** segment = "." name | "[" member "]"; the name touches the dot and may be a keyword. */
  readonly segment: ParserMethod<[], RefSegment> = this.RULE('segment', (): RefSegment => {
    return this.OR(this.segments);
  });

  private readonly segments = [
    {
      ALT: (): RefSegment => {
        const dot = this.CONSUME(t.Dot);
        if (!this.RECORDING_PHASE && !adjacent(dot, this.LA(1)))
          this.unexpected('expected a name right after the dot');
        return buildDotSegment(dot, this.CONSUME(t.Identifier));
      },
    },
    {
      ALT: (): RefSegment => {
        const start = this.CONSUME(t.LBracket);
        const term = this.SUBRULE(this.member, { ARGS: [true, -1] });
        this.CONSUME(t.RBracket);
        return { kind: 'RefSegment', span: this.spanFrom(start), style: 'bracket', term };
      },
    },
  ];

  /** args = "(" [ member { "," member } [ "," ] ] ")" */
  readonly args: ParserMethod<[], readonly Term[]> = this.RULE('args', (): readonly Term[] => {
    const args: Term[] = [];
    this.CONSUME(t.LParen);
    this.OPTION(() => {
      args.push(this.SUBRULE(this.member, { ARGS: [false, -1] }));
      this.MANY({
        GATE: () => this.LA(2).tokenType !== t.RParen,
        DEF: () => {
          this.CONSUME(t.Comma);
          args.push(this.SUBRULE1(this.member, { ARGS: [false, -1] }));
        },
      });
      this.OPTION1(() => this.CONSUME1(t.Comma));
    });
    this.CONSUME(t.RParen);
    return this.ACTION(() => exactList(args));
  });

  /** Makes the next token a name where a term begins here and a name is what it is: `if.x`, `and(x, y)`. */
  protected nameTermStart(): void {
    this.nameKeywordReference();
    this.nameSetOperator();
  }

  /** `and(x, y)` and `or(x, y)` are calls wherever a term is expected, import or not. */
  protected nameSetOperator(): void {
    const token = this.LA(1);
    if (
      (token.tokenType === t.And || token.tokenType === t.Or) &&
      touches(this.stream, this.at(), t.LParen)
    ) {
      retype(token, t.Identifier);
    }
  }

  protected touchesPrevious(called: boolean): boolean {
    const token = this.LA(1);
    return adjacent(this.LA(0), token) && !(called && token.tokenType === t.LParen);
  }

  private hasSuffix(): boolean {
    if (this.RECORDING_PHASE) return true;
    const { tokenType } = this.LA(1);
    return (
      (tokenType === t.Dot || tokenType === t.LBracket || tokenType === t.LParen) &&
      this.touchesPrevious(false)
    );
  }

  private checkHead(head: Term): void {
    switch (head.kind) {
      case 'Null':
      case 'Boolean':
      case 'Number':
      case 'String':
      case 'TemplateString':
        this.fault(
          'parse/invalid-reference',
          head.span,
          `${describeTerm(head)} has no parts to refer to`,
        );
    }
  }

  /** The value, or the empty string with a fault; `inside` is how far the text lies behind the token's start. */
  protected decoded(token: IToken, result: Decoded, inside: number): string {
    if ('value' in result) return result.value;
    const whole = tokenSpan(token);
    const start = result.at === undefined ? whole.start : whole.start + inside + result.at;
    const span =
      result.at === undefined ? firstLine(token) : { start, end: Math.min(start + 2, whole.end) };
    this.fault('parse/invalid-literal', span, result.fault, result.help);
    if (result.isUnclosed === true) this.noteUnclosedText(token);
    return '';
  }
}

function firstLine(token: IToken): { start: number; end: number } {
  const end = token.image.indexOf('\n');
  return {
    start: token.startOffset,
    end: token.startOffset + (end === -1 ? token.image.length : end),
  };
}
