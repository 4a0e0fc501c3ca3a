/** A policy set with other rules in the place of its own: the same revision, data, builtins and annotations. */
import type { Call } from '../../lang/ast/nodes.ts';
import {
  type Callee,
  type CheckedModuleSet,
  type CheckedRule,
  pathKey,
} from '../../lang/check/checked.ts';
import { CompiledSet } from '../emit/compiled-set.ts';
import { buildRuleTree } from '../interpret/rule-tree.ts';
import type { PolicySet } from '../policy-set.ts';

/** The set with `change` of every rule; undefined leaves it out. `callees` are what calls call that the set does not know. */
export function replaceRules(
  policySet: PolicySet,
  change: (rule: CheckedRule) => CheckedRule | undefined,
  callees: ReadonlyMap<Call, Callee>,
): PolicySet {
  const { facts, builtins, signatures } = policySet;
  const all = policySet.modules.modules.map((module) => ({
    ...module,
    rules: module.rules.map(change).filter((rule) => rule !== undefined),
  }));
  const rulesByPath = new Map<string, CheckedRule[]>();
  for (const rule of all.flatMap(({ rules }) => rules)) {
    const key = pathKey(rule.path);
    const others = rulesByPath.get(key);
    if (others === undefined) rulesByPath.set(key, [rule]);
    else others.push(rule);
  }
  const modules: CheckedModuleSet = {
    ...policySet.modules,
    modules: all,
    rulesByPath,
    callees:
      callees.size === 0
        ? policySet.modules.callees
        : new Map([...policySet.modules.callees, ...callees]),
  };
  const tree = buildRuleTree(modules);
  const code = new CompiledSet({ modules, tree, facts, builtins, signatures });
  return { ...policySet, modules, tree, code };
}
