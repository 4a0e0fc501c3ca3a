/** Starts an inquiry: an evaluation of its own that is watched, made after the one it explains. */
import type { Rule } from '../../lang/ast/nodes.ts';
import type { CheckedRule } from '../../lang/check/checked.ts';
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
  const inquiry: Inquiry = {
    watch,
    titleOf: (rule) => titleOfRule(policySet, rule),
    depth: DEPTH,
    readLiteral,
    readStop,
    readRule,
  };
  return { inquiry, machine, world };
}

function titleOfRule(policySet: PolicySet, rule: CheckedRule): string | undefined {
  const written = writtenRule(policySet, rule);
  const annotations = written === undefined ? [] : policySet.modules.annotations.ofRule(written);
  return annotations.find(({ title }) => title !== undefined)?.title;
}

/** The title of the METADATA of the package a rule is in. */
export function titleOfPackage(policySet: PolicySet, rule: CheckedRule): string | undefined {
  const written = writtenRule(policySet, rule);
  const chain = written === undefined ? [] : policySet.modules.annotations.chain(written);
  return chain.find(({ annotation }) => annotation?.scope === 'package')?.annotation?.title;
}

/** The rule as it was parsed, which annotations belong to. */
function writtenRule(policySet: PolicySet, { source, rule }: CheckedRule): Rule | undefined {
  const own = policySet.modules.modules.find((module) => module.source === source);
  return own?.module.rules.find(({ span }) => span.start === rule.span.start);
}
