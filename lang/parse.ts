/**
 * The front door of the language's front end: text → syntax tree. Nothing here throws for any text; what is wrong with it
 * comes back as diagnostics, beside as much of the tree as could be read.
 *
 * Importing this module loads the grammar, which costs start-up time: programs that may not need it import it dynamically.
 */
import type { Body, Module, Term } from './ast/nodes.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Source } from './source.ts';
import { ModuleParser } from './syntax/module-parser.ts';
import { createLexer, scan } from './syntax/scan.ts';

const lexer = createLexer();
const parser = new ModuleParser();

/** Parses a policy file. `module` is undefined where there is no package or the source is beyond a limit. */
export function parseModule(source: Source): {
  readonly module: Module | undefined;
  readonly diagnostics: readonly Diagnostic[];
} {
  const stream = scan(lexer, source);
  if (!stream.usable) return { module: undefined, diagnostics: stream.diagnostics };
  const { module, diagnostics } = parser.parseModule(stream);
  return { module, diagnostics: [...stream.diagnostics, ...diagnostics] };
}

/** Parses a query: one or more literals, such as `data.p.q = x; x > 1`. */
export function parseQuery(source: Source): {
  readonly body: Body | undefined;
  readonly diagnostics: readonly Diagnostic[];
} {
  const stream = scan(lexer, source);
  if (!stream.usable) return { body: undefined, diagnostics: stream.diagnostics };
  const { body, diagnostics } = parser.parseQuery(stream);
  return { body, diagnostics: [...stream.diagnostics, ...diagnostics] };
}

/** Parses one term, such as `{"a": {1, 2}}`. */
export function parseTerm(source: Source): {
  readonly term: Term | undefined;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { body, diagnostics } = parseQuery(source);
  const expr = body?.literals.length === 1 ? body.literals[0]?.expr : undefined;
  const term = expr?.kind === 'TermExpr' ? expr.term : undefined;
  if (term !== undefined || diagnostics.length > 0) return { term, diagnostics };
  const span = { start: 0, end: source.text.length };
  const message = 'expected a single term';
  return {
    term,
    diagnostics: [{ code: 'parse/unexpected-token', severity: 'error', message, source, span }],
  };
}
