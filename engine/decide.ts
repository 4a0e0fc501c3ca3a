/**
 * The decision: what the packages that guard a resource say about one action. Nothing is allowed unless `allow` is true in
 * every package that defines it; any fault of a policy or its evaluation is a block. It never throws.
 */
import { CompiledDecider } from './compiled-decider.ts';
import type { Decider, DeciderOptions, Interpreted } from './decider.ts';
import type { PolicySet } from './policy-set.ts';
import { ReferenceDecider } from './reference-decider.ts';

export type { Decider, DeciderOptions, Interpreted } from './decider.ts';
export { ALLOWED, NOT_ALLOWED, POLICY_ERROR } from './decision/decision-form.ts';

/** Makes the decision function of a policy set. */
export function createDecider(policySet: PolicySet, options: DeciderOptions = {}): Decider {
  const reference = new ReferenceDecider(policySet, options);
  const isWatched = options.print !== undefined || options.engine === 'interpret';
  if (isWatched) return reference;
  return new CompiledDecider(policySet, { onInterpreted: warn, ...options }, reference);
}

/** Where nobody asked to be told, the process is: that decisions are many times slower is never silent. */
function warn({ code, policies, message }: Interpreted): void {
  process.emitWarning(`decisions by ${policies.join(', ')} are interpreted: ${message}`, {
    type: 'SallyportWarning',
    code,
  });
}
