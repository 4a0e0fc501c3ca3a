/**
 * Everything that decides, by name, held against the reference interpreter on generated packages and inputs. A new way to decide is one
 * entry of `EVALUATORS`.
 */
import { createDecider, type Decider, type Interpreted } from '../../engine/decide.ts';
import { cacheDecisions } from '../../engine/decision-cache.ts';
import { specialiseDecisions } from '../../engine/partial/specialised-decider.ts';
import { compilePolicies, type PolicySet } from '../../engine/policy-set.ts';
import type { DecisionCase } from './generate-decision.ts';

/** What must decide as the reference does. */
const EVALUATORS: Readonly<Record<string, (policySet: PolicySet, tell: Tell) => Decider>> = {
  compiled: (policySet, onInterpreted) => createDecider(policySet, { onInterpreted }),
  cached: (policySet, onInterpreted) =>
    cacheDecisions(createDecider(policySet, { onInterpreted }), policySet),
  specialised: (policySet, onInterpreted) => {
    const whole = createDecider(policySet, { onInterpreted });
    return specialiseDecisions(policySet, whole, { afterMs: 0, onInterpreted });
  },
};

type Tell = (told: Interpreted) => void;

/** Code that fails is never the policy's fault: that the interpreter decides instead hides it. */
const FAULTS: readonly Interpreted['code'][] = [
  'interpreted/compile-failed',
  'interpreted/code-failed',
];

/** The first decision that differs from the reference's, as text. */
export function decisionDifference(example: DecisionCase): string | 'rejected' | undefined {
  const policies = example.texts.map((text, at) => ({ name: `fuzz${at}.policy`, text }));
  const { policySet } = compilePolicies({ policies });
  if (policySet === undefined) return 'rejected';
  const reference = createDecider(policySet, { engine: 'interpret' });
  for (const [name, make] of Object.entries(EVALUATORS)) {
    let fault: string | undefined;
    const decider = make(policySet, ({ code, message }) => {
      if (FAULTS.includes(code)) fault = `${name}: ${code}: ${message}`;
    });
    // Twice, so that a decision made before is met again.
    for (const [at, input] of [...example.inputs, ...example.inputs].entries()) {
      const wanted = decisionText(reference, example, input);
      const got = decisionText(decider, example, input);
      if (fault !== undefined) return fault;
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
