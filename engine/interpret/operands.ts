/** The sub-terms a term is computed from, in the order they are evaluated. Closures and references have none here. */
import type { Term } from '../../lang/ast/nodes.ts';

const NONE: readonly Term[] = [];

/** An object's operands alternate key and value. */
export function operandsOf(term: Term): readonly Term[] {
  switch (term.kind) {
    case 'Array':
    case 'Set':
      return term.items;
    case 'Object':
      return term.entries.flatMap((entry) => [entry.key, entry.value]);
    case 'Call':
      return term.args;
    case 'Infix':
      return [term.left, term.right];
    case 'Membership':
      return term.key === undefined
        ? [term.value, term.collection]
        : [term.key, term.value, term.collection];
    default:
      return NONE;
  }
}
