/** Starts an inquiry: an evaluation of its own that is watched, made after the one it explains. */
import type { Rule } from '../../lang/ast/nodes.ts';
import type { CheckedRule } from '../../lang/check/checked.ts';
import type { Source } from '../../lang/source.ts';
import { type EvaluationOptions, startEvaluation } from '../evaluate.ts';
import type { Machine } from '../interpret/machine.ts';
import type { World } from '../interpret/world.ts';
import type { PolicySet } from '../policy-set.ts';
import { BodyWatch } from './body-watch.ts';
import type { Inquiry } from './inquiry.ts';
import { Places } from './places.ts';
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
  const written = new WrittenRules(policySet);
  const inquiry: Inquiry = {
    watch,
    places: new Places(),
    titleOf: (rule) => titleOfRule(policySet, rule, written),
    depth: DEPTH,
    readLiteral,
    readStop,
    readRule,
  };
  return { inquiry, machine, world };
}

function titleOfRule(
  policySet: PolicySet,
  rule: CheckedRule,
  written: WrittenRules,
): string | undefined {
  const own = written.of(rule);
  const annotations = own === undefined ? [] : policySet.modules.annotations.ofRule(own);
  return annotations.find(({ title }) => title !== undefined)?.title;
}

/** The title of the METADATA of the package a rule is in. */
export function titleOfPackage(policySet: PolicySet, rule: CheckedRule): string | undefined {
  const written = new WrittenRules(policySet).of(rule);
  const chain = written === undefined ? [] : policySet.modules.annotations.chain(written);
  return chain.find(({ annotation }) => annotation?.scope === 'package')?.annotation?.title;
}

/** Rules as they were parsed, which annotations belong to. */
class WrittenRules {
  readonly #policySet: PolicySet;
  readonly #bySource = new Map<Source, ReadonlyMap<number, Rule>>();

  constructor(policySet: PolicySet) {
    this.#policySet = policySet;
  }

  of({ source, rule }: CheckedRule): Rule | undefined {
    let rules = this.#bySource.get(source);
    if (rules === undefined) {
      const own = this.#policySet.modules.modules.find((module) => module.source === source);
      rules = new Map(own?.module.rules.map((written) => [written.span.start, written]));
      this.#bySource.set(source, rules);
    }
    return rules.get(rule.span.start);
  }
}
