/** Explanations run the plan: they must say what the reference interpreter would, and what the decision says. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createDecider } from '../../../engine/decide.ts';
import { compilePolicies } from '../../../engine/policy-set.ts';
import { type Explanation, explainDecision } from '../../../engine/trace/explain-decision.ts';
import { Choices } from '../../fuzz/choices.ts';
import { generateDecision } from '../../fuzz/generate-decision.ts';

const test = suite('engine/trace/planned-explanations');

const NO_LIMIT = { most: 10_000 };
const tapes = fc.array(fc.nat(1_000_000), { minLength: 40, maxLength: 320, size: 'max' });

/** Calls `check` with the explanations of generated decisions. */
function forGenerated(check: (planned: Explanation, interpreted: Explanation) => void): void {
  fc.assert(
    fc.property(tapes, (tape) => {
      const { texts, packages, inputs } = generateDecision(new Choices(tape));
      const policies = texts.map((text, at) => ({ name: `p${at}.policy`, text }));
      const { policySet } = compilePolicies({ policies });
      if (policySet === undefined) return;
      for (const input of inputs.slice(0, 2)) {
        const planned = explainDecision(policySet, packages, input, NO_LIMIT);
        const interpret = { ...NO_LIMIT, engine: 'interpret' } as const;
        check(planned, explainDecision(policySet, packages, input, interpret));
        const { reads: _, ...decision } = createDecider(policySet).decide(packages, input);
        const { reads: __, ...explained } = planned.decision;
        assert.equal(explained, decision);
      }
    }),
    { numRuns: 60, seed: 7 },
  );
}

test('the plan tells the rules, expressions and values that the interpreter tells', () => {
  forGenerated((planned, interpreted) => assert.equal(planned.packages, interpreted.packages));
});

test('the rules that hold are those the decision names, and no others', () => {
  forGenerated(({ decision, packages }) => {
    if (decision.reasons.some(({ code }) => code === 'policy-error')) return;
    // What several rules say alike is told of the first of them.
    const held = new Map<string, string>();
    for (const { name: of, documents } of packages)
      for (const { name, definitions } of documents)
        for (const { outcome, values, file, line } of definitions)
          if (name !== 'allow' && outcome === 'holds')
            for (const value of values) {
              const key = `${of} ${name} ${value}`;
              if (!held.has(key)) held.set(key, `${file}:${line}`);
            }
    const said = [
      ...decision.reasons.filter(({ code }) => !['allowed', 'not-allowed'].includes(code)),
      ...decision.masks,
      ...decision.approvals,
    ].map(({ rule }) => `${rule?.file}:${rule?.line}`);
    assert.equal([...new Set(said)].sort(), [...new Set(held.values())].sort());
  });
});

test.run();
