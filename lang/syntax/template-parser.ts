/**
 * The grammar of template strings: text with embedded expressions. Where text ends and an expression begins is the lexer's
 * matter; here the pieces become nodes.
 * Follows OPA's parser (`parseTemplateString`).
 */
import type { ParserMethod } from 'chevrotain';
import type { Literal, StringLiteral, TemplateExpr, Term } from '../ast/nodes.ts';
import { ExpressionParser } from './expression-parser.ts';
import { decodeEscapes } from './literals.ts';
import { SyntaxFault } from './parser-base.ts';
import * as t from './tokens.ts';

export abstract class TemplateParser extends ExpressionParser {
  abstract readonly literal: ParserMethod<[], Literal>;

  /** template = "$" quote { text | "{" literal "}" } quote */
  readonly template: ParserMethod<[], Term> = this.RULE('template', (): Term => {
    const start = this.LA(1);
    const parts: (StringLiteral | TemplateExpr)[] = [];
    this.OR([
      { ALT: () => this.CONSUME(t.TemplateStart) },
      { ALT: () => this.CONSUME(t.RawTemplateStart) },
    ]);
    const raw = start.tokenType === t.RawTemplateStart;
    this.MANY(() => {
      this.OR1([
        { ALT: () => parts.push(this.SUBRULE(this.templateText)) },
        { ALT: () => parts.push(this.SUBRULE(this.templateExpr)) },
      ]);
    });
    this.ACTION(() => {
      if (this.LA(1).tokenType !== t.TemplateEnd) {
        throw new SyntaxFault('the template string is not closed', {
          start: start.startOffset,
          end: start.startOffset + 2,
        });
      }
    });
    this.CONSUME(t.TemplateEnd);
    return this.ACTION(() => ({ kind: 'TemplateString', span: this.spanFrom(start), raw, parts }));
  });

  readonly templateText: ParserMethod<[], StringLiteral> = this.RULE(
    'templateText',
    (): StringLiteral => {
      const start = this.LA(1);
      let text = '';
      this.OR([
        {
          ALT: () => {
            this.AT_LEAST_ONE(() => {
              const token = this.CONSUME(t.TemplateText);
              text += this.ACTION(() => this.decoded(token, decodeEscapes(token.image, true), 0));
            });
          },
        },
        {
          ALT: () => {
            this.AT_LEAST_ONE1(() => {
              const token = this.CONSUME(t.RawTemplateText);
              text += token.image === '\\{' ? '{' : token.image;
            });
          },
        },
      ]);
      const raw = start.tokenType === t.RawTemplateText;
      return this.ACTION(() => ({ kind: 'String', span: this.spanFrom(start), value: text, raw }));
    },
  );

  readonly templateExpr: ParserMethod<[], TemplateExpr> = this.RULE(
    'templateExpr',
    (): TemplateExpr => {
      const start = this.CONSUME(t.TemplateOpen);
      const literal = this.SUBRULE(this.literal);
      this.CONSUME(t.RBrace);
      return this.ACTION(() => {
        const kind = literal.expr.kind;
        if (
          kind !== 'TermExpr' &&
          kind !== 'Logical' &&
          !(kind === 'Not' && this.stream.hasNotBodies)
        ) {
          this.fault(
            'parse/invalid-template',
            literal.expr.span,
            'a template holds values, not statements',
            'bind the value before the template and write its name here',
          );
        }
        return { kind: 'TemplateExpr', span: this.spanFrom(start), literal };
      });
    },
  );
}
