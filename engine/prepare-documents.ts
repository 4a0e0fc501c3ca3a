/**
 * Makes what the first question to a policy set would wait for: the code of all its rules, and indexes of the data they look up.
 */
import { prepareData } from './emit/prepare-data.ts';
import type { PolicySet } from './policy-set.ts';

/** Why documents of the set are interpreted instead, which is slow; undefined when they are compiled. */
export function prepareDocuments(policySet: PolicySet): string | undefined {
  const { interpreted } = policySet.code.program();
  if (interpreted === undefined)
    prepareData(policySet.caches, policySet.data, policySet.code.searches());
  return interpreted;
}
