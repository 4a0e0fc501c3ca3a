/** Starts an inquiry: an evaluation of its own that is watched, made after the one it explains. */
import { type EvaluationOptions, startEvaluation } from '../evaluate.ts';
import type { Machine } from '../interpret/machine.ts';
import type { World } from '../interpret/world.ts';
import type { PolicySet } from '../policy-set.ts';
import { BodyWatch } from './body-watch.ts';
import type { Inquiry } from './inquiry.ts';
import { readLiteral } from './read-literal.ts';
import { readRule, readStop } from './read-rule.ts';

/** How many rules that ask rules are followed. */
const DEPTH = 4;

/** An inquiry with the machine and the world it is made in. */
export function startInquiry(
  policySet: PolicySet,
  options: EvaluationOptions,
): { readonly inquiry: Inquiry; readonly machine: Machine; readonly world: World } {
  const watch = new BodyWatch();
  const { machine, world } = startEvaluation(policySet, { ...options, tracer: watch });
  const { annotations } = policySet.modules;
  const inquiry: Inquiry = {
    watch,
    titleOf: ({ rule }) => annotations.ofRule(rule).find(({ title }) => title !== undefined)?.title,
    depth: DEPTH,
    readLiteral,
    readStop,
    readRule,
  };
  return { inquiry, machine, world };
}
