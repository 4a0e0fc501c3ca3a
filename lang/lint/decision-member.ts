/**
 * The members that rules add to the documents of a decision: `block`, `require_approval`, `mask`.
 */
import type { ObjectTerm, RuleHead } from '../ast/nodes.ts';

/** The object a head adds to the document; undefined where it adds to another one, or something else. */
export function decisionMember(head: RuleHead, document: string): ObjectTerm | undefined {
  const name = head.ref.head.kind === 'Var' ? head.ref.head.name : '';
  const isDocument = name === document && head.ref.path.length === 0;
  return isDocument && head.contains?.kind === 'Object' ? head.contains : undefined;
}
