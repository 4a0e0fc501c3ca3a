/**
 * The grammar of collections: arrays, sets, objects and the three comprehensions. A `|` after a lone first term makes a
 * comprehension, any other is the union operator; a leading and a trailing comma are allowed, as OPA allows them.
 * Follows the Rego v1 grammar and OPA's parser (`parseArray`, `parseSetOrObject`).
 */
import type { ParserMethod } from 'chevrotain';
import type { Body, ObjectEntry, Term } from '../ast/nodes.ts';
import { exactList, NONE } from './build-term.ts';
import { comprehensionBar } from './lookahead.ts';
import { TermParser } from './term-parser.ts';
import * as t from './tokens.ts';

export abstract class CollectionParser extends TermParser {
  abstract readonly body: ParserMethod<[], Body>;

  /** array = "[" [ [ "," ] member ( "|" body | { "," member } [ "," ] ) ] "]" */
  readonly array: ParserMethod<[], Term> = this.RULE('array', (): Term => {
    const items: Term[] = [];
    let bar = -1;
    let body: Body | undefined;
    const start = this.LA(1);
    const open = this.ACTION(() => this.at());
    this.CONSUME(t.LBracket);
    this.OPTION(() => {
      this.OPTION1(() => this.CONSUME(t.Comma));
      this.ACTION(() => {
        bar = this.barAfter(open);
      });
      items.push(this.SUBRULE(this.member, { ARGS: [false, bar] }));
      this.OR([
        {
          GATE: () => bar !== -1,
          ALT: () => {
            this.CONSUME(t.Bar);
            body = this.SUBRULE(this.body);
          },
        },
        {
          ALT: () => {
            this.MANY({
              GATE: () => this.LA(2).tokenType !== t.RBracket,
              DEF: () => {
                this.CONSUME1(t.Comma);
                items.push(this.SUBRULE1(this.member, { ARGS: [false, -1] }));
              },
            });
            this.OPTION2(() => this.CONSUME2(t.Comma));
          },
        },
      ]);
    });
    this.CONSUME(t.RBracket);
    return this.ACTION((): Term => {
      const span = this.spanFrom(start);
      const term = items[0];
      return body === undefined || term === undefined
        ? { kind: 'Array', span, items: exactList(items) }
        : { kind: 'ArrayComprehension', span, term, body };
    });
  });

  /** braces = "{" "}" | "{" [ "," ] member ( ":" entries | "|" body | { "," member } [ "," ] ) "}" */
  readonly braces: ParserMethod<[], Term> = this.RULE('braces', (): Term => {
    const items: Term[] = [];
    const entries: ObjectEntry[] = [];
    let bar = -1;
    let body: Body | undefined;
    const start = this.LA(1);
    const open = this.ACTION(() => this.at());
    this.CONSUME(t.LBrace);
    this.OPTION(() => {
      this.OPTION1(() => this.CONSUME(t.Comma));
      this.ACTION(() => {
        bar = this.barAfter(open);
      });
      const first = this.SUBRULE(this.member, { ARGS: [false, bar] });
      items.push(first);
      this.OR([
        {
          ALT: () => {
            this.CONSUME(t.Colon);
            this.ACTION(() => {
              bar = this.barAfter(open);
            });
            const value = this.SUBRULE1(this.member, { ARGS: [false, bar] });
            this.ACTION(() => entries.push(entry(first, value)));
            this.OR1([
              {
                GATE: () => bar !== -1,
                ALT: () => {
                  this.CONSUME(t.Bar);
                  body = this.SUBRULE(this.body);
                },
              },
              {
                ALT: () => {
                  this.MANY({
                    GATE: () => this.LA(2).tokenType !== t.RBrace,
                    DEF: () => {
                      this.CONSUME1(t.Comma);
                      entries.push(this.SUBRULE(this.entry));
                    },
                  });
                  this.OPTION2(() => this.CONSUME2(t.Comma));
                },
              },
            ]);
          },
        },
        {
          GATE: () => bar !== -1,
          ALT: () => {
            this.CONSUME1(t.Bar);
            body = this.SUBRULE1(this.body);
          },
        },
        {
          ALT: () => {
            this.MANY1({
              GATE: () => this.LA(2).tokenType !== t.RBrace,
              DEF: () => {
                this.CONSUME3(t.Comma);
                items.push(this.SUBRULE2(this.member, { ARGS: [false, -1] }));
              },
            });
            this.OPTION3(() => this.CONSUME4(t.Comma));
          },
        },
      ]);
    });
    this.CONSUME(t.RBrace);
    return this.ACTION((): Term => {
      const span = this.spanFrom(start);
      const term = items[0];
      const pair = entries[0];
      if (pair !== undefined) {
        if (body === undefined) return { kind: 'Object', span, entries: exactList(entries) };
        return { kind: 'ObjectComprehension', span, key: pair.key, value: pair.value, body };
      }
      if (term === undefined) return { kind: 'Object', span, entries: NONE };
      return body === undefined
        ? { kind: 'Set', span, items: exactList(items) }
        : { kind: 'SetComprehension', span, term, body };
    });
  });

  readonly entry: ParserMethod<[], ObjectEntry> = this.RULE('entry', (): ObjectEntry => {
    const key = this.SUBRULE(this.member, { ARGS: [false, -1] });
    this.CONSUME(t.Colon);
    const value = this.SUBRULE1(this.member, { ARGS: [false, -1] });
    return this.ACTION(() => entry(key, value));
  });

  /** The comprehension bar of the brackets that begin at `index`, for an element that starts here. A leading comma rules it out. */
  private barAfter(index: number): number {
    if (this.stream.tokens[index + 1]?.tokenType === t.Comma) return -1;
    return comprehensionBar(this.stream, this.at(), this.stream.partner[index] ?? -1);
  }
}

function entry(key: Term, value: Term): ObjectEntry {
  return { kind: 'ObjectEntry', span: { start: key.span.start, end: value.span.end }, key, value };
}
