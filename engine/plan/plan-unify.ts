/**
 * Plans unification. Which variables are bound is known, so a pattern becomes bindings and tests, and the order in which two
 * sides with unbound variables are taken apart is decided here.
 */
import type { Term } from '../../lang/ast/nodes.ts';
import { isDocument } from '../interpret/term-facts.ts';
import { canonicalKey } from '../value/compare.ts';
import type { Operand } from './ir.ts';
import { testEqual } from './plan-ref.ts';
import {
  addFail,
  addTest,
  domainOfOperand,
  hasUnbound,
  isSingle,
  letRegister,
  type Planner,
  Unplannable,
} from './planner.ts';

/** See `PlannerParts.match`. */
export function planMatch(p: Planner, pattern: Term, value: Operand): void {
  if (pattern.kind === 'Var' && !isDocument(pattern) && !p.bound.has(pattern.name)) {
    p.bound.set(pattern.name, named(value, pattern.name));
    return;
  }
  const { elements } = p.context.facts.of(pattern);
  if (elements.length > 0 || !isSingle(p, pattern)) {
    if (pattern.kind === 'Array') {
      matchArray(p, pattern, value);
      return;
    }
    if (pattern.kind === 'Object') {
      matchObject(p, pattern, value);
      return;
    }
  }
  testEqual(p, p.parts.term(p, pattern), value);
}

function named(value: Operand, name: string): Operand {
  return value.kind === 'register' && value.name === undefined ? { ...value, name } : value;
}

function matchArray(p: Planner, pattern: Extract<Term, { kind: 'Array' }>, value: Operand): void {
  addTest(p, { kind: 'isArray', operand: value, length: pattern.items.length });
  const domain = domainOfOperand(value);
  for (const [index, item] of pattern.items.entries()) {
    p.parts.match(p, item, letRegister(p, { kind: 'item', of: value, index }, domain));
  }
}

function matchObject(p: Planner, pattern: Extract<Term, { kind: 'Object' }>, value: Operand): void {
  addTest(p, { kind: 'isObject', operand: value, size: pattern.entries.length });
  const domain = domainOfOperand(value);
  const found = pattern.entries.map((entry) => {
    const key = p.parts.term(p, entry.key);
    return letRegister(p, { kind: 'entry', of: value, key }, domain);
  });
  for (const [index, entry] of pattern.entries.entries()) {
    const operand = found[index];
    if (operand !== undefined) p.parts.match(p, entry.value, operand);
  }
}

interface Pair {
  readonly left: Term;
  readonly right: Term;
}

/** See `PlannerParts.unify`: a pair that has unbound variables on both sides waits, unless it can be taken apart. */
export function planUnify(p: Planner, left: Term, right: Term): void {
  let pairs: readonly Pair[] = [{ left, right }];
  while (pairs.length > 0) {
    const next = unifyOne(p, pairs);
    if (next === undefined) return;
    pairs = next;
  }
}

/** The pairs that are left after one of them; undefined when they can never be equal. */
function unifyOne(p: Planner, pairs: readonly Pair[]): readonly Pair[] | undefined {
  for (const [index, pair] of pairs.entries()) {
    const { left, right } = pair;
    const [known, pattern] = hasUnbound(p, left) ? [right, left] : [left, right];
    if (!hasUnbound(p, known)) {
      p.parts.match(p, pattern, p.parts.term(p, known));
      return pairs.filter((other) => other !== pair);
    }
    const parts = takeApart(p, left, right);
    if (parts === 'differs') {
      addFail(p);
      return undefined;
    }
    if (parts !== undefined) return [...pairs.slice(0, index), ...parts, ...pairs.slice(index + 1)];
  }
  throw new Unplannable('neither side of a unification has a value');
}

function takeApart(p: Planner, left: Term, right: Term): readonly Pair[] | 'differs' | undefined {
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
  const others = new Map(right.entries.map((entry) => [keyText(p, entry.key), entry.value]));
  const pairs: Pair[] = [];
  for (const entry of left.entries) {
    const other = others.get(keyText(p, entry.key));
    if (other === undefined) return 'differs';
    pairs.push({ left: entry.value, right: other });
  }
  return pairs;
}

function keyText(p: Planner, key: Term): string {
  const { constant } = p.context.facts.of(key);
  if (constant !== undefined) return canonicalKey(constant);
  throw new Unplannable('two object patterns with keys that are no constants');
}
