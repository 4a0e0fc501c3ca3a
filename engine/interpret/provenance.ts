/** Values of documents together with the definitions they come from: what makes a decision name its rules. */
import type { CheckedRule } from '../../lang/check/checked.ts';
import { canonicalKey, isSet } from '../value/compare.ts';
import type { Value } from '../value/value.ts';
import type { Machine } from './machine.ts';
import { eachMember } from './partial-rules.ts';
import { keysBelow, type RuleNode } from './rule-tree.ts';
import { completeResult, type RuleResult } from './rules.ts';
import type { World } from './world.ts';

/**
 * The members of a set of rules, each once, with the first definition that has it; undefined when the document is no set. A
 * complete rule whose value is a set counts as the definition of all its members; one without a value has none.
 */
export function documentMembers(
  machine: Machine,
  world: World,
  node: RuleNode,
): readonly RuleResult[] | undefined {
  const members = new Map<string, RuleResult>();
  const add = (value: Value, rule: CheckedRule): void => {
    const key = canonicalKey(value);
    if (!members.has(key)) members.set(key, { value, rule });
  };
  if (node.kind === 'partial') {
    const isSetOfRules = node.rules.every(
      (rule) =>
        rule.rule.head.contains !== undefined && keysBelow(rule, node.path.length).length === 0,
    );
    if (!isSetOfRules) return undefined;
    for (const rule of node.rules) {
      eachMember(machine, world, rule, node, (value) => add(value, rule));
    }
  } else {
    if (node.kind !== 'complete') return undefined;
    const result = completeResult(machine, world, node);
    if (result === undefined) return [];
    if (!isSet(result.value)) return undefined;
    for (const value of result.value) add(value, result.rule);
  }
  return [...members.values()];
}
