/** What a generated term may refer to at its place: bound variables, rules defined further on, functions. */
import type { Choices } from './choices.ts';

/** What kind of value a term is meant to have; `any` is what references and most variables give. */
export type Sort = 'any' | 'number' | 'string' | 'array' | 'set' | 'object' | 'boolean';

export interface BoundVariable {
  readonly name: string;
  readonly sort: Sort;
}

export interface GeneratedRule {
  readonly name: string;
  readonly kind: 'complete' | 'set' | 'object' | 'nested' | 'deep' | 'long';
}

export interface GeneratedFunction {
  readonly name: string;
  readonly arity: number;
}

export interface GeneratedLiteral {
  readonly text: string;
  readonly binds: readonly BoundVariable[];
}

export interface GeneratedBody {
  readonly text: string;
  readonly bound: readonly BoundVariable[];
}

/** Makes a body of at most so many literals; here because terms hold bodies and bodies hold terms. */
export type MakeBody = (choices: Choices, scope: Scope, most: number) => GeneratedBody;

export interface Scope {
  /** Variables that have a value here. */
  readonly bound: readonly BoundVariable[];
  readonly rules: readonly GeneratedRule[];
  readonly functions: readonly GeneratedFunction[];
  /** The module imports `data.lib`. */
  readonly library: boolean;
  /** Names of imported documents. */
  readonly imports: readonly string[];
  readonly body: MakeBody;
  /** Levels of nesting left. */
  readonly depth: number;
}

/** The same scope one level further in. */
export function inner(scope: Scope, more: readonly BoundVariable[] = []): Scope {
  return { ...scope, bound: [...scope.bound, ...more], depth: scope.depth - 1 };
}

/** A name not bound yet; names run out into numbered ones. */
export function freshName(scope: Scope): string {
  const pool = ['x', 'y', 'z', 'k', 'v', 'w'];
  const isFree = (name: string): boolean => scope.bound.every((bound) => bound.name !== name);
  return pool.find(isFree) ?? `n${scope.bound.length}`;
}
