/**
 * The front door of the language's front end: text → syntax tree. Nothing here throws for any text; what is wrong with it
 * comes back as diagnostics, beside as much of the tree as could be read.
 *
 * Importing this module loads the grammar's code; programs that may not need it import it dynamically. The parser itself,
 * whose making is the larger cost, is made at the first parse and kept for the life of the process.
 */
import type { Body, Module, Term } from './ast/nodes.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Source } from './source.ts';
import { ModuleParser } from './syntax/module-parser.ts';
import { MIN_LENGTH_IN_PIECES, parseInPieces } from './syntax/pieces.ts';
import { createLexer, MAX_SOURCE_LENGTH, scan, type TokenStream } from './syntax/scan.ts';

export interface ParsedModule {
  /** Undefined where the package is missing or a limit was met; otherwise what could be read, whatever the diagnostics. */
  readonly module: Module | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export interface ParsedQuery {
  readonly body: Body | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export interface ParsedTerm {
  readonly term: Term | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The one exception to "no module-level state": a memo that nobody can see or change from outside. A parse runs to its end
 * before another begins, so one instance serves all.
 */
const frontEnd = once(() => ({ lexer: createLexer(), parser: new ModuleParser() }));

/** Parses a policy file. */
export function parseModule(source: Source): ParsedModule {
  const isLarge = source.text.length >= MIN_LENGTH_IN_PIECES;
  const module = isLarge ? parseWithoutFault(source) : undefined;
  if (module !== undefined) return { module, diagnostics: [] };
  return withStream(source, NOTHING_READ, (parser, stream) => parser.parseModule(stream));
}

function parseWithoutFault(source: Source): Module | undefined {
  if (source.text.length > MAX_SOURCE_LENGTH) return undefined;
  const { lexer, parser } = frontEnd();
  return orTooDeep<ParsedModule>(source, NOTHING_READ, () => {
    const module = parseInPieces(lexer, parser, source);
    return { module, diagnostics: [] };
  }).module;
}

const NOTHING_READ: ParsedModule = { module: undefined, diagnostics: [] };

/** The tokens of a text, whatever is wrong with it; none where a limit was met. */
export function scanTokens(source: Source): TokenStream {
  return scan(frontEnd().lexer, source);
}

/** Parses a query: one or more literals, such as `data.p.q = x; x > 1`. */
export function parseQuery(source: Source): ParsedQuery {
  return withStream<ParsedQuery>(source, { body: undefined, diagnostics: [] }, (parser, stream) =>
    parser.parseQuery(stream),
  );
}

/** Parses one term, such as `{"a": {1, 2}}`. */
export function parseTerm(source: Source): ParsedTerm {
  const { body, diagnostics } = parseQuery(source);
  const [literal, ...others] = body?.literals ?? [];
  if (diagnostics.length > 0) return { term: undefined, diagnostics };
  if (literal?.expr.kind === 'TermExpr' && literal.with.length === 0 && others.length === 0) {
    return { term: literal.expr.term, diagnostics };
  }
  const span = literal?.span ?? { start: 0, end: 0 };
  const message = 'expected a single term';
  const fault: Diagnostic = {
    code: 'parse/unexpected-token',
    severity: 'error',
    message,
    source,
    span,
  };
  return { term: undefined, diagnostics: [fault] };
}

function withStream<T extends { readonly diagnostics: readonly Diagnostic[] }>(
  source: Source,
  nothing: T,
  parse: (parser: ModuleParser, stream: TokenStream) => T,
): T {
  const { lexer, parser } = frontEnd();
  const stream = scan(lexer, source);
  if (!stream.usable) return { ...nothing, diagnostics: stream.diagnostics };
  const parsed = orTooDeep(source, nothing, () => parse(parser, stream));
  const diagnostics = [...stream.diagnostics, ...parsed.diagnostics];
  return { ...parsed, diagnostics: diagnostics.sort((a, b) => a.span.start - b.span.start) };
}

/** The nesting limit leaves ample stack; a caller that has used most of it up must still get a diagnostic. */
function orTooDeep<T>(source: Source, nothing: T, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    if (!(cause instanceof RangeError && cause.message.includes('call stack'))) throw cause;
    const message = 'the source is nested too deeply to be read here';
    const span = { start: 0, end: 1 };
    return {
      ...nothing,
      diagnostics: [{ code: 'parse/limit', severity: 'error', message, source, span }],
    };
  }
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
