/** Which variables a step binds when it is evaluated, given those that have a value before. */
import type { NameLookup } from './known-names.ts';
import type { LoweredTerm, Step } from './lowered.ts';
import { isReadable, isSubset, unifiedVars } from './unify.ts';
import { CALL_INPUT, DIRECT, termVars, withVars } from './vars.ts';

/** Number of arguments without the output; undefined when nothing of that name is known. */
export type ArityOf = (
  callee: Extract<Step['form'], { kind: 'call' }>['callee'],
) => number | undefined;

const NONE: ReadonlySet<string> = new Set();

/** Variables the step binds; those of `safe` may be among them. */
export function stepOutputs(step: Step, arityOf: ArityOf, safe: NameLookup): ReadonlySet<string> {
  const { form } = step;
  if (step.negated || form.kind === 'not' || form.kind === 'logical') return NONE;
  if (!hasReplacements(step, safe)) return NONE;
  const outputs = new Set<string>();
  switch (form.kind) {
    case 'term':
      refOutputs(form.term, safe, outputs);
      return outputs;
    case 'every':
      refOutputs(form.domain, safe, outputs);
      return outputs;
    case 'eq':
      return equationOutputs(form, safe);
    case 'call':
      return callOutputs(form, arityOf, safe, outputs);
  }
}

/** Have the values that the modifiers of a step put in place all they need? */
export function hasReplacements(step: Step, safe: NameLookup): boolean {
  if (step.with.length === 0) return true;
  const needed = new Set<string>();
  for (const modifier of step.with) withVars(modifier, DIRECT, needed);
  return isSubset(needed, safe);
}

function equationOutputs(
  form: Extract<Step['form'], { kind: 'eq' }>,
  safe: NameLookup,
): ReadonlySet<string> {
  const read = new Set<string>();
  refOutputs(form.left, safe, read);
  refOutputs(form.right, safe, read);
  const assigned = new Set<string>();
  if (form.assign) termVars(form.left, {}, assigned);
  // Not a copy of `safe` with the others: a body has as many equations as it has variables.
  const known = {
    has: (name: string): boolean => (read.has(name) || safe.has(name)) && !assigned.has(name),
  };
  const outputs = new Set<string>();
  for (const name of unifiedVars(known, form.left, form.right)) {
    if (!safe.has(name)) outputs.add(name);
  }
  for (const name of read) {
    if (!safe.has(name) && !assigned.has(name)) outputs.add(name);
  }
  return outputs;
}

function callOutputs(
  form: Extract<Step['form'], { kind: 'call' }>,
  arityOf: ArityOf,
  safe: NameLookup,
  outputs: Set<string>,
): ReadonlySet<string> {
  const arity = arityOf(form.callee);
  if (arity === undefined) return NONE;
  for (const arg of form.args) refOutputs(arg, safe, outputs);
  const results = form.output ? [form.output] : form.args.slice(arity);
  if (results.length === 0) return outputs;
  const needed = new Set<string>();
  const inputs = form.output ? form.args : form.args.slice(0, arity);
  for (const arg of inputs) termVars(arg, CALL_INPUT, needed);
  for (const name of needed) {
    if (!outputs.has(name) && !safe.has(name)) return NONE;
  }
  for (const result of results) termVars(result, CALL_INPUT, outputs);
  return outputs;
}

/** Variables bound by iterating references whose head has a value. */
export function refOutputs(term: LoweredTerm, safe: NameLookup, into: Set<string>): void {
  switch (term.kind) {
    case 'ref':
      if (!isReadable(term, safe)) return;
      for (const segment of term.path) {
        termVars(segment.term, { refHeads: true }, into);
        refOutputs(segment.term, safe, into);
      }
      return;
    case 'array':
    case 'set':
      for (const item of term.items) refOutputs(item, safe, into);
      return;
    case 'object':
      for (const entry of term.entries) {
        refOutputs(entry.key, safe, into);
        refOutputs(entry.value, safe, into);
      }
      return;
    default:
      return;
  }
}

/** Variables the steps bind one after the other, with those of `safe`. */
export function bodyOutputs(
  body: readonly Step[],
  arityOf: ArityOf,
  safe: ReadonlySet<string>,
): Set<string> {
  const known = new Set(safe);
  for (const step of body) {
    for (const name of stepOutputs(step, arityOf, known)) known.add(name);
  }
  return known;
}
