/** Where in a policy the evaluation stands, for errors. */
import type { Node } from '../../lang/ast/nodes.ts';
import type { CheckedRule } from '../../lang/check/checked.ts';
import { EvaluationFailure, type PolicyPlace, placeInRule } from '../run/failure.ts';
import type { Scope } from './machine.ts';

/** The place of a node of the rule that is being evaluated; none inside a query. */
export function placesIn(scope: Scope, node: Pick<Node, 'span'> | undefined): PolicyPlace[] {
  const { rule } = scope.frame;
  if (rule === undefined) return [];
  return [placeInRule(rule, (node ?? rule.rule.head).span)];
}

/** The place of a rule's head. */
export function placeOfRule(rule: CheckedRule): PolicyPlace {
  return placeInRule(rule, rule.rule.head.span);
}

/** A state that `lang/check` rules out was met: the evaluation ends rather than answer wrongly. */
export function internalFailure(
  scope: Scope,
  message: string,
  node?: Pick<Node, 'span'>,
): EvaluationFailure {
  return new EvaluationFailure('eval_internal_error', message, placesIn(scope, node));
}

/** Two definitions disagree; both are named. */
export function conflictFailure(
  message: string,
  first: CheckedRule,
  second: CheckedRule,
): EvaluationFailure {
  const places = first === second ? [first] : [first, second];
  return new EvaluationFailure('eval_conflict_error', message, places.map(placeOfRule));
}
