/**
 * The grammar of rules: head, body, `else`. A rule in the syntax before Rego v1 is read too, so that it gets one fault that
 * says what to write instead.
 * Follows the Rego v1 grammar and OPA's parser (`parseRules`, `parseHead`, `parseElse`).
 */
import type { ParserMethod } from 'chevrotain';
import type { Body, ElseBranch, RefSegment, Rule, RuleHead, Term } from '../ast/nodes.ts';
import { BodyParser } from './body-parser.ts';
import { buildVar, exactList, NONE, refOf } from './build-term.ts';
import { isKeywordReference, opensBody, startsLine } from './lookahead.ts';
import { SyntaxFault } from './parser-base.ts';
import { ruleFaults } from './rule-checks.ts';
import { tokenSpan } from './scan.ts';
import * as t from './tokens.ts';
import { adviceAfterExpression, describeToken } from './wording.ts';

interface RuleTail {
  readonly body: Body | undefined;
  /** The body stood without `if`. */
  readonly isBare: boolean;
  readonly branches: readonly ElseBranch[];
  /** `p if { a } { b }` is two rules with one head. */
  readonly chained: readonly Body[];
}

export abstract class RuleParser extends BodyParser {
  /** statement = [ "default" ] head [ "if" ( body | literal ) { else } ] */
  readonly statement: ParserMethod<[Rule[]], void> = this.RULE(
    'statement',
    (rules: Rule[]): void => {
      const start = this.LA(1);
      const beginsLine = this.ACTION(() => startsLine(this.stream, this.at()));
      let isDefault = false;
      this.OPTION(() => {
        this.CONSUME(t.Default);
        isDefault = true;
        this.ACTION(() => this.nameKeywordReference());
      });
      const head = this.SUBRULE(this.head);
      let tail: RuleTail = { body: undefined, isBare: false, branches: NONE, chained: NONE };
      this.OPTION1({
        GATE: () => !isDefault,
        DEF: () => {
          tail = this.SUBRULE(this.tail);
        },
      });
      this.ACTION(() => {
        const rule: Rule = {
          kind: 'Rule',
          span: this.spanFrom(start),
          isDefault,
          head,
          body: tail.body,
          else: tail.branches,
        };
        rules.push(rule);
        for (const body of tail.chained) rules.push({ ...rule, span: body.span, body, else: NONE });
        const isLone =
          tail.body === undefined && head.value === undefined && head.contains === undefined;
        if (isLone && beginsLine) this.checkHyphen();
        if (isLone && !isDefault && !beginsLine) {
          // OPA reads this as one more rule and then refuses it; what was meant is one expression.
          rules.pop();
          const found = `expected an operator or a line break, found ${describeToken(start)}`;
          throw new SyntaxFault(found, tokenSpan(start), adviceAfterExpression(start));
        }
        for (const found of ruleFaults(rule, tail.isBare, this.stream.source.text)) {
          this.fault(found.code, found.span, found.message, found.help);
        }
      });
    },
  );

  /** head = name { segment } [ args ] [ "contains" member | ( ":=" | "=" ) member ] */
  readonly head: ParserMethod<[], RuleHead> = this.RULE('head', (): RuleHead => {
    const token = this.CONSUME(t.Identifier);
    const path: RefSegment[] = [];
    let params: readonly Term[] | undefined;
    let contains: Term | undefined;
    let value: Term | undefined;
    let assign: ':=' | '=' | undefined;
    this.MANY({
      GATE: () => path.length === 0 || this.touchesPrevious(false),
      DEF: () => path.push(this.SUBRULE(this.segment)),
    });
    this.OPTION({
      GATE: () => path.length === 0 || this.touchesPrevious(false),
      DEF: () => {
        params = this.SUBRULE(this.args);
      },
    });
    this.OPTION1(() => {
      this.OR([
        {
          ALT: () => {
            this.CONSUME(t.Contains);
            contains = this.SUBRULE(this.member, { ARGS: [true, -1] });
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.Assign);
            assign = ':=';
            value = this.SUBRULE1(this.member, { ARGS: [true, -1] });
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.Equal);
            assign = '=';
            value = this.SUBRULE2(this.member, { ARGS: [true, -1] });
          },
        },
      ]);
    });
    return this.ACTION(() => {
      const ref = refOf(buildVar(token), path);
      // What takes no argument is no function: `f() := 1` is `f := 1`.
      if (params?.length === 0 && contains === undefined) params = undefined;
      return { kind: 'RuleHead', span: this.spanFrom(token), ref, params, contains, value, assign };
    });
  });

  /** tail = [ "if" ] ( block | literal ) { block } { else }; without `if` it is v0, which is refused */
  readonly tail: ParserMethod<[], RuleTail> = this.RULE('tail', (): RuleTail => {
    const branches: ElseBranch[] = [];
    const chained: Body[] = [];
    let isBare = false;
    const body = this.OR([
      {
        ALT: () => {
          this.CONSUME(t.If);
          return this.SUBRULE(this.ruleBody, { ARGS: [false] });
        },
      },
      {
        ALT: () => {
          isBare = true;
          return this.SUBRULE1(this.block);
        },
      },
    ]);
    this.MANY(() => chained.push(this.SUBRULE(this.block)));
    this.MANY1({
      // After an `else` without a body nothing is left to be tried.
      GATE: () =>
        chained.length === 0 &&
        branches.every((branch) => branch.body !== undefined) &&
        !isKeywordReference(this.stream, this.at()),
      DEF: () => branches.push(this.SUBRULE(this.else)),
    });
    return { body, isBare, branches: exactList(branches), chained };
  });

  readonly ruleBody: ParserMethod<[boolean], Body> = this.RULE(
    'ruleBody',
    (always: boolean): Body => {
      this.ACTION(() => this.nameTermStart());
      return this.OR([
        {
          GATE: () => always || opensBody(this.stream, this.at()),
          ALT: () => this.SUBRULE(this.block),
        },
        {
          ALT: () => {
            const literal = this.SUBRULE(this.literal);
            return this.ACTION(
              (): Body => ({ kind: 'Body', span: literal.span, literals: [literal] }),
            );
          },
        },
      ]);
    },
  );

  /** else = "else" [ ( ":=" | "=" ) member ] [ "if" ( block | literal ) ] */
  readonly else: ParserMethod<[], ElseBranch> = this.RULE('else', (): ElseBranch => {
    const start = this.CONSUME(t.Else);
    let value: Term | undefined;
    let assign: ':=' | '=' | undefined;
    let body: Body | undefined;
    this.OPTION(() => {
      const sign = this.OR([
        { ALT: () => this.CONSUME(t.Assign) },
        { ALT: () => this.CONSUME(t.Equal) },
      ]);
      value = this.SUBRULE(this.member, { ARGS: [true, -1] });
      assign = sign.image === ':=' ? ':=' : '=';
    });
    this.OPTION1(() => {
      this.CONSUME(t.If);
      body = this.SUBRULE(this.ruleBody, { ARGS: [true] });
    });
    this.ACTION(() => {
      if (this.LA(0).tokenType === t.Else) this.unexpected('expected `:= value` or `if { ... }`');
    });
    return this.ACTION(() => ({
      kind: 'ElseBranch',
      span: this.spanFrom(start),
      value,
      assign,
      body,
    }));
  });
}
