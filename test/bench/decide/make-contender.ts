/** Makes what a measurement names: one engine, one policy, its inputs. */
import type { PolicyInput } from '../../../engine/contract/input.ts';
import { createDecider } from '../../../engine/decide.ts';
import { cacheDecisions } from '../../../engine/decision-cache.ts';
import { compilePolicies, type PolicySet } from '../../../engine/policy-set.ts';
import { benchInputs } from './bench-inputs.ts';
import { cedarPolicy } from './cedar-policy.ts';
import { type Contender, INPUT_COUNT } from './contender.ts';
import { handIndexedPolicy } from './hand-indexed.ts';
import { idiomaticPolicy } from './idiomatic.ts';
import { regoText } from './keyed-policy.ts';
import { keyedRules, type Shape } from './keyed-rules.ts';
import { type ScannedKind, scannedByHand, scannedInputs, scannedText } from './scanned-policy.ts';

export type Engine = 'sallyport' | 'cached' | 'idiomatic' | 'hand-indexed' | 'cedar';

/** What is measured with what. */
export interface Subject {
  readonly engine: Engine;
  readonly policy: Shape | ScannedKind;
  readonly rules: number;
}

export function isShape(policy: Subject['policy']): policy is Shape {
  return policy === 'sql' || policy === 'http' || policy === 'fresh';
}

/** The policy as Rego. */
export function policyText({ policy, rules }: Omit<Subject, 'engine'>): string {
  return isShape(policy) ? regoText(policy, keyedRules(policy, rules)) : scannedText(policy, rules);
}

export function subjectInputs({ policy, rules }: Omit<Subject, 'engine'>): readonly PolicyInput[] {
  if (isShape(policy)) return benchInputs(policy, rules, INPUT_COUNT);
  // As many keys as rules: every name has a number of its own.
  return scannedInputs(benchInputs('sql', rules * 8, INPUT_COUNT), rules);
}

export function makeContender(subject: Subject): Contender {
  const { engine, policy, rules } = subject;
  if (engine === 'sallyport' || engine === 'cached') {
    const policySet = compileText(policyText(subject));
    const plain = createDecider(policySet);
    const decider = engine === 'cached' ? cacheDecisions(plain, policySet) : plain;
    const packages = ['access'];
    // What is timed is finding decisions again, so all of them are made before.
    if (engine === 'cached')
      for (const input of subjectInputs(subject)) decider.decide(packages, input);
    return { decide: (input) => decider.decide(packages, input) };
  }
  if (!isShape(policy)) return scannedByHand(policy, rules);
  const keyed = keyedRules(policy, rules);
  if (engine === 'cedar') return cedarPolicy(keyed);
  return engine === 'idiomatic' ? idiomaticPolicy(policy, keyed) : handIndexedPolicy(policy, keyed);
}

/** Compiles as the gateway does, against the contract. */
export function compileText(text: string): PolicySet {
  const { policySet, diagnostics } = compilePolicies(
    { policies: [{ name: 'access.policy', text }] },
    { inputSchema: 'contract' },
  );
  if (policySet === undefined) throw new Error(diagnostics[0]?.message);
  return policySet;
}
