/**
 * Tells the variables that have no value from those that have none only because of them, among the steps of a body that no order can
 * satisfy. It decides what is shown, never what is accepted.
 */
import type { Step } from './lowered.ts';
import { type ArityOf, stepOutputs } from './outputs.ts';
import { termVars } from './vars.ts';

/** Variables and steps of which causes are told from consequences; a body with more of them shows all. */
const MAX_JUDGED = 60;

/** A step that could not be placed, with its variables that have no value. */
export interface Unplaced {
  readonly step: Step;
  readonly missing: ReadonlySet<string>;
}

/**
 * The variables to report: those that no step would bind even if all others had values; where each would be bound by others, one that
 * would give a value to all of them, or else all.
 */
export function unsafeCauses(
  left: readonly Unplaced[],
  arityOf: ArityOf,
  safe: ReadonlySet<string>,
): ReadonlySet<string> {
  const missing = new Set(left.flatMap((entry) => [...entry.missing]));
  if (missing.size > MAX_JUDGED || left.length > MAX_JUDGED) return missing;
  const causes = [...missing].filter((name) => {
    const others = (other: string): boolean =>
      other !== name && (safe.has(other) || missing.has(other));
    return !left.some(({ step }) => stepOutputs(step, arityOf, { has: others }).has(name));
  });
  if (causes.length > 0) return new Set(causes);
  const targets = leftSides(left);
  const key = [...missing]
    .toSorted((a, b) => Number(targets.has(a)) - Number(targets.has(b)))
    .find((name) => isEnough(name, left, arityOf, safe));
  return key === undefined ? missing : new Set([key]);
}

/** Variables on left sides, which a reader takes for what gets the value. */
function leftSides(left: readonly Unplaced[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { step } of left) if (step.form.kind === 'eq') termVars(step.form.left, {}, names);
  return names;
}

/** Could all steps be placed if the variable had a value? */
function isEnough(
  name: string,
  left: readonly Unplaced[],
  arityOf: ArityOf,
  safe: ReadonlySet<string>,
): boolean {
  const known = new Set(safe).add(name);
  let open = left;
  for (let before = 0; open.length !== before; ) {
    before = open.length;
    open = open.filter(({ step, missing }) => {
      const outputs = stepOutputs(step, arityOf, known);
      if ([...missing].some((each) => !known.has(each) && !outputs.has(each))) return true;
      for (const output of outputs) known.add(output);
      return false;
    });
  }
  return open.length === 0;
}
