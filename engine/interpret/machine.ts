/**
 * How the parts of the interpreter call one another. Each part is a file of functions that know only this interface;
 * interpreter.ts puts them together.
 *
 * Two ways to evaluate: `one` for a term that has one value at most (see `isSingle`), and `each`, which hands every value to
 * `next` and steps back in between. `next` answers true to stop the search, and the search then answers true.
 */
import type { Body, Call, Ref, Term, With } from '../../lang/ast/nodes.ts';
import type { Callee } from '../../lang/check/checked.ts';
import type { BuiltinTable as SignatureTable } from '../../lang/check/signatures.ts';
import type { BuiltinContext } from '../builtins/context.ts';
import type { BuiltinTable } from '../builtins/registry.ts';
import type { Budget } from '../run/limits.ts';
import type { Value } from '../value/value.ts';
import type { Frame } from './frame.ts';
import type { RuleNode } from './rule-tree.ts';
import type { TermFactTable } from './term-facts.ts';
import type { Tracer } from './tracer.ts';
import type { World } from './world.ts';

/** Continues a search with a value; true stops it. */
export type NextValue = (value: Value) => boolean;
export type NextValues = (values: readonly Value[]) => boolean;
/** Continues a search with what is bound; true stops it. */
export type Next = () => boolean;

/** Where a term is evaluated. */
export interface Scope {
  readonly machine: Machine;
  readonly world: World;
  readonly frame: Frame;
}

export interface Machine {
  /** What a call calls, as the checker resolved it. */
  calleeOf(call: Call): Callee | undefined;
  /** All rules, whatever a `with` has put out of sight. */
  readonly tree: RuleNode;
  readonly facts: TermFactTable;
  readonly budget: Budget;
  readonly builtins: BuiltinTable;
  /** Of all builtins a policy may name, those that only a `with` can replace too. */
  readonly signatures: SignatureTable;
  readonly builtinContext: BuiltinContext;
  /** A builtin that fails ends the evaluation instead of being undefined. */
  readonly strictBuiltinErrors: boolean;
  /** Receives what `print` prints; undefined when printing is off, and its arguments are then not evaluated. */
  readonly print: ((line: string) => void) | undefined;
  /** Watches the evaluation. */
  readonly tracer: Tracer | undefined;
  /** Input paths that were looked at. */
  readonly reads: Set<string>;
  /** The value of a term for which `isSingle` holds; undefined when it has none. */
  one(scope: Scope, term: Term): Value | undefined;
  each(scope: Scope, term: Term, next: NextValue): boolean;
  /** Every combination of values of several terms. */
  eachList(scope: Scope, terms: readonly Term[], next: NextValues): boolean;
  oneRef(scope: Scope, ref: Ref): Value | undefined;
  eachRef(scope: Scope, ref: Ref, next: NextValue): boolean;
  /** Binds what is unbound in `pattern` so that it equals `value`. The caller undoes the bindings. */
  match(scope: Scope, pattern: Term, value: Value, next: Next): boolean;
  /** Every solution of a body. */
  solve(scope: Scope, body: Body | undefined, next: Next): boolean;
  /** Applies `with` modifiers: `inner` is evaluated in the world they make, what it calls on success in that of `scope`. */
  overlay(scope: Scope, modifiers: readonly With[], inner: (scope: Scope) => boolean): boolean;
  /** The whole document at a place: base data and rules merged. */
  document(world: World, node: RuleNode, base: Value | undefined): Value | undefined;
  /** The value of a node of kind `complete`, or the part of a `partial` one below ground keys. */
  ruleValue(world: World, node: RuleNode, keys: readonly Value[]): Value | undefined;
  call(scope: Scope, call: Call, callee: Callee, args: readonly Value[], next: NextValue): boolean;
  /** The one value of a builtin that is no relation; `node` is where it is called. */
  builtin(scope: Scope, name: string, args: readonly Value[], node: Term): Value | undefined;
  /** The value of a function of the policy. */
  functionValue(world: World, node: RuleNode, args: readonly Value[]): Value | undefined;
}

/** True when a term has one value at most, whatever the data. */
export function isSingle(scope: Scope, term: Term): boolean {
  const facts = scope.machine.facts.of(term);
  return !facts.many && facts.enumerated.every((name) => scope.frame.has(name));
}

/** True when unifying the term can bind a variable. */
export function hasUnbound(scope: Scope, term: Term): boolean {
  const { elements } = scope.machine.facts.of(term);
  return elements.length > 0 && elements.some((name) => !scope.frame.has(name));
}
