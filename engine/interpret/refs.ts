/**
 * References: walking from a document, variable or other term along keys that are known, or unbound and therefore enumerated.
 * Base data and rules are one tree below `data`; where rules define a place, they alone do.
 */
import type { Ref, RefSegment, Term } from '../../lang/ast/nodes.ts';
import { isArray, isObject, isSet } from '../value/compare.ts';
import type { Value } from '../value/value.ts';
import { member } from './input-document.ts';
import { hasUnbound, isSingle, type NextValue, type Scope } from './machine.ts';
import type { RuleNode } from './rule-tree.ts';

/** See `Machine.oneRef`: for references whose variables are all bound. */
export function oneRef(scope: Scope, ref: Ref): Value | undefined {
  let result: Value | undefined;
  eachRef(scope, ref, (value) => {
    result = value;
    return true;
  });
  return result;
}

/** See `Machine.eachRef`. */
export function eachRef(scope: Scope, ref: Ref, next: NextValue): boolean {
  const { head, path } = ref;
  if (head.kind === 'Var' && !scope.frame.has(head.name)) {
    if (head.name === 'data') {
      return walkTree(scope, { node: scope.world.tree, base: scope.world.data }, path, 0, next);
    }
    if (head.name === 'input') {
      const names = leadingNames(path);
      const key = names.join('\0');
      if (scope.world.inputIsGiven) scope.machine.reads.add(readPath(names));
      const value = scope.world.input.at(names, key);
      return value !== undefined && walkValue(scope, value, path, names.length, next);
    }
  }
  return scope.machine.each(scope, head, (value) => walkValue(scope, value, path, 0, next));
}

/** The names a reference starts with before its first key that is not a string of the text. */
function leadingNames(path: readonly RefSegment[]): readonly string[] {
  const names: string[] = [];
  for (const { term } of path) {
    if (term.kind !== 'String') break;
    names.push(term.value);
  }
  return names;
}

/** `input.a.b`; a name with a dot in it is written `input["a.b"]`. */
function readPath(names: readonly string[]): string {
  let text = 'input';
  for (const name of names) {
    text += /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
  }
  return text;
}

function walkValue(
  scope: Scope,
  start: Value,
  path: readonly RefSegment[],
  from: number,
  next: NextValue,
): boolean {
  let value: Value | undefined = start;
  for (let index = from; index < path.length; index += 1) {
    const term = path[index]?.term;
    if (term === undefined) break;
    if (hasUnbound(scope, term)) return enumerate(scope, value, term, path, index, next);
    if (!isSingle(scope, term)) {
      const collection: Value = value;
      return scope.machine.each(scope, term, (key) => {
        const found = member(collection, key);
        return found !== undefined && walkValue(scope, found, path, index + 1, next);
      });
    }
    const key = scope.machine.one(scope, term);
    value = key === undefined ? undefined : member(value, key);
    if (value === undefined) return false;
  }
  return next(value);
}

function enumerate(
  scope: Scope,
  collection: Value,
  pattern: Term,
  path: readonly RefSegment[],
  index: number,
  next: NextValue,
): boolean {
  scope.machine.budget.enter();
  let stopped = false;
  for (const [key, value] of membersOf(collection)) {
    scope.machine.budget.step();
    const mark = scope.frame.mark();
    stopped = scope.machine.match(scope, pattern, key, () =>
      walkValue(scope, value, path, index + 1, next),
    );
    scope.frame.undo(mark);
    if (stopped) break;
  }
  scope.machine.budget.leave();
  return stopped;
}

/** Keys and values of a collection in Rego's order; nothing for a scalar. */
export function* membersOf(collection: Value): Generator<readonly [key: Value, value: Value]> {
  if (isArray(collection)) yield* collection.entries();
  else if (isObject(collection)) yield* collection.toSortedEntries();
  else if (isSet(collection)) for (const value of collection.toSorted()) yield [value, value];
}

/** A place below `data`: what rules and what base data stand there. */
interface Place {
  readonly node: RuleNode | undefined;
  readonly base: Value | undefined;
}

function walkTree(
  scope: Scope,
  place: Place,
  path: readonly RefSegment[],
  index: number,
  next: NextValue,
): boolean {
  const { machine } = scope;
  const { node, base } = place;
  if (node === undefined) {
    return base !== undefined && walkValue(scope, base, path, index, next);
  }
  if (node.kind === 'function') return false;
  if (node.kind !== 'branch') {
    const keys = node.kind === 'partial' ? groundKeys(scope, path, index) : [];
    if (keys === undefined) return false;
    const value = machine.ruleValue(scope.world, node, keys);
    return value !== undefined && walkValue(scope, value, path, index, next);
  }
  const term = path[index]?.term;
  if (term === undefined) {
    const document = machine.document(scope.world, node, base);
    return document !== undefined && next(document);
  }
  const descend = (key: Value): boolean =>
    walkTree(scope, childOf(place, key), path, index + 1, next);
  if (!hasUnbound(scope, term)) {
    if (!isSingle(scope, term)) return machine.each(scope, term, descend);
    const key = machine.one(scope, term);
    return key !== undefined && descend(key);
  }
  machine.budget.enter();
  let stopped = false;
  for (const key of keysOf(node, base)) {
    machine.budget.step();
    const mark = scope.frame.mark();
    stopped = machine.match(scope, term, key, () => descend(key));
    scope.frame.undo(mark);
    if (stopped) break;
  }
  machine.budget.leave();
  return stopped;
}

/** Values of the keys from `index` on, up to the first that is not known; undefined when one of them has no value. */
function groundKeys(
  scope: Scope,
  path: readonly RefSegment[],
  index: number,
): readonly Value[] | undefined {
  const keys: Value[] = [];
  for (const { term } of path.slice(index)) {
    if (hasUnbound(scope, term) || !isSingle(scope, term)) break;
    const key = scope.machine.one(scope, term);
    if (key === undefined) return undefined;
    keys.push(key);
  }
  return keys;
}

function childOf(place: Place, key: Value): Place {
  const node = typeof key === 'string' ? place.node?.children.get(key) : undefined;
  return { node, base: place.base === undefined ? undefined : member(place.base, key) };
}

function keysOf(node: RuleNode, base: Value | undefined): readonly Value[] {
  const keys: Value[] = [];
  const seen = new Set<Value>();
  for (const [key] of base === undefined ? [] : membersOf(base)) {
    keys.push(key);
    seen.add(key);
  }
  for (const name of [...node.children.keys()].sort()) if (!seen.has(name)) keys.push(name);
  return keys;
}
