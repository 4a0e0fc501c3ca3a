/**
 * A rule gives the value that is the default anyway.
 */
import { equalNodes } from '../../../ast/equal.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/bugs/rule-gives-default.md. */
export const ruleGivesDefault: LintRule = {
  id: 'bugs/rule-gives-default',
  level: 'warning',
  help: 'remove it, or give the other value',
  check: ({ report, module }) => ({
    Rule: (rule) => {
      const { value, params, contains, ref } = rule.head;
      if (rule.isDefault || value === undefined || params !== undefined || contains !== undefined)
        return;
      const gives = module.rules.find(
        (other) =>
          other.isDefault &&
          equalNodes(other.head.ref, ref) &&
          other.head.value !== undefined &&
          equalNodes(other.head.value, value),
      );
      if (gives !== undefined && rule.else.length === 0)
        report(value.span, 'this is the value of the default');
    },
  }),
};
