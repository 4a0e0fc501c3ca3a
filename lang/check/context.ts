/** What lowering one rule needs at hand: its names, its module's imports, and where faults go. */
import type { Body, Literal, Term } from '../ast/nodes.ts';
import type { DiagnosticCode } from '../codes.ts';
import type { RelatedPlace } from '../diagnostic.ts';
import type { Source, Span } from '../source.ts';
import type { Definedness } from './always-defined.ts';
import type { LoweredTerm, LoweredWith, Step } from './lowered.ts';
import type { Report } from './report.ts';
import type { Scopes } from './scope.ts';
import type { BuiltinTable } from './signatures.ts';

/** What an unqualified name of a module means: `data...` or `input...`. */
export interface Global {
  readonly root: 'data' | 'input';
  readonly path: readonly string[];
}

export interface ModuleContext {
  readonly source: Source;
  readonly report: Report;
  readonly builtins: BuiltinTable;
  readonly globals: ReadonlyMap<string, Global>;
  /** The module imports `future.keywords.not`: a negation is a body of its own. */
  readonly notBodies: boolean;
  /** Does the rule at this place below `data`, as keys of the rule tree, have a value whatever the input? */
  readonly definednessOf: (keys: readonly string[]) => Definedness;
  /** Is there a function at this `data` path? */
  readonly isFunction: (path: readonly string[]) => boolean;
  readonly lower: Lowering;
}

/** Lowers the parts of a statement; in the context because terms hold bodies and bodies hold terms. */
export interface Lowering {
  readonly term: (ctx: RuleContext, term: Term, sink: StepSink) => LoweredTerm;
  readonly body: (ctx: RuleContext, body: Body, usedBy: readonly Term[]) => Step[];
}

export interface RuleContext extends ModuleContext {
  readonly scopes: Scopes;
  /** Names that locals of enclosing bodies take from the globals, innermost last. */
  readonly hidden: ReadonlySet<string>[];
  readonly names: NameSource;
  /** Builtins the branch calls, and variables of it that have a builtin's name; one name cannot be both. */
  readonly called: Map<string, Span>;
  readonly builtinVars: Set<string>;
  /** The rule holds a template or a `print`, whose variables are checked on their own. */
  embeds: boolean;
  /** The branch calls `rego.metadata.*`. */
  asksMetadata: boolean;
  readonly fault: (
    code: DiagnosticCode,
    span: Span,
    message: string,
    extra?: { readonly help?: string; readonly related?: readonly RelatedPlace[] },
  ) => void;
}

/** Makes names that no text can hold, unique within a rule. */
export interface NameSource {
  /** A name for a value the checker takes apart. */
  fresh(): string;
  /** A name of its own for what the text calls `name`. */
  unique(name: string): string;
  /** Generated → written. */
  readonly originals: ReadonlyMap<string, string>;
}

/** Names made for the rules of a set: rules that use the same words share them. */
export interface NameTable {
  readonly originals: Map<string, string>;
  readonly made: Map<string, string>;
}

export function makeNameTable(): NameTable {
  return { originals: new Map(), made: new Map() };
}

/** Names for one rule; what a generated name was in the text is the same for all rules of the table. */
export function makeNameSource({ originals, made } = makeNameTable()): NameSource {
  let next = 0;
  return {
    fresh() {
      next += 1;
      return `$${next}`;
    },
    unique(name) {
      next += 1;
      const text = `$${name}.${next}`;
      const known = made.get(text);
      if (known !== undefined) return known;
      made.set(text, text);
      originals.set(text, name);
      return text;
    },
    originals,
  };
}

/** Is the name one the checker made without a name in the text behind it? */
export function isGenerated(names: NameSource, name: string): boolean {
  return name.startsWith('$') && (names.originals.get(name) ?? '_') === '_';
}

/** The name as the user knows it. */
export function writtenName(names: NameSource, name: string): string {
  return names.originals.get(name) ?? name;
}

/** Where the steps of a statement go, and what they have in common. */
export interface StepSink {
  readonly steps: Step[];
  readonly with: readonly LoweredWith[];
  readonly origin: Literal | undefined;
}
