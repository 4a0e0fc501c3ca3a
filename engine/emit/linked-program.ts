/** A program whose code has been made into functions: what the runtime knows of its groups. */
import type { CheckedRule } from '../../lang/check/checked.ts';
import type { Decision } from '../contract/decision.ts';
import type { ConstantPlace } from '../interpret/constant-places.ts';
import type { RuleNode } from '../interpret/rule-tree.ts';
import type { Program } from '../plan/ir.ts';
import type { Value } from '../value/value.ts';
import type { CompiledWorld } from './world.ts';

/** Receives a member of a set, or keys followed by a value. */
export type AddContribution = (values: Value | readonly Value[]) => void;
/** Hands every contribution of a definition of a partial group to `add`; for the given keys only. */
export type PartialDefinition = (
  world: CompiledWorld,
  add: AddContribution,
  ...keys: readonly unknown[]
) => void;
/** The value of a definition, `agreed` being that of those before it. */
export type ValueDefinition = (
  world: CompiledWorld,
  agreed: unknown,
  ...args: readonly unknown[]
) => unknown;

export interface LinkedGroup {
  readonly index: number;
  readonly node: RuleNode;
  readonly kind: 'complete' | 'partial' | 'function';
  readonly rules: readonly CheckedRule[];
  readonly fallbacks: readonly CheckedRule[];
  readonly firstDecides: boolean;
  /** Every definition adds members to one set. */
  readonly isSet: boolean;
  readonly places: readonly ConstantPlace[];
  readonly longest: number;
  readonly arity: number;
}

/** What generated code hands back. */
export interface GeneratedFunctions {
  /** By group: the value of a complete group, or of a function for its arguments. */
  readonly values: readonly (
    | ((world: CompiledWorld, ...args: readonly unknown[]) => unknown)
    | undefined
  )[];
  /** By group: definitions of complete groups and functions, then their defaults. */
  readonly definitions: readonly (readonly ValueDefinition[])[];
  /** By group and number of keys: definitions of partial groups. */
  readonly partials: readonly (readonly (readonly PartialDefinition[])[])[];
  readonly defaults: readonly (readonly PartialDefinition[])[];
  /** Steps the code may take before it asks for more; gives back what was left. */
  readonly setFuel: (fuel: number, refuel: () => number) => number;
}

/** What code of a decision hands back besides. */
export interface GeneratedDecision extends GeneratedFunctions {
  /** Undefined when the reference has to decide. */
  readonly decide: (world: CompiledWorld) => Decision | undefined;
}

/** What code of watched rules hands back besides: a function for each form. */
export interface GeneratedWatch extends GeneratedFunctions {
  readonly watched: readonly ((
    world: CompiledWorld,
    constants: readonly Value[],
    watcher: RuleWatcher,
  ) => void)[];
}

/** Is told how far a rule comes, and what it finds. */
export interface RuleWatcher {
  /** A literal begins, with these values of the variables bound there. */
  reach(literal: number, values: readonly Value[]): void;
  /** A solution; true when no more are wanted. */
  found(value: Value): boolean;
}

/** A compiled query. */
export interface GeneratedQuery {
  readonly query: (
    world: CompiledWorld,
    solution: (values: readonly Value[]) => void,
    fuel: number,
    refuel: () => number,
  ) => void;
}

export interface LinkedProgram {
  readonly groups: readonly LinkedGroup[];
  readonly byPath: ReadonlyMap<string, number>;
  readonly functions: GeneratedFunctions;
  /** Why the reference interpreter evaluates this set; undefined when nothing of it is left to it. */
  readonly interpreted: string | undefined;
  /** The generated code, for readers. */
  readonly source: string;
}

/** What the runtime knows of a program. */
export function linkProgram(
  { groups, byPath }: Program,
  functions: GeneratedFunctions,
  lines: readonly string[],
): LinkedProgram {
  return {
    groups: groups.map((group) => ({
      ...group,
      rules: group.rules.map(({ rule }) => rule),
      fallbacks: group.fallbacks.map(({ rule }) => rule),
    })),
    byPath,
    functions,
    interpreted: groups.find(({ interpreted }) => interpreted !== undefined)?.interpreted,
    source: lines.join('\n'),
  };
}
