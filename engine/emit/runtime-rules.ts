/** What generated code asks of the rules beyond direct calls: partial documents, conflicts, and places known only at run time. */
import { Extent } from '../interpret/extent.ts';
import { conflictFailure } from '../interpret/places.ts';
import type { RuleNode } from '../interpret/rule-tree.ts';
import type { Site } from '../plan/ir.ts';
import { EvaluationFailure, placeInRule } from '../run/failure.ts';
import { canonicalKey, equalValues, isObject } from '../value/compare.ts';
import { ObjectBuilder } from '../value/object.ts';
import { SetBuilder } from '../value/set.ts';
import type { Value } from '../value/value.ts';
import type { LinkedGroup } from './linked-program.ts';
import { box, keysOf, memberOf, valuesOf } from './runtime-access.ts';
import { type CompiledWorld, NO_VALUE } from './world.ts';

function groupAt(w: CompiledWorld, index: number): LinkedGroup {
  const group = w.e.program.groups[index];
  if (group === undefined) throw new Error(`there is no group ${index}`);
  return group;
}

/** The document of a partial group as far as it lies below the keys. */
export function partialValue(w: CompiledWorld, index: number, given: readonly unknown[]): Value {
  const memo = w.memo(index);
  const whole = memo.get('');
  if (whole !== undefined) return whole as Value;
  const group = groupAt(w, index);
  const { partials, defaults } = w.e.program.functions;
  const asked = partials[index]?.length ?? 1;
  const keys = given.slice(0, Math.min(group.longest, asked - 1)).map((key) => box(w, key));
  const name = keys.length === 0 ? '' : canonicalKey(keys);
  const known = memo.get(name);
  if (known !== undefined) return known as Value;
  const value = group.isSet
    ? setOf(w, group, keys)
    : extentOf(w, group, keys, partials[index]?.[keys.length] ?? [], defaults[index] ?? []);
  memo.set(name, value);
  return value;
}

function setOf(w: CompiledWorld, group: LinkedGroup, keys: readonly Value[]): Value {
  const builder = new SetBuilder();
  const add = (member: Value | readonly Value[]): void => void builder.add(member);
  const definitions = w.e.program.functions.partials[group.index]?.[keys.length] ?? [];
  for (const definition of definitions) definition(w, add, ...keys);
  return builder.build();
}

type Definitions = LinkedDefinitions[number];
type LinkedDefinitions = CompiledWorld['e']['program']['functions']['partials'][number];

function extentOf(
  w: CompiledWorld,
  group: LinkedGroup,
  keys: readonly Value[],
  definitions: Definitions,
  defaults: Definitions,
): Value {
  const extent = new Extent(group.isSet);
  for (const [at, definition] of definitions.entries()) {
    const rule = group.rules[at];
    if (rule === undefined) continue;
    definition(w, (values) => extent.add(rule, initial(values), last(values)), ...keys);
  }
  for (const [at, definition] of defaults.entries()) {
    const rule = group.fallbacks[at];
    if (rule === undefined) continue;
    definition(w, (values) => {
      if (!extent.has(initial(values))) extent.add(rule, initial(values), last(values));
    });
  }
  for (const place of group.places) extent.establish(place.rule, place.path, place.isSet);
  return extent.build();
}

function initial(values: Value | readonly Value[]): readonly Value[] {
  return Array.isArray(values) ? values.slice(0, -1) : [];
}

function last(values: Value | readonly Value[]): Value {
  return Array.isArray(values) ? (values.at(-1) ?? null) : (values as Value);
}

const COMPLETE_CONFLICT = 'complete rules must not produce multiple outputs';
const FUNCTION_CONFLICT = 'functions must not produce multiple outputs for same inputs';

/** Two definitions disagree: ends the evaluation, naming the first that had a value and the one that differs. */
export function conflict(
  w: CompiledWorld,
  index: number,
  at: number,
  args: readonly unknown[],
): never {
  const group = groupAt(w, index);
  const definitions = w.e.program.functions.definitions[index] ?? [];
  let first = at;
  for (let earlier = 0; earlier < at; earlier += 1) {
    if (definitions[earlier]?.(w, undefined, ...args) !== undefined) {
      first = earlier;
      break;
    }
  }
  const [one, other] = [group.rules[first], group.rules[at]];
  if (one === undefined || other === undefined) throw new Error('a conflict needs two rules');
  const message = group.kind === 'function' ? FUNCTION_CONFLICT : COMPLETE_CONFLICT;
  throw conflictFailure(message, one, other);
}

/** Ends the evaluation at a place of the text. */
export function failAt(site: Site, message: string): never {
  const places = site.rule === undefined ? [] : [placeInRule(site.rule, site.span)];
  throw new EvaluationFailure('eval_conflict_error', message, places);
}

/** A place of the rule tree at which rules or packages lie deeper down. */
class Place {
  readonly node: RuleNode;
  readonly base: Value | undefined;

  constructor(node: RuleNode, base: Value | undefined) {
    this.node = node;
    this.base = base;
  }
}

/** The root of the rule tree. */
export function rootPlace(w: CompiledWorld, rest: readonly unknown[]): unknown {
  return settle(w, w.tree, w.data, rest);
}

/** What lies under a key: a place, a value, or nothing. */
export function childPlace(
  w: CompiledWorld,
  place: unknown,
  key: unknown,
  rest: readonly unknown[],
): unknown {
  if (!(place instanceof Place)) return memberOf(w, place, key);
  const node = typeof key === 'string' ? place.node.children.get(key) : undefined;
  const base = place.base === undefined ? undefined : memberOf(w, place.base, key);
  return node === undefined ? base : settle(w, node, base as Value | undefined, rest);
}

function settle(
  w: CompiledWorld,
  node: RuleNode,
  base: Value | undefined,
  rest: readonly unknown[],
): unknown {
  if (node.kind === 'function') return undefined;
  if (node.kind === 'branch') return new Place(node, base);
  return ruleValue(w, node, rest);
}

function ruleValue(w: CompiledWorld, node: RuleNode, keys: readonly unknown[]): Value | undefined {
  const index = w.e.program.byPath.get(node.path.join('\0'));
  if (index === undefined) throw new Error(`no group stands at ${node.path.join('.')}`);
  if (node.kind === 'partial') return partialValue(w, index, keys);
  const value = w.e.program.functions.values[index]?.(w);
  return value === undefined || value === NO_VALUE ? undefined : box(w, value);
}

/** Keys under a place. */
export function placeKeys(w: CompiledWorld, place: unknown): readonly unknown[] {
  if (!(place instanceof Place)) return keysOf(w, place);
  const { node, base } = place;
  const keys = base === undefined ? [] : [...keysOf(w, base)];
  const seen = new Set(keys);
  for (const name of [...node.children.keys()].sort()) if (!seen.has(name)) keys.push(name);
  return keys;
}

/** Values of a collection, or children of a place. */
export function placeChild(
  w: CompiledWorld,
  place: unknown,
  at: number,
  key: unknown,
  rest: readonly unknown[],
): unknown {
  return place instanceof Place ? childPlace(w, place, key, rest) : valuesOf(w, place)[at];
}

/** The document at a place. */
export function documentAt(w: CompiledWorld, place: unknown): unknown {
  return place instanceof Place ? documentOf(w, place.node, place.base) : place;
}

function documentOf(w: CompiledWorld, node: RuleNode, base: Value | undefined): Value | undefined {
  if (node.kind === 'function') return undefined;
  if (node.kind !== 'branch') return ruleValue(w, node, []);
  if (base !== undefined && !isObject(base)) return node.children.size === 0 ? base : undefined;
  const builder = base === undefined ? new ObjectBuilder() : ObjectBuilder.of(base);
  for (const [name, child] of node.children) {
    if (child.kind === 'function') continue;
    const value = documentOf(w, child, base?.get(name));
    if (value !== undefined) builder.set(name, value);
    else builder.delete(name);
  }
  return builder.build();
}

/** Adds to an object; two values of one key are a conflict. */
export function putEntry(builder: ObjectBuilder, key: Value, value: Value, site: Site): void {
  const before = builder.get(key);
  if (before !== undefined && !equalValues(before, value)) {
    failAt(site, 'object keys must be unique');
  }
  builder.set(key, value);
}
