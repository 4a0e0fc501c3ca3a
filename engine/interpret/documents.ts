/**
 * Whole documents: what `data.a` is when packages, rules and base data lie below it. Rules win over base data at their place;
 * functions are no part of a document.
 */
import { isObject } from '../value/compare.ts';
import { ObjectBuilder } from '../value/object.ts';
import type { Value } from '../value/value.ts';
import type { Machine } from './machine.ts';
import type { RuleNode } from './rule-tree.ts';
import type { World } from './world.ts';

/** See `Machine.document`. */
export function document(
  machine: Machine,
  world: World,
  node: RuleNode,
  base: Value | undefined,
): Value | undefined {
  if (node.kind === 'function') return undefined;
  if (node.kind !== 'branch') return machine.ruleValue(world, node, []);
  if (base !== undefined && !isObject(base)) return node.children.size === 0 ? base : undefined;
  machine.budget.enter();
  const builder = base === undefined ? new ObjectBuilder() : ObjectBuilder.of(base);
  for (const [name, child] of node.children) {
    if (child.kind === 'function') continue;
    const value = document(machine, world, child, base?.get(name));
    if (value !== undefined) builder.set(name, value);
    else builder.delete(name);
  }
  machine.budget.leave();
  return builder.build();
}
