/**
 * A rule allows one person by name.
 */
import type { Infix, Membership, Node } from '../../../ast/nodes.ts';
import { defines } from '../../decision-member.ts';
import { comparedTexts, ruleAround } from '../../expressions.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/security/hard-coded-subject.md. */
export const hardCodedSubject: LintRule = {
  id: 'security/hard-coded-subject',
  level: 'warning',
  help: 'ask for a group, or keep the names in data',
  skipsTests: true,
  check: ({ report, inputPath }) => {
    const ask = (node: Infix | Membership, ancestors: readonly Node[]): void => {
      const rule = ruleAround(ancestors);
      const compared = comparedTexts(node);
      if (compared === undefined || rule === undefined || !defines(rule, 'allow')) return;
      const path = inputPath(compared.term, ancestors) ?? '';
      const [first] = compared.texts;
      if (
        first !== undefined &&
        !compared.isNegated &&
        /^input\.identity\.(subject|email|name)$/.test(path)
      )
        report(first.span, 'this names a person');
    };
    return { Infix: ask, Membership: ask };
  },
};
