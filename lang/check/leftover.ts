/**
 * What OPA takes for the outputs of a step when it orders a body: it gathers them in one set for all steps, and empties that set
 * neither before `every` nor after a call. An `every` is therefore credited with the outputs of the call that was looked at last,
 * and waits for ever when these are just what its braces read (`reorderBodyForSafety` of OPA 1.21). Only which bodies OPA
 * orders at all follows from it; what a step binds here is in `outputs.ts`.
 */
import type { NameLookup } from './known-names.ts';
import type { Step } from './lowered.ts';
import type { ArityOf } from './outputs.ts';
import { hasReplacements, refOutputs } from './outputs.ts';

/** Steps to which a body may have so many that they are all tried in every round, as OPA does. */
export const MAX_FULLY_TRIED_STEPS = 500;

export interface Leftover {
  /**
   * What OPA takes for the outputs of a step that it tries now; each try of a body's steps must come by here.
   * @param outputs what the step binds
   */
  credited(step: Step, outputs: ReadonlySet<string>, safe: NameLookup): ReadonlySet<string>;
}

/** The set of one body, empty before its first step is tried. */
export function makeLeftover(arityOf: ArityOf): Leftover {
  let left: ReadonlySet<string> = new Set();
  return {
    credited(step, outputs, safe) {
      const { form } = step;
      if (step.negated || !hasReplacements(step, safe)) return outputs;
      if (form.kind === 'eq') left = new Set();
      else if (form.kind === 'call' && arityOf(form.callee) !== undefined)
        left = new Set([...outputs, ...readByArguments(form.args, safe)]);
      else if (form.kind === 'every') {
        left = new Set([...left, ...outputs]);
        return left;
      }
      return outputs;
    },
  };
}

function readByArguments(
  args: Extract<Step['form'], { kind: 'call' }>['args'],
  safe: NameLookup,
): ReadonlySet<string> {
  const read = new Set<string>();
  for (const arg of args) refOutputs(arg, safe, read);
  return read;
}
