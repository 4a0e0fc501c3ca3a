/**
 * A rule that gathers members is used as if it could fail.
 */
import type { Node, Term } from '../../../ast/nodes.ts';
import { ruleAround } from '../../expressions.ts';
import { localNames } from '../../locals.ts';
import { namesOf, throughImports } from '../../reach.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/bugs/collection-as-condition.md. */
export const collectionAsCondition: LintRule = {
  id: 'bugs/collection-as-condition',
  level: 'error',
  help: 'count its members, or ask for one with `some`',
  check: ({ report, index, module }) => {
    const gathers = (term: Term | undefined, ancestors: readonly Node[]): boolean => {
      const names = term && namesOf(term);
      if (names === undefined || (term?.kind === 'Ref' && names.length <= term.path.length))
        return false;
      const around = ruleAround(ancestors);
      if (around !== undefined && localNames(around).has(names[0] ?? '')) return false;
      const written = throughImports(names, module);
      const path = written[0] === 'data' ? written.slice(1) : [...module.package.path, ...written];
      const placed = index.rulesAt(path);
      return (
        placed.length > 0 &&
        placed.every(
          ({ rule, module: owner }) =>
            rule.head.contains !== undefined &&
            rule.head.ref.path.length === 0 &&
            path.length === owner.package.path.length + 1,
        )
      );
    };
    return {
      TermExpr: ({ term, span }, ancestors) => {
        if (!gathers(term, ancestors)) return;
        const isDenied = ancestors.at(-3)?.kind === 'Not';
        report(
          span,
          isDenied
            ? 'this never holds: a set is true, empty or not'
            : 'this always holds: a set is true, empty or not',
        );
      },
    };
  },
};
