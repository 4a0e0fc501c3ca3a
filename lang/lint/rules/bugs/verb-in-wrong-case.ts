/**
 * A verb is compared in a case that verbs do not have.
 */
import type { Infix, Membership, Node } from '../../../ast/nodes.ts';
import { comparedTexts } from '../../expressions.ts';
import type { LintRule } from '../../rule.ts';

const UPPER: ReadonlySet<string> = new Set([
  'input.action.http.method',
  'input.action.sql.statements[].verb',
  'input.action.sql.statements[].verbs[]',
]);

/** Page: docs/lint/bugs/verb-in-wrong-case.md. */
export const verbInWrongCase: LintRule = {
  id: 'bugs/verb-in-wrong-case',
  level: 'error',
  help: 'verbs of SQL and methods of HTTP are written in capitals, verbs of Kubernetes in small letters',
  check: ({ report, inputPath }) => {
    const ask = (node: Infix | Membership, ancestors: readonly Node[]): void => {
      const compared = comparedTexts(node);
      const path = compared === undefined ? undefined : inputPath(compared.term, ancestors);
      if (compared === undefined || path === undefined) return;
      const isUpper = UPPER.has(path);
      if (!isUpper && path !== 'input.action.kubernetes.verb') return;
      for (const { span, value } of compared.texts)
        if (value !== (isUpper ? value.toUpperCase() : value.toLowerCase()))
          report(span, `no verb is written \`${value}\``);
    };
    return { Infix: ask, Membership: ask };
  },
};
