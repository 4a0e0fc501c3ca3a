/**
 * The grammar of a file: package, imports and rules, and the entry points for queries and terms.
 * A fault in a rule is reported and the parse goes on at the next line that begins a statement.
 * Follows the Rego v1 grammar and OPA's parser (`Parse`, `parseRules`, `parseHead`, `parseElse`).
 */
import type { ParserMethod, TokenType } from 'chevrotain';
import type { Body, Import, Module, Package, Rule, Var } from '../ast/nodes.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Span } from '../source.ts';
import { buildVar } from './build-term.ts';
import { importFault } from './import-checks.ts';
import { startsLine } from './lookahead.ts';
import { RuleParser } from './rule-parser.ts';
import { retype, type TokenStream, tokenSpan } from './scan.ts';
import * as t from './tokens.ts';
import { adviceForRule, describeToken } from './wording.ts';

const STATEMENT_STARTS: ReadonlySet<TokenType> = new Set([
  t.PackageKeyword,
  t.ImportKeyword,
  t.Default,
  t.Identifier,
]);

export class ModuleParser extends RuleParser {
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
      this.fault(
        'parse/missing-package',
        this.firstSpan(),
        'a policy file begins with its package',
        'write `package name` above the first rule',
      );
    } else {
      const span = { start: 0, end: source.text.length };
      module = { kind: 'Module', span, ...parsed, package: parsed.package, comments };
    }
    return { module, diagnostics: this.finish() };
  }

  /** Parses a part of a file that was cut out between two rules; undefined where there is a fault in it. */
  parsePiece(
    stream: TokenStream,
  ): { package: Package | undefined; imports: Import[]; rules: Rule[] } | undefined {
    this.begin(stream);
    const parsed = this.module();
    return this.finish().length > 0 ? undefined : parsed;
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
                  this.checkHyphen();
                });
              },
            },
            { ALT: () => imports.push(this.SUBRULE(this.import)) },
            { ALT: () => this.SUBRULE(this.statement, { ARGS: [rules] }) },
          ]);
        } catch (error) {
          this.report(error);
          this.skipToStatement();
        }
      },
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
    const path = this.SUBRULE(this.path);
    let alias: Var | undefined;
    this.OPTION(() => {
      this.CONSUME(t.As);
      const token = this.CONSUME(t.Identifier);
      alias = this.ACTION(() => buildVar(token));
    });
    return this.ACTION(() => {
      const span = this.spanFrom(start);
      const found = importFault(path, alias);
      if (found !== undefined) this.fault('parse/invalid-import', span, found.message, found.help);
      return { kind: 'Import', span, path, alias };
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
            this.fault(
              'parse/invalid-reference',
              segment.span,
              'the path of a package or import consists of names',
            );
        });
      },
    });
    return path;
  });

  /** query = body, up to the end */
  readonly query: ParserMethod<[], Body | undefined> = this.RULE('query', (): Body | undefined => {
    let body: Body | undefined;
    try {
      body = this.SUBRULE(this.body);
      this.ACTION(() => {
        if (this.LA(1).image !== '') this.unexpected('expected the end of the query');
      });
    } catch (error) {
      this.report(error);
    }
    return body;
  });

  private firstSpan(): Span {
    const token = this.stream.tokens[0];
    return token === undefined ? { start: 0, end: 0 } : tokenSpan(token);
  }

  /** Runs before the look at the next token: passes over what cannot begin a statement, telling it once. */
  private beginsStatement(): boolean {
    for (;;) {
      this.nameKeywordReference();
      const { image, tokenType } = this.LA(1);
      if (image === '' || STATEMENT_STARTS.has(tokenType)) return image !== '';
      const found = `expected a rule, found ${describeToken(this.LA(1))}`;
      const advice = adviceForRule(this.LA(1), this.LA(2), startsLine(this.stream, this.at()));
      this.fault('parse/unexpected-token', this.nextSpan(), found, advice);
      this.skipToStatement();
    }
  }

  /** `package` and `import` take a path that may begin with any word. */
  private nameAnyKeyword(): void {
    const token = this.LA(1);
    if (t.isKeyword(token.tokenType)) retype(token, t.Identifier);
  }

  /** Goes to the next line that begins with a word at its first column, or to the end. */
  private skipToStatement(): void {
    do this.skipOne();
    while (this.LA(1).image !== '' && !this.isStatementStart());
  }
}
