/**
 * Unification: making two terms equal by binding the variables of either side. A pattern binds a variable where the variable
 * stands as an element; whatever else stands in it is evaluated and compared.
 */
import type { Term } from '../../lang/ast/nodes.ts';
import { equalValues, isArray, isObject } from '../value/compare.ts';
import type { Value } from '../value/value.ts';
import { hasUnbound, isSingle, type Next, type Scope } from './machine.ts';
import { internalFailure } from './places.ts';
import { isDocument } from './term-facts.ts';

interface Pair {
  readonly left: Term;
  readonly right: Term;
}

/** See `Machine.match`. */
export function match(scope: Scope, pattern: Term, value: Value, next: Next): boolean {
  if (isSingle(scope, pattern)) return fits(scope, pattern, value) && next();
  const parts = partsOf(scope, pattern, value);
  if (parts === undefined) {
    return scope.machine.each(scope, pattern, (found) => equalValues(found, value) && next());
  }
  return parts !== 'differs' && matchAll(scope, parts, 0, next);
}

function matchAll(
  scope: Scope,
  parts: readonly (readonly [Term, Value])[],
  index: number,
  next: Next,
): boolean {
  const part = parts[index];
  if (part === undefined) return next();
  const mark = scope.frame.mark();
  const stopped = match(scope, part[0], part[1], () => matchAll(scope, parts, index + 1, next));
  scope.frame.undo(mark);
  return stopped;
}

/**
 * Binds a pattern that has one way to match at most, see `isSingle`. The caller undoes the bindings, also after a `false`.
 */
export function fits(scope: Scope, pattern: Term, value: Value): boolean {
  const { elements } = scope.machine.facts.of(pattern);
  if (pattern.kind === 'Var' && !isDocument(pattern) && !scope.frame.has(pattern.name)) {
    scope.frame.bind(pattern.name, value);
    return true;
  }
  if (elements.length > 0) {
    const parts = partsOf(scope, pattern, value);
    if (parts === 'differs') return false;
    if (parts !== undefined) return parts.every(([part, member]) => fits(scope, part, member));
  }
  const found = scope.machine.one(scope, pattern);
  return found !== undefined && equalValues(found, value);
}

/**
 * The elements of a composite pattern, each with the member of the value it must equal; `differs` when their number or keys
 * rule that out; undefined when the pattern has no elements to bind.
 */
function partsOf(
  scope: Scope,
  pattern: Term,
  value: Value,
): readonly (readonly [Term, Value])[] | 'differs' | undefined {
  if (pattern.kind === 'Array') {
    if (!isArray(value) || value.length !== pattern.items.length) return 'differs';
    return pattern.items.map((item, index) => [item, value[index] ?? null]);
  }
  if (pattern.kind !== 'Object') return undefined;
  if (!isObject(value) || value.size !== pattern.entries.length) return 'differs';
  const parts: (readonly [Term, Value])[] = [];
  for (const entry of pattern.entries) {
    const key = scope.machine.one(scope, entry.key);
    const found = key === undefined ? undefined : value.get(key);
    if (found === undefined) return 'differs';
    parts.push([entry.value, found]);
  }
  return parts;
}

/** True when `fits` decides a unification: one side has a value, and neither has several. */
export function isSingleUnification(scope: Scope, left: Term, right: Term): boolean {
  return (
    isSingle(scope, left) &&
    isSingle(scope, right) &&
    !(hasUnbound(scope, left) && hasUnbound(scope, right))
  );
}

/** A unification for which `isSingleUnification` holds. */
export function unifySingle(scope: Scope, left: Term, right: Term): boolean {
  const [pattern, known] = hasUnbound(scope, left) ? [left, right] : [right, left];
  const value = scope.machine.one(scope, known);
  return value !== undefined && fits(scope, pattern, value);
}

/** Every way to make two terms equal. */
export function unify(scope: Scope, left: Term, right: Term, next: Next): boolean {
  return unifyPairs(scope, [{ left, right }], next);
}

/**
 * A pair with unbound variables on both sides waits until another pair has bound them (`[x, 1] = [y, x]`), unless it can be
 * taken apart.
 */
function unifyPairs(scope: Scope, pairs: readonly Pair[], next: Next): boolean {
  if (pairs.length === 0) return next();
  for (const [index, pair] of pairs.entries()) {
    const { left, right } = pair;
    const others = pairs.filter((other) => other !== pair);
    const rest = (): boolean => unifyPairs(scope, others, next);
    if (!hasUnbound(scope, left)) return unifyKnown(scope, left, right, rest);
    if (!hasUnbound(scope, right)) return unifyKnown(scope, right, left, rest);
    const parts = takeApart(scope, left, right);
    if (parts === 'differs') return false;
    if (parts !== undefined) {
      const all = [...pairs.slice(0, index), ...parts, ...pairs.slice(index + 1)];
      return unifyPairs(scope, all, next);
    }
  }
  throw internalFailure(scope, 'neither side of a unification has a value', pairs[0]?.left);
}

function unifyKnown(scope: Scope, known: Term, pattern: Term, next: Next): boolean {
  return scope.machine.each(scope, known, (value) => {
    const mark = scope.frame.mark();
    const stopped = match(scope, pattern, value, next);
    scope.frame.undo(mark);
    return stopped;
  });
}

function takeApart(scope: Scope, left: Term, right: Term): readonly Pair[] | 'differs' | undefined {
  if (left.kind === 'Array' && right.kind === 'Array') {
    if (left.items.length !== right.items.length) return 'differs';
    return left.items.flatMap((item, index) => {
      const other = right.items[index];
      return other === undefined ? [] : [{ left: item, right: other }];
    });
  }
  if (left.kind !== 'Object' || right.kind !== 'Object') {
    return left.kind !== 'Var' && right.kind !== 'Var' ? 'differs' : undefined;
  }
  if (left.entries.length !== right.entries.length) return 'differs';
  const pairs: Pair[] = [];
  for (const entry of left.entries) {
    const key = scope.machine.one(scope, entry.key);
    const other = right.entries.find((candidate) => {
      const otherKey = scope.machine.one(scope, candidate.key);
      return key !== undefined && otherKey !== undefined && equalValues(key, otherKey);
    });
    if (other === undefined) return 'differs';
    pairs.push({ left: entry.value, right: other.value });
  }
  return pairs;
}
