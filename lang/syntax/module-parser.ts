/**
 * The grammar of a file: package, imports and rules, and the entry points for queries and terms.
 * A fault in a rule is reported and the parse goes on at the next line that begins a statement.
 * Follows the Rego v1 grammar and OPA's parser (`Parse`, `parseRules`, `parseHead`, `parseElse`).
 */
import type { IToken, ParserMethod } from 'chevrotain';
import type {
  Body,
  ElseBranch,
  Import,
  Module,
  Package,
  RefSegment,
  Rule,
  RuleHead,
  Term,
  Var,
} from '../ast/nodes.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { buildVar, refOf } from './build-term.ts';
import { ExpressionParser } from './expression-parser.ts';
import { isKeywordReference, opensBody, startsLine } from './lookahead.ts';
import { retype, type TokenStream } from './scan.ts';
import * as t from './tokens.ts';

interface RuleTail {
  readonly body: Body | undefined;
  readonly branches: readonly ElseBranch[];
  readonly chained: readonly Body[];
}

export class ModuleParser extends ExpressionParser {
  constructor() {
    super();
    this.performSelfAnalysis();
  }

  /** Parses a file. */
  parseModule(stream: TokenStream): {
    module: Module | undefined;
    diagnostics: readonly Diagnostic[];
  } {
    this.begin(stream);
    const parsed = this.module();
    const { source, comments } = stream;
    let module: Module | undefined;
    if (parsed.package === undefined) {
      const span = stream.tokens[0] === undefined ? { start: 0, end: 0 } : this.firstSpan();
      this.fault(
        'parse/missing-package',
        span,
        'a policy file begins with its package',
        'write `package name` above the first rule',
      );
    } else {
      const span = { start: 0, end: source.text.length };
      module = { kind: 'Module', span, ...parsed, package: parsed.package, comments };
    }
    return { module, diagnostics: this.finish() };
  }

  /** Parses the literals of a query. */
  parseQuery(stream: TokenStream): { body: Body | undefined; diagnostics: readonly Diagnostic[] } {
    this.begin(stream);
    const body = this.query();
    return { body, diagnostics: this.finish() };
  }

  /** module = package { import | rule } */
  readonly module: ParserMethod<
    [],
    { package: Package | undefined; imports: Import[]; rules: Rule[] }
  > = this.RULE('module', () => {
    const imports: Import[] = [];
    const rules: Rule[] = [];
    let declared: Package | undefined;
    this.MANY({
      GATE: () => this.beginsStatement(),
      DEF: () => {
        const first = this.LA(1);
        try {
          this.OR([
            {
              ALT: () => {
                const found = this.SUBRULE(this.package);
                this.ACTION(() => {
                  if (declared !== undefined || rules.length > 0 || imports.length > 0) {
                    this.fault(
                      'parse/unexpected-token',
                      found.span,
                      'the package is declared once, at the top of the file',
                    );
                  }
                  declared ??= found;
                });
              },
            },
            { ALT: () => imports.push(this.SUBRULE(this.import)) },
            { ALT: () => this.SUBRULE(this.statement, { ARGS: [rules] }) },
          ]);
        } catch (error) {
          this.report(error);
          this.skipToStatement(first);
        }
      },
    });
    this.ACTION(() => {
      if (this.LA(1).image === '') return;
      this.fault('parse/unexpected-token', this.nextSpan(), 'expected a rule');
    });
    return { package: declared, imports, rules };
  });

  /** package = "package" name { segment }, every segment a string */
  readonly package: ParserMethod<[], Package> = this.RULE('package', (): Package => {
    const start = this.CONSUME(t.PackageKeyword);
    const path = this.SUBRULE(this.path);
    return this.ACTION(() => ({ kind: 'Package', span: this.spanFrom(start), path }));
  });

  /** import = "import" path [ "as" name ] */
  readonly import: ParserMethod<[], Import> = this.RULE('import', (): Import => {
    const start = this.CONSUME(t.ImportKeyword);
    const first = this.LA(1);
    const path = this.SUBRULE(this.path);
    const last = this.LA(0);
    let alias: Var | undefined;
    this.OPTION(() => {
      this.CONSUME(t.As);
      const token = this.CONSUME(t.Identifier);
      alias = this.ACTION(() => buildVar(token));
    });
    return this.ACTION(() => {
      this.checkImport(first, last, path, alias);
      return { kind: 'Import', span: this.spanFrom(start), path, alias };
    });
  });

  readonly path: ParserMethod<[], string[]> = this.RULE('path', (): string[] => {
    const path: string[] = [];
    this.ACTION(() => this.nameAnyKeyword());
    const first = this.CONSUME(t.Identifier);
    path.push(first.image);
    this.MANY({
      GATE: () => this.touchesPrevious(false),
      DEF: () => {
        const segment = this.SUBRULE(this.segment);
        this.ACTION(() => {
          if (segment.term.kind === 'String') path.push(segment.term.value);
          else
            this.fault('parse/invalid-reference', segment.span, 'a path has constant strings only');
        });
      },
    });
    return path;
  });

  /** statement = [ "default" ] head [ "if" ( body | literal ) { else } ] */
  readonly statement: ParserMethod<[Rule[]], void> = this.RULE(
    'statement',
    (rules: Rule[]): void => {
      const start = this.LA(1);
      let isDefault = false;
      this.OPTION(() => {
        this.CONSUME(t.Default);
        isDefault = true;
        this.ACTION(() => this.nameKeywordReference());
      });
      const head = this.SUBRULE(this.head);
      let tail: RuleTail = { body: undefined, branches: [], chained: [] };
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
        for (const body of tail.chained) rules.push({ ...rule, span: body.span, body, else: [] });
        this.checkStatementEnd();
      });
    },
  );

  /** head = name { segment } [ args ] [ "contains" member | ( ":=" | "=" ) member ] */
  readonly head: ParserMethod<[], RuleHead> = this.RULE('head', (): RuleHead => {
    const token = this.CONSUME(t.Identifier);
    const path: RefSegment[] = [];
    let params: Term[] | undefined;
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
      return { kind: 'RuleHead', span: this.spanFrom(token), ref, params, contains, value, assign };
    });
  });

  /** tail = "if" ( block | literal ) { block } { else } */
  readonly tail: ParserMethod<[], RuleTail> = this.RULE('tail', (): RuleTail => {
    const branches: ElseBranch[] = [];
    const chained: Body[] = [];
    this.CONSUME(t.If);
    const body = this.SUBRULE(this.ruleBody, { ARGS: [false] });
    this.MANY(() => chained.push(this.SUBRULE(this.block)));
    this.MANY1({
      GATE: () => !isKeywordReference(this.stream, this.at()),
      DEF: () => branches.push(this.SUBRULE(this.else)),
    });
    return { body, branches, chained };
  });

  readonly ruleBody: ParserMethod<[boolean], Body> = this.RULE(
    'ruleBody',
    (always: boolean): Body => {
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
    return this.ACTION(() => ({
      kind: 'ElseBranch',
      span: this.spanFrom(start),
      value,
      assign,
      body,
    }));
  });

  /** query = literal { ( newline | ";" ) literal }, up to the end */
  readonly query: ParserMethod<[], Body> = this.RULE('query', (): Body => this.SUBRULE(this.body));

  private firstSpan() {
    const token = this.stream.tokens[0];
    return token === undefined
      ? { start: 0, end: 0 }
      : { start: token.startOffset, end: token.startOffset + token.image.length };
  }

  private beginsStatement(): boolean {
    this.nameKeywordReference();
    return this.LA(1).image !== '';
  }

  private nameAnyKeyword(): void {
    const token = this.LA(1);
    if (t.isKeyword(token.tokenType)) retype(token, t.Identifier);
  }

  private checkImport(
    _first: IToken,
    _last: IToken,
    _path: readonly string[],
    _alias: Var | undefined,
  ): void {}

  private checkStatementEnd(): void {
    if (this.LA(1).image === '' || startsLine(this.stream, this.at())) return;
    this.unexpected('expected the end of the rule');
  }

  private skipToStatement(_first: IToken): void {
    do this.skipOne();
    while (this.LA(1).image !== '' && !this.isStatementStart());
  }
}
