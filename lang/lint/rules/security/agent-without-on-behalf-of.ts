/**
 * A rule allows an agent without asking whom it acts for.
 */
import type { Rule } from '../../../ast/nodes.ts';
import { visit } from '../../../ast/visit.ts';
import { headName } from '../../lint-index.ts';
import { namesOf, reachOf, reads } from '../../reach.ts';
import type { LintRule } from '../../rule.ts';

function asksForAgent(rule: Rule): boolean {
  return !visit(rule, {
    Infix: ({ operator, left, right }) => {
      if (operator !== '==') return undefined;
      const [path, text] = left.kind === 'String' ? [right, left] : [left, right];
      const isAgent = text.kind === 'String' && text.value === 'agent';
      return isAgent && namesOf(path)?.join('.') === 'input.identity.kind' ? 'stop' : undefined;
    },
  });
}

/** Page: docs/lint/security/agent-without-on-behalf-of.md. */
export const agentWithoutOnBehalfOf: LintRule = {
  id: 'security/agent-without-on-behalf-of',
  level: 'error',
  help: 'ask for `input.identity.on_behalf_of` in the rule',
  skipsTests: true,
  check: ({ report, module, index }) => ({
    Rule: (rule) => {
      if (headName(rule) !== 'allow' || rule.isDefault || !asksForAgent(rule)) return undefined;
      const reach = reachOf(rule, module, index);
      if (!reads(reach, 'input.identity.on_behalf_of') && !reads(reach, 'input.identity.actors'))
        report(rule.head.span, 'this `allow` admits an agent that acts for nobody');
      return undefined;
    },
  }),
};
