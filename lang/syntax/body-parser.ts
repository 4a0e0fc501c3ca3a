/**
 * The grammar of bodies: literals with their `with` modifiers, negation, and the `and` / `or` chains of their imports. A line
 * break or `;` ends a literal; a fault in a body is reported once and the parse goes on with the next literal.
 * Follows the Rego v1 grammar and OPA's parser (`parseQuery`, `parseLiteral`, `parseLogicalOrChain`).
 */
import type { ParserMethod } from 'chevrotain';
import type { Body, Expr, Literal, With } from '../ast/nodes.ts';
import { exactList, NONE } from './build-term.ts';
import {
  foldLogical,
  isUnionBody,
  isVoidBody,
  type LogicalOperator,
  leadingOperand,
  literalBody,
} from './logical.ts';
import { isLogicalGroup, startsLine } from './lookahead.ts';
import { UnclosedBody } from './parser-base.ts';
import { TemplateParser } from './template-parser.ts';
import * as t from './tokens.ts';
import { adviceAfterExpression } from './wording.ts';

/** Operators one chain may have: the tree is as deep as the chain is long. */
const MAX_OPERANDS = 500;

export abstract class BodyParser extends TemplateParser {
  /** literal = ( some | every | chain ) { with } */
  readonly literal: ParserMethod<[], Literal> = this.RULE('literal', (): Literal => {
    const start = this.LA(1);
    this.nameTermStart();
    const first = this.OR(this.literals);
    const modifiers: With[] = [];
    if (this.sees(t.WithKeyword))
      this.MANY({
        GATE: () => first.expr.kind !== 'SomeDecl',
        DEF: () => modifiers.push(this.SUBRULE(this.with)),
      });
    return this.ACTION((): Literal => {
      const { expr } = first;
      const span = this.spanFrom(start, expr.span);
      const all = exactList([...first.with, ...modifiers]);
      const literal: Literal = { kind: 'Literal', span, expr, with: all };
      if (start.tokenType === t.LBrace && this.stream.hasLogical) this.checkLeadingBraces(literal);
      return literal;
    });
  });

  private readonly literals = [
    { ALT: () => asLiteral(this.SUBRULE(this.some)) },
    { ALT: () => asLiteral(this.SUBRULE(this.every)) },
    { ALT: () => this.SUBRULE(this.chain) },
  ];

  /** chain = operand { ( "and" | "or" ) operand } */
  readonly chain: ParserMethod<[], Literal> = this.RULE('chain', (): Literal => {
    const start = this.LA(1);
    const operators: LogicalOperator[] = [];
    const operands: Body[] = [this.SUBRULE(this.operand, { ARGS: [true] })];
    if (!this.sees(t.And) && !this.sees(t.Or)) return foldLogical(operands, operators);
    this.MANY(() => {
      const token = this.OR([
        { ALT: () => this.CONSUME(t.And) },
        { ALT: () => this.CONSUME(t.Or) },
      ]);
      operands.push(this.SUBRULE1(this.operand, { ARGS: [false] }));
      this.ACTION(() => {
        operators.push(token.image === 'and' ? 'and' : 'or');
        if (operators.length > MAX_OPERANDS)
          this.limit(`an expression has more than ${MAX_OPERANDS} operators`);
      });
    });
    return this.ACTION(() => {
      const folded = foldLogical(operands, operators);
      if (operators.length > 0) {
        const [first] = operands;
        if (start.tokenType === t.LBrace && first?.literals[0]?.span.start === start.startOffset) {
          this.fault(
            'parse/ambiguous-operand',
            first.span,
            'an operand that begins with `{` is a body, not a value',
            'write the value in parentheses',
          );
        }
        for (const operand of operands) this.checkOperand(operand);
      }
      return folded;
    });
  });

  /** operand = "{" body "}" | "(" chain { with } ")" | negation | expression */
  readonly operand: ParserMethod<[boolean], Body> = this.RULE('operand', (leads: boolean): Body => {
    this.nameSetOperator();
    return this.OR(leads ? this.leadingOperands : this.laterOperands);
  });

  private readonly leadingOperands = this.operandsWhere(true);
  private readonly laterOperands = this.operandsWhere(false);

  private operandsWhere(leads: boolean) {
    return [
      { GATE: () => !leads || this.leadsWithBody(), ALT: () => this.SUBRULE(this.block) },
      {
        GATE: () => this.stream.hasLogical && isLogicalGroup(this.stream, this.at(), !leads),
        ALT: () => this.SUBRULE(this.group),
      },
      { ALT: () => literalBody(this.SUBRULE(this.negation)) },
      { ALT: () => literalBody(this.SUBRULE(this.expression)) },
    ];
  }

  /** group = "(" chain { with } ")" */
  readonly group: ParserMethod<[], Body> = this.RULE('group', (): Body => {
    const start = this.CONSUME(t.LParen);
    const inner = this.SUBRULE(this.chain);
    const modifiers: With[] = [];
    this.MANY(() => modifiers.push(this.SUBRULE(this.with)));
    this.CONSUME(t.RParen);
    return this.ACTION((): Body => {
      const span = this.spanFrom(start);
      const literal: Literal = {
        kind: 'Literal',
        span,
        expr: inner.expr,
        with: exactList([...inner.with, ...modifiers]),
      };
      return { kind: 'Body', span, literals: [literal] };
    });
  });

  /** not = "not" ( "{" body "}" | group | expression ); the first two only with their import */
  readonly negation: ParserMethod<[], Expr> = this.RULE('negation', (): Expr => {
    const start = this.CONSUME(t.Not);
    this.ACTION(() => this.nameSetOperator());
    let braces = false;
    const body = this.OR([
      {
        GATE: () => this.stream.hasNotBodies,
        ALT: () => {
          braces = true;
          return this.SUBRULE(this.block);
        },
      },
      {
        GATE: () => this.stream.hasNotBodies && isLogicalGroup(this.stream, this.at(), true),
        ALT: () => this.SUBRULE(this.group),
      },
      { ALT: () => literalBody(this.SUBRULE(this.expression)) },
    ]);
    return this.ACTION(() => {
      if (braces && isUnionBody(body)) this.ambiguousUnion(body);
      return { kind: 'Not', span: this.spanFrom(start), braces, body };
    });
  });

  /** block = "{" body "}" */
  readonly block: ParserMethod<[], Body> = this.RULE('block', (): Body => {
    const open = this.CONSUME(t.LBrace);
    const body = this.SUBRULE(this.body);
    this.CONSUME(t.RBrace);
    return this.ACTION(() => ({
      kind: 'Body',
      span: this.spanFrom(open),
      literals: body.literals,
    }));
  });

  /** body = literal { ( newline | ";" ) literal }, up to a closing bracket */
  readonly body: ParserMethod<[], Body> = this.RULE('body', (): Body => {
    const start = this.LA(1);
    const literals: Literal[] = [];
    this.ACTION(() => {
      if (this.atBodyEnd()) this.unexpected('expected an expression');
    });
    this.MANY({
      GATE: () => this.beginsLiteral(),
      DEF: () => {
        try {
          literals.push(this.SUBRULE(this.literal));
          this.ACTION(() => this.checkLiteralEnd());
          if (this.sees(t.Semicolon))
            this.OPTION(() => {
              this.CONSUME(t.Semicolon);
              this.ACTION(() => {
                if (this.atBodyEnd()) this.unexpected('expected an expression after `;`');
              });
            });
        } catch (error) {
          if (error instanceof UnclosedBody) throw error;
          this.report(error);
          this.skipToLiteral();
        }
      },
    });
    return this.ACTION(() => ({
      kind: 'Body',
      span: this.spanFrom(start),
      literals: exactList(literals),
    }));
  });

  /** Runs before the look at the next token, which therefore sees `if.x` as the reference it is. */
  private beginsLiteral(): boolean {
    this.nameTermStart();
    return !this.atBodyEnd();
  }

  protected atBodyEnd(): boolean {
    const { tokenType } = this.LA(1);
    return (
      tokenType === t.RBrace ||
      tokenType === t.RBracket ||
      tokenType === t.RParen ||
      this.LA(1).image === ''
    );
  }

  /** A literal ends at `;`, a closing bracket or a line break. */
  private checkLiteralEnd(): void {
    if (
      this.atBodyEnd() ||
      this.LA(1).tokenType === t.Semicolon ||
      startsLine(this.stream, this.at())
    )
      return;
    this.checkRuleStart();
    const advice = adviceAfterExpression(this.LA(1));
    this.unexpected('expected an operator, `;` or a line break', advice);
  }

  /** `name if` and `name contains` at the first column begin a rule: the body before them has lost its brace. */
  private checkRuleStart(): void {
    const { tokenType } = this.LA(1);
    if (tokenType !== t.If && tokenType !== t.Contains) return;
    const { text } = this.stream.source;
    const line = text.lastIndexOf('\n', this.LA(1).startOffset) + 1;
    const name = /^[A-Za-z_]\w*/.exec(text.slice(line, this.LA(1).startOffset))?.[0];
    if (name === undefined) return;
    const span = { start: line, end: line + name.length };
    throw new UnclosedBody(
      `a rule begins before the body above it is closed`,
      span,
      'write `}` first',
    );
  }

  /** Goes to the `;`, line or closing bracket after a fault, over nested brackets that are whole. */
  private skipToLiteral(): void {
    let first = true;
    while (!this.atBodyEnd() && !this.isStatementStart()) {
      if (this.LA(1).tokenType === t.Semicolon) {
        this.consume(0, t.Semicolon);
        return;
      }
      if (!first && startsLine(this.stream, this.at())) return;
      first = false;
      this.skipOne();
    }
  }

  /** `{` begins an operand rather than a value only where `and` or `or` follows its partner. */
  private leadsWithBody(): boolean {
    const close = this.stream.partner[this.at()] ?? -1;
    const after = close === -1 ? undefined : this.stream.tokens[close + 1]?.tokenType;
    return after === t.And || after === t.Or;
  }

  private checkLeadingBraces(literal: Literal): void {
    const operand = leadingOperand(literal);
    if (operand === undefined) return;
    this.fault(
      'parse/ambiguous-operand',
      operand.span,
      'a comprehension that begins a statement cannot begin its body with braces that hold no value',
      'put another statement before these braces, or write the operand in parentheses',
    );
  }

  private checkOperand(body: Body): void {
    if (this.stream.source.text[body.span.start] === '{' && isUnionBody(body))
      this.ambiguousUnion(body);
    if (isVoidBody(body)) {
      this.fault(
        'parse/ambiguous-operand',
        body.span,
        'an operand that only prints can never fail',
        'move `print` out of the operand',
      );
    }
  }

  private ambiguousUnion(body: Body): void {
    this.fault(
      'parse/ambiguous-operand',
      body.span,
      'these braces read as a body and as a comprehension',
      'write the comprehension, or the union, in parentheses',
    );
  }
}

function asLiteral(expr: Expr): Literal {
  return { kind: 'Literal', span: expr?.span, expr, with: NONE };
}
