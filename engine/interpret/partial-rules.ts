/**
 * Sets and objects built from many contributions: `p contains x`, `p[k] := v`, `a.b[x].c := v`. Asked for one key, only what
 * can contribute to that key is evaluated.
 */
import type { Term } from '../../lang/ast/nodes.ts';
import type { CheckedRule } from '../../lang/check/checked.ts';
import { canonicalKey, equalValues } from '../value/compare.ts';
import type { Value } from '../value/value.ts';
import { constantPlaces } from './constant-places.ts';
import { Extent } from './extent.ts';
import { Frame } from './frame.ts';
import type { Machine, NextValues, Scope } from './machine.ts';
import { keysBelow, type RuleNode } from './rule-tree.ts';
import type { World } from './world.ts';

/** The document of a partial node as far as it lies below the given ground keys; all of it without keys. */
export function partialValue(
  machine: Machine,
  world: World,
  node: RuleNode,
  given: readonly Value[],
): Value | undefined {
  const memo = world.memo(node);
  if (memo.has('')) return memo.get('');
  const longest = Math.max(...node.rules.map((rule) => headTerms(rule, node).length));
  const keys = given.slice(0, longest);
  const key = keys.length === 0 ? '' : canonicalKey(keys);
  if (memo.has(key)) return memo.get(key);
  const extent = new Extent(isSetNode(node));
  for (const rule of node.rules) {
    if (!rule.rule.isDefault) {
      eachContribution(machine, world, node, rule, keys, (values) => {
        const value = values.at(-1) ?? null;
        extent.add(rule, values.slice(0, -1), value);
        return false;
      });
    }
  }
  for (const rule of node.rules) {
    if (rule.rule.isDefault) addDefault(machine, world, node, rule, extent);
  }
  const constantOf = (term: Term): Value | undefined => machine.facts.of(term).constant;
  for (const place of constantPlaces(node, constantOf))
    extent.establish(place.rule, place.path, place.isSet);
  const value = extent.build();
  memo.set(key, value);
  return value;
}

/** A set, unless one of its definitions has keys between it and the members. */
function isSetNode(node: RuleNode): boolean {
  return node.rules.every((rule) => keysBelow(rule, node.path.length).length === 0);
}

/** The keys a definition contributes under and, for `contains`, the member: all that a reference can ask for. */
function headTerms(rule: CheckedRule, node: RuleNode): readonly Term[] {
  const keys = keysBelow(rule, node.path.length);
  const { contains } = rule.rule.head;
  return contains === undefined ? keys : [...keys, contains];
}

/** Every solution of one definition as its keys followed by its value or, for `contains`, its member. */
export function eachContribution(
  machine: Machine,
  world: World,
  node: RuleNode,
  rule: CheckedRule,
  given: readonly Value[],
  next: NextValues,
): void {
  const { head, body } = rule.rule;
  const terms = headTerms(rule, node);
  const scope: Scope = { machine, world, frame: new Frame(rule) };
  const wanted = given.slice(0, terms.length);
  machine.budget.enter();
  bindKeys(scope, terms, wanted, 0, () =>
    machine.solve(scope, body, () => {
      const value = head.contains === undefined ? head.value : undefined;
      return machine.eachList(scope, value === undefined ? terms : [...terms, value], (values) => {
        if (!wanted.every((key, index) => equalValues(key, values[index] ?? null))) return false;
        machine.tracer?.fired(rule, 0);
        const isImplied = head.contains === undefined && value === undefined;
        return next(isImplied ? [...values, true] : values);
      });
    }),
  );
  machine.budget.leave();
}

/** Unifies the keys of a head with those asked for before the body is tried, as far as they are plain patterns. */
function bindKeys(
  scope: Scope,
  terms: readonly Term[],
  given: readonly Value[],
  index: number,
  next: () => boolean,
): boolean {
  const term = terms[index];
  const value = given[index];
  if (term === undefined || value === undefined) return next();
  const rest = (): boolean => bindKeys(scope, terms, given, index + 1, next);
  return isPattern(term) ? scope.machine.match(scope, term, value, rest) : rest();
}

function isPattern(term: Term): boolean {
  switch (term.kind) {
    case 'Var':
    case 'String':
    case 'Number':
    case 'Boolean':
    case 'Null':
      return true;
    case 'Array':
      return term.items.every(isPattern);
    default:
      return false;
  }
}

function addDefault(
  machine: Machine,
  world: World,
  node: RuleNode,
  rule: CheckedRule,
  extent: Extent,
): void {
  eachContribution(machine, world, node, rule, [], (values) => {
    const keys = values.slice(0, -1);
    if (!extent.has(keys)) extent.add(rule, keys, values.at(-1) ?? null);
    return false;
  });
}

/** The members of a partial set, each with the definition it comes from; a member of several comes once for each. */
export function eachMember(
  machine: Machine,
  world: World,
  rule: CheckedRule,
  node: RuleNode,
  next: (member: Value) => void,
): void {
  eachContribution(machine, world, node, rule, [], (values) => {
    next(values.at(-1) ?? null);
    return false;
  });
}
