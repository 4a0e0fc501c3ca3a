/**
 * The documents of a decision, and the members that rules add to those that are sets: `block`, `require_approval`, `mask`.
 */
import type { ObjectTerm, Rule, RuleHead } from '../ast/nodes.ts';
import { headName } from './lint-index.ts';

/** What a policy package may define for the gateway. */
export const DECISION_DOCUMENTS: ReadonlySet<string> = new Set([
  'allow',
  'block',
  'require_approval',
  'mask',
]);

/** Whether the rule defines the document. */
export function defines(rule: Rule, document: string): boolean {
  return headName(rule) === document && rule.head.ref.path.length === 0;
}

/** The object a head adds to the document; undefined where it adds to another one, or something else. */
export function decisionMember(head: RuleHead, document: string): ObjectTerm | undefined {
  const name = head.ref.head.kind === 'Var' ? head.ref.head.name : '';
  const isDocument = name === document && head.ref.path.length === 0;
  return isDocument && head.contains?.kind === 'Object' ? head.contains : undefined;
}
