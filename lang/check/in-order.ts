/**
 * The common case of ordering a body: nothing in it closes over variables, and each step has what it needs where it is written. It must
 * come to what `safety.ts` comes to for such a body, which tries the steps in their order first.
 */
import type { NameLookup } from './known-names.ts';
import { layerOver } from './known-names.ts';
import type { Step } from './lowered.ts';
import type { ArityOf } from './outputs.ts';
import { stepOutputs } from './outputs.ts';
import { eachComprehension, stepVars } from './vars.ts';

/**
 * Fills the outputs of the steps; false, with nothing changed, where they have to be ordered.
 * @param globals variables with a value before the body
 */
export function isInOrder(body: readonly Step[], arityOf: ArityOf, globals: NameLookup): boolean {
  if (body.some(hasClosure)) return false;
  const safe = layerOver(globals);
  const bound: ReadonlySet<string>[] = [];
  const named = new Set<string>();
  for (const step of body) {
    const outputs = stepOutputs(step, arityOf, safe);
    named.clear();
    stepVars(step, 'promoted', named);
    for (const name of named) if (!safe.has(name) && !outputs.has(name)) return false;
    bound.push(without(outputs, safe));
    for (const name of outputs) safe.add(name);
  }
  for (const [at, step] of body.entries()) step.outputs = bound[at];
  return true;
}

function without(names: ReadonlySet<string>, known: NameLookup): ReadonlySet<string> {
  for (const name of names)
    if (known.has(name)) return new Set([...names].filter((each) => !known.has(each)));
  return names;
}

function hasClosure(step: Step): boolean {
  const { kind } = step.form;
  if (kind === 'every' || kind === 'not' || kind === 'logical') return true;
  let found = false;
  eachComprehension(step, () => {
    found = true;
  });
  return found;
}
