/**
 * A value is looked up in a collection of one.
 */
import type { Term } from '../../../ast/nodes.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/idiomatic/single-item-in.md. */
export const singleItemIn: LintRule = {
  id: 'idiomatic/single-item-in',
  level: 'warning',
  help: 'compare with `==`',
  check: ({ report, source }) => ({
    Membership: ({ collection, key, span, value }, ancestors) => {
      if (key !== undefined || (collection.kind !== 'Set' && collection.kind !== 'Array')) return;
      const [item, ...others] = collection.items;
      if (item?.kind !== 'String' || others.length > 0) return;
      // Inside `not` the two differ where a part has no value, and elsewhere in how operators bind.
      const isWhole =
        ancestors.at(-1)?.kind === 'TermExpr' && !ancestors.some(({ kind }) => kind === 'Not');
      const textOf = (node: Term): string => source.text.slice(node.span.start, node.span.end);
      const isPlain = value.kind === 'Ref' || value.kind === 'Var';
      const between = source.text.slice(span.start, value.span.start);
      report(
        collection.span,
        'there is one item',
        isWhole && isPlain && between === ''
          ? { span, text: `${textOf(value)} == ${textOf(item)}` }
          : undefined,
      );
    },
  }),
};
