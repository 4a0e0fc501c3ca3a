/**
 * The grammar of expressions: infix chains, membership, literals with their `with` modifiers, bodies and templates.
 * A line break or `;` ends a literal; a fault inside a body is reported once and the parse goes on with the next literal.
 * Follows the Rego v1 grammar and OPA's parser (`parseLiteral`, `parseExpr`, `parseTermInfixCall`).
 */
import type { ParserMethod } from 'chevrotain';
import type { Body, Expr, InfixOperator, Term, Var, With } from '../ast/nodes.ts';
import { asRef } from './build-term.ts';
import { CollectionParser } from './collection-parser.ts';
import { foldInfix, isInfixOperator } from './infix.ts';
import { isKeyValueComma } from './lookahead.ts';
import { SyntaxFault } from './parser-base.ts';
import * as t from './tokens.ts';

/** Operators one chain may have: the tree is as deep as the chain is long. */
const MAX_CHAIN = 1000;

export abstract class ExpressionParser extends CollectionParser {
  abstract readonly block: ParserMethod<[], Body>;

  /** infix = term { operator term }; `fence` is the index of a `|` that belongs to an enclosing comprehension. */
  readonly infix: ParserMethod<[number], Term> = this.RULE('infix', (fence: number): Term => {
    const first = this.SUBRULE(this.term);
    if (!this.sees(t.InfixOperator)) return first;
    const operators: InfixOperator[] = [];
    const operands: Term[] = [];
    this.MANY({
      GATE: () => fence === -1 || this.at() !== fence,
      DEF: () => {
        const token = this.CONSUME(t.InfixOperator);
        operands.push(this.SUBRULE1(this.term));
        this.ACTION(() => {
          if (isInfixOperator(token.image)) operators.push(token.image);
          if (operators.length > MAX_CHAIN)
            this.limit(`an expression has more than ${MAX_CHAIN} operators`);
        });
      },
    });
    return operators.length === 0 ? first : foldInfix(first, operators, operands);
  });

  /** member = infix [ "," infix "in" infix ] { "in" infix }; the comma only where `keyValue` allows it. */
  readonly member: ParserMethod<[boolean, number], Term> = this.RULE(
    'member',
    (keyValue: boolean, fence: number): Term => {
      let node = this.SUBRULE(this.infix, { ARGS: [fence] });
      if (this.sees(t.Comma)) node = this.keyedMember(node, keyValue);
      // A keyword that begins a reference (`in.x`, `with[0]`) ends the expression before it.
      this.nameKeywordReference();
      return this.sees(t.In) ? this.memberships(node) : node;
    },
  );

  /** The part of `member` from its comma on, where it has one. */
  private keyedMember(key: Term, keyValue: boolean): Term {
    let node = key;
    this.OPTION({
      GATE: () => keyValue && isKeyValueComma(this.stream, this.at()),
      DEF: () => {
        this.CONSUME(t.Comma);
        const value = this.SUBRULE1(this.infix, { ARGS: [-1] });
        this.CONSUME(t.In);
        const collection = this.SUBRULE2(this.infix, { ARGS: [-1] });
        this.ACTION(() => {
          const span = { start: node.span.start, end: collection.span.end };
          node = { kind: 'Membership', span, key: node, value, collection };
        });
      },
    });
    return node;
  }

  /** The part of `member` from its first lone `in` on. */
  private memberships(first: Term): Term {
    let node = first;
    let count = 0;
    this.MANY({
      GATE: () => this.isMembershipNext(),
      DEF: () => {
        this.CONSUME1(t.In);
        const collection = this.SUBRULE3(this.infix, { ARGS: [-1] });
        this.ACTION(() => {
          const span = { start: node.span.start, end: collection.span.end };
          node = { kind: 'Membership', span, key: undefined, value: node, collection };
          count += 1;
          if (count > MAX_CHAIN) this.limit(`an expression has more than ${MAX_CHAIN} operators`);
        });
      },
    });
    return node;
  }

  /** expression = member [ ( ":=" | "=" ) member ] */
  readonly expression: ParserMethod<[], Expr> = this.RULE('expression', (): Expr => {
    const left = this.SUBRULE(this.member, { ARGS: [true, -1] });
    if (!this.sees(t.Assign) && !this.sees(t.Equal))
      return { kind: 'TermExpr', span: left.span, term: left };
    let sign: string | undefined;
    let right: Term | undefined;
    this.OPTION(() => {
      const token = this.OR([
        { ALT: () => this.CONSUME(t.Assign) },
        { ALT: () => this.CONSUME(t.Equal) },
      ]);
      right = this.SUBRULE1(this.member, { ARGS: [true, -1] });
      sign = token.image;
    });
    return this.ACTION((): Expr => {
      if (right === undefined) return { kind: 'TermExpr', span: left.span, term: left };
      const span = { start: left.span.start, end: right.span.end };
      return sign === ':='
        ? { kind: 'Assign', span, target: left, value: right }
        : { kind: 'Unify', span, left, right };
    });
  });

  /** some = "some" ( name { "," name } | [ member "," ] member "in" infix ) */
  readonly some: ParserMethod<[], Expr> = this.RULE('some', (): Expr => {
    const start = this.CONSUME(t.Some);
    const first = this.SUBRULE(this.member, { ARGS: [true, -1] });
    const names: Var[] = [];
    this.MANY({
      GATE: () => first.kind === 'Var',
      DEF: () => {
        this.CONSUME(t.Comma);
        const token = this.CONSUME(t.Identifier);
        this.ACTION(() => {
          const span = { start: token.startOffset, end: token.startOffset + token.image.length };
          names.push({ kind: 'Var', span, name: token.image });
        });
      },
    });
    return this.ACTION((): Expr => {
      const span = this.spanFrom(start);
      if (first.kind === 'Membership') {
        const { key, value, collection } = first;
        return { kind: 'SomeIn', span, key, value, collection };
      }
      if (first.kind === 'Var' && first.span.end - first.span.start === first.name.length) {
        return { kind: 'SomeDecl', span, names: [first, ...names] };
      }
      throw new SyntaxFault('`some` declares names or reads `some x in xs`', first.span);
    });
  });

  /** every = "every" name [ "," name ] "in" infix "{" body "}" */
  readonly every: ParserMethod<[], Expr> = this.RULE('every', (): Expr => {
    const start = this.CONSUME(t.Every);
    const head = this.SUBRULE(this.member, { ARGS: [true, -1] });
    this.ACTION(() => {
      if (head.kind !== 'Membership')
        throw new SyntaxFault('`every` reads `every x in xs { ... }`', head.span);
      for (const name of [head.key, head.value]) {
        if (name !== undefined && name.kind !== 'Var') {
          this.fault(
            'parse/invalid-pattern',
            name.span,
            '`every` binds plain names, no patterns',
            'name the member, and take it apart between the braces',
          );
        }
      }
    });
    const body = this.SUBRULE(this.block);
    return this.ACTION((): Expr => {
      const span = this.spanFrom(start);
      const { key, value, collection } = membership(head);
      return { kind: 'Every', span, key, value, domain: collection, body };
    });
  });

  /** with = "with" term "as" member */
  readonly with: ParserMethod<[], With> = this.RULE('with', (): With => {
    const start = this.CONSUME(t.WithKeyword);
    const target = this.SUBRULE(this.term);
    this.CONSUME(t.As);
    const value = this.SUBRULE(this.member, { ARGS: [true, -1] });
    return this.ACTION(() => {
      if (target.kind !== 'Ref' && target.kind !== 'Var') {
        this.fault(
          'parse/invalid-reference',
          target.span,
          '`with` replaces a document or a function, named by a reference',
        );
      }
      return { kind: 'With', span: this.spanFrom(start), target: asRef(target), value };
    });
  });

  /** A keyword that begins a reference (`in.x`, `with[0]`) ends the expression before it. */
  private isMembershipNext(): boolean {
    this.nameKeywordReference();
    return true;
  }
}

function membership(term: Term): { key: Term | undefined; value: Term; collection: Term } {
  return term.kind === 'Membership' ? term : { key: undefined, value: term, collection: term };
}
