/**
 * What a coverage recorder counted, as plain data: two threads that compiled the same sources add up what each has seen. Rules and
 * expressions are known by their order in the policy set, which is the same wherever the same sources are compiled.
 */
import type { Literal, Rule } from '../../lang/ast/nodes.ts';
import { visit } from '../../lang/ast/visit.ts';
import type { PolicySet } from '../policy-set.ts';
import type { CoverageRecorder } from './coverage.ts';

/** Counts in the order of the rules and expressions of a policy set. */
export interface CoverageCounts {
  readonly tried: readonly number[];
  readonly held: readonly boolean[];
  readonly fired: readonly (readonly (readonly [branch: number, count: number])[])[];
}

/** The counts of a recorder that watched evaluations of this policy set. */
export function countsOf(policySet: PolicySet, recorder: CoverageRecorder): CoverageCounts {
  const { rules, literals } = partsOf(policySet);
  return {
    tried: literals.map((literal) => recorder.tries(literal)),
    held: literals.map((literal) => recorder.hasHeld(literal)),
    fired: rules.map((rule) => recorder.firedBranches(rule)),
  };
}

/** Adds counts of another thread. Throws a RangeError when they are of other sources. */
export function addCounts(
  policySet: PolicySet,
  recorder: CoverageRecorder,
  counts: CoverageCounts,
): void {
  const { rules, literals } = partsOf(policySet);
  if (rules.length !== counts.fired.length || literals.length !== counts.tried.length)
    throw new RangeError('the counts are of another policy set');
  for (const [at, literal] of literals.entries()) {
    recorder.addTries(literal, counts.tried[at] ?? 0);
    if (counts.held[at] === true) recorder.held(literal);
  }
  for (const [at, rule] of rules.entries())
    for (const [branch, count] of counts.fired[at] ?? []) recorder.addFirings(rule, branch, count);
}

function partsOf(policySet: PolicySet): {
  readonly rules: readonly Rule[];
  readonly literals: readonly Literal[];
} {
  const rules = policySet.modules.modules.flatMap((module) => module.rules.map(({ rule }) => rule));
  const literals: Literal[] = [];
  for (const rule of rules)
    visit(rule, {
      Literal: (literal) => {
        literals.push(literal);
        return undefined;
      },
    });
  return { rules, literals };
}
