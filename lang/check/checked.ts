/**
 * What checking yields: the module set in the form the engine evaluates. Produced by `lang/check`, read by `engine`.
 *
 * INVARIANTS (the engine relies on each, `lang/check` establishes them):
 * 1. Names are resolved: a `Var` named `data` or `input` is the document; every other `Var` is a local, a parameter or a
 *    generated name. Imports and rule names of the package have become `data...` / `input...` references.
 * 2. Locals are unique within a rule: a shadowing declaration, and every wildcard, has a name of its own. A name in the
 *    user's text is kept in `originalNames` for messages. Generated names start with `$` (they cannot be written).
 * 3. `SomeDecl` is gone (its effect is in the names). `SomeIn`, `Every`, `Assign`, `Unify` remain.
 * 4. Literals of every body are in an order in which each is safe to evaluate from left to right.
 * 5. `Call.operator` of a user function is the full `data.pkg.f` reference; of a builtin it is the builtin's name as a
 *    reference of dot segments (`count`, `object.get`). `callee` of that call tells which. Arity is checked; a call with one
 *    argument more than the arity carries an output argument.
 * 6. OPA's legacy `not` is explicit: where the module does not import `future.keywords.not`, what OPA's compiler hoists out
 *    of a negated expression stands as literals before it. The engine negates the body as it stands.
 * 7. Neither recursion nor rule conflicts that OPA rejects at compile time are left.
 */
import type { Call, Module, Rule } from '../ast/nodes.ts';
import type { Source } from '../source.ts';
import type { CheckedTypes } from '../types/check-types.ts';
import type { AnnotationSet } from './annotation.ts';

export interface CheckedModule {
  readonly source: Source;
  readonly module: Module;
  readonly rules: readonly CheckedRule[];
}

/** A rule after resolution; `rule.head.ref` starts with the rule's own name, `path` is its full static prefix. */
export interface CheckedRule {
  readonly rule: Rule;
  /** Where it was written. */
  readonly source: Source;
  /** Package path, without `data`. */
  readonly package: readonly string[];
  /** Static part of the rule's place below `data`: the package path and the ground, leading string segments of the head. */
  readonly path: readonly string[];
  /** Generated or renamed variable → the name in the text; names of other rules may be among them. */
  readonly originalNames: ReadonlyMap<string, string>;
}

export type Callee =
  | { readonly kind: 'builtin'; readonly name: string }
  | { readonly kind: 'function'; readonly path: readonly string[] };

export interface CheckedModuleSet {
  readonly modules: readonly CheckedModule[];
  /** Every rule of the set by its static path joined with NUL, in source order. */
  readonly rulesByPath: ReadonlyMap<string, readonly CheckedRule[]>;
  /** What each resolved call calls. */
  readonly callees: ReadonlyMap<Call, Callee>;
  /** The METADATA blocks of all modules; `rego.metadata.*` calls have been replaced by what they yield. */
  readonly annotations: AnnotationSet;
  /** What the rules are known to be, for typing queries; undefined where types were not asked for. */
  readonly types: CheckedTypes | undefined;
}

/** The key of `rulesByPath`. */
export function pathKey(path: readonly string[]): string {
  return path.join('\0');
}
