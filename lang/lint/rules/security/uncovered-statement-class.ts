/**
 * A rule goes by the class of a statement and leaves classes out.
 */
import type { Literal, Node } from '../../../ast/nodes.ts';
import { hasPlainKeys } from '../../constant.ts';
import { defines } from '../../decision-member.ts';
import { bareTerm, comparedTexts, literalsOf, negatedTerm } from '../../expressions.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/security/uncovered-statement-class.md. */
export const uncoveredStatementClass: LintRule = {
  id: 'security/uncovered-statement-class',
  level: 'error',
  help: 'name the classes that are meant, one by one',
  skipsTests: true,
  check: ({ report, contract, inputPath }) => {
    const classes = contract?.choices.get('input.action.class') ?? [];
    const missingFrom = (named: readonly string[]): string =>
      classes.filter((one) => !named.includes(one)).join(', ');
    return {
      Rule: (rule) => {
        if (!defines(rule, 'allow') || rule.isDefault || classes.length === 0) return;
        const asked = literalsOf(rule).flatMap((literal) =>
          askedClasses(literal, (node) => inputPath(node, [rule])),
        );
        const [first] = asked;
        if (first === undefined || asked.some(({ isExcluded }) => !isExcluded)) return;
        const named = asked.flatMap(({ names }) => names);
        if (!named.includes('unknown'))
          report(first.literal.span, `this lets through ${missingFrom(named)}`);
      },
      Ref: (ref, ancestors) => {
        const step = ref.path[0]?.term;
        if (ref.head.kind !== 'Object' || step === undefined) return;
        const named = ref.head.entries.flatMap(({ key }) =>
          key.kind === 'String' ? [key.value] : [],
        );
        const missing = missingFrom(named);
        if (isClassPath(inputPath(step, ancestors)) && hasPlainKeys(ref.head) && missing !== '')
          report(ref.head.span, `there is no entry for ${missing}`);
      },
    };
  },
};

interface AskedClasses {
  readonly literal: Literal;
  readonly names: readonly string[];
  readonly isExcluded: boolean;
}

function isClassPath(path: string | undefined): boolean {
  return path === 'input.action.class' || path === 'input.action.sql.statements[].class';
}

function askedClasses(
  literal: Literal,
  pathOf: (node: Node) => string | undefined,
): readonly AskedClasses[] {
  const denied = negatedTerm(literal.expr);
  const term = denied ?? bareTerm(literal);
  const compared = term && comparedTexts(term);
  if (compared === undefined || !isClassPath(pathOf(compared.term))) return [];
  const names = compared.texts.map(({ value }) => value);
  return [{ literal, names, isExcluded: compared.isNegated !== (denied !== undefined) }];
}
