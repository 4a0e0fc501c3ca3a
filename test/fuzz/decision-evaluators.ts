/**
 * Everything that decides, by name, held against the reference interpreter on generated packages and inputs. A new way to decide is one
 * entry of `EVALUATORS`.
 */
import { createDecider, type Decider } from '../../engine/decide.ts';
import { cacheDecisions } from '../../engine/decision-cache.ts';
import { specialiseDecisions } from '../../engine/partial/specialised-decider.ts';
import { compilePolicies, type PolicySet } from '../../engine/policy-set.ts';
import type { DecisionCase } from './generate-decision.ts';

/** What must decide as the reference does. */
const EVALUATORS: Readonly<Record<string, (policySet: PolicySet) => Decider>> = {
  compiled: (policySet) => createDecider(policySet),
  cached: (policySet) => cacheDecisions(createDecider(policySet), policySet),
  specialised: (policySet) =>
    specialiseDecisions(policySet, createDecider(policySet), { afterMs: 0 }),
};

/** The first decision that differs from the reference's, as text. */
export function decisionDifference(example: DecisionCase): string | 'rejected' | undefined {
  const policies = example.texts.map((text, at) => ({ name: `fuzz${at}.policy`, text }));
  const { policySet } = compilePolicies({ policies });
  if (policySet === undefined) return 'rejected';
  const reference = createDecider(policySet, { engine: 'interpret' });
  for (const [name, make] of Object.entries(EVALUATORS)) {
    const decider = make(policySet);
    // Twice, so that a decision made before is met again.
    for (const [at, input] of [...example.inputs, ...example.inputs].entries()) {
      const wanted = decisionText(reference, example, input);
      const got = decisionText(decider, example, input);
      if (wanted !== got)
        return `input ${at % example.inputs.length}: ${JSON.stringify(input, plain)}\nreference: ${wanted}\n${name}: ${got}`;
    }
  }
  return undefined;
}

/** All but the reads: those of the reference are what it looked at, those of compiled code what it may look at. */
function decisionText(
  decider: Decider,
  { packages }: DecisionCase,
  input: DecisionCase['inputs'][number],
): string {
  const { effect, reasons, masks, approvals, revision } = decider.decide(packages, input);
  return JSON.stringify({ effect, reasons, masks, approvals, revision }, plain);
}

function plain(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}
