/**
 * A part of the input is compared with a text that it never is.
 */
import type { Infix, Membership, Node } from '../../../ast/nodes.ts';
import { comparedTexts } from '../../expressions.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/security/unknown-input-value.md. */
export const unknownInputValue: LintRule = {
  id: 'security/unknown-input-value',
  level: 'error',
  help: 'compare with one of the values the contract lists',
  skipsTests: true,
  check: ({ report, contract, inputPath }) => {
    const ask = (node: Infix | Membership, ancestors: readonly Node[]): void => {
      const compared = comparedTexts(node);
      const path = compared && inputPath(compared.term, ancestors);
      const choices = path === undefined ? undefined : contract?.choices.get(path);
      if (compared === undefined || choices === undefined || path?.endsWith('.class')) return;
      for (const { span, value } of compared.texts)
        if (!choices.includes(value)) report(span, `\`${path}\` is one of ${choices.join(', ')}`);
    };
    return { Infix: ask, Membership: ask };
  },
};
