/**
 * A rule has the same head as another and asks for more, so it changes nothing.
 */
import { equalNodes } from '../../../ast/equal.ts';
import type { Rule } from '../../../ast/nodes.ts';
import { headName } from '../../lint-index.ts';
import type { LintRule } from '../../rule.ts';

/** Whether `other` asks for a part of what `rule` asks for; of two that ask the same, the first counts. */
function isWider(other: Rule, rule: Rule, order: readonly Rule[]): boolean {
  if (!equalNodes(other.head, rule.head)) return false;
  const wide = other.body?.literals ?? [];
  const narrow = rule.body?.literals ?? [];
  if (!wide.every((literal) => narrow.some((one) => equalNodes(one, literal)))) return false;
  return wide.length < narrow.length || order.indexOf(other) < order.indexOf(rule);
}

/** Page: docs/lint/security/shadowed-rule.md. */
export const shadowedRule: LintRule = {
  id: 'security/shadowed-rule',
  level: 'warning',
  help: 'remove the rule, or ask for less in the other',
  skipsTests: true,
  check: ({ report, module }) => {
    const plain = module.rules.filter(
      (rule) => !rule.isDefault && rule.else.length === 0 && rule.body !== undefined,
    );
    const byName = Map.groupBy(plain, headName);
    return {
      Rule: (rule) => {
        const alike = byName.get(headName(rule)) ?? [];
        const wider = alike.find((other) => other !== rule && isWider(other, rule, alike));
        if (wider !== undefined && alike.includes(rule))
          report(rule.head.span, 'another rule holds whenever this one does');
        return undefined;
      },
    };
  },
};
