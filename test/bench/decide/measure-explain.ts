/** What an explanation costs where decisions are made already: the first of a revision, further ones, and ones that tell every rule. */
import { createDecider } from '../../../engine/decide.ts';
import { explainDecision } from '../../../engine/trace/explain-decision.ts';
import { benchInputs } from './bench-inputs.ts';
import { median, printFigure } from './figures.ts';
import { compileText, policyText } from './make-contender.ts';

const PACKAGES = ['access'];
const ROUNDS = 9;
const EVERY_RULE = { most: 10_000 };

/** One line for each number of rules, in milliseconds. */
export function measureExplain(sizes: readonly number[]): void {
  for (const rules of sizes) {
    const policySet = compileText(policyText({ policy: 'sql', rules }));
    const inputs = benchInputs('sql', rules, ROUNDS + 1);
    const [first] = inputs;
    if (first === undefined) throw new Error('no input');
    const decider = createDecider(policySet);
    for (const input of inputs) decider.decide(PACKAGES, input);
    const timed = (options: object, input = first): number => {
      const begun = performance.now();
      explainDecision(policySet, PACKAGES, input, options);
      return performance.now() - begun;
    };
    const firstMs = timed({});
    const further = inputs.slice(1).map((input) => timed({}, input));
    const all = inputs.slice(1).map((input) => timed(EVERY_RULE, input));
    printFigure(
      'explain',
      { rules },
      { first_ms: firstMs, further_ms: median(further), every_rule_ms: median(all) },
      'further_ms',
    );
  }
}
