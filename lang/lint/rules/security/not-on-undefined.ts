/**
 * A rule allows because something that may be missing is not as it was compared.
 */
import type { Node, Rule } from '../../../ast/nodes.ts';
import { visit } from '../../../ast/visit.ts';
import { mayBeAbsent } from '../../contract.ts';
import { defines } from '../../decision-member.ts';
import { literalsOf, negatedTerm, ruleAround } from '../../expressions.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/security/not-on-undefined.md. */
export const notOnUndefined: LintRule = {
  id: 'security/not-on-undefined',
  level: 'error',
  help: 'ask for what must be true, or first ask that the value is there',
  skipsTests: true,
  check: ({ report, contract, inputPath }) => ({
    Not: (negation, ancestors) => {
      const rule = ruleAround(ancestors);
      if (contract === undefined || rule === undefined || !defines(rule, 'allow')) return;
      const denied = negatedTerm(negation);
      if (denied === undefined || denied.kind === 'Var' || denied.kind === 'Ref') return;
      const within = [...ancestors, negation];
      const path = pathsIn(denied, (node) => inputPath(node, within)).find((one) =>
        mayBeAbsent(contract, one),
      );
      if (path === undefined || asserts(rule, path, (node) => inputPath(node, within))) return;
      report(negation.span, `this holds when \`${path}\` is missing`);
    },
  }),
};

type PathOf = (node: Node) => string | undefined;

function pathsIn(root: Node, pathOf: PathOf): readonly string[] {
  const paths: string[] = [];
  visit(root, {
    enter: (node) => {
      const path = node.kind === 'Ref' || node.kind === 'Var' ? pathOf(node) : undefined;
      if (path === undefined) return undefined;
      paths.push(path);
      return 'skip';
    },
  });
  return paths;
}

/** Whether another condition of the rule fails where the path is missing. */
function asserts(rule: Rule, path: string, pathOf: PathOf): boolean {
  return literalsOf(rule).some(
    ({ expr }) =>
      expr.kind !== 'Not' &&
      expr.kind !== 'Every' &&
      pathsIn(expr, pathOf).some((one) => one === path || one.startsWith(`${path}.`)),
  );
}
