/**
 * Orders the steps of a body so that each has its inputs when it is reached, moving as little as possible, and finds the
 * variables for which no order does. Closures may read what their body binds before them; they bind nothing outside.
 * Follows https://www.openpolicyagent.org/docs/policy-language#safety.
 */
import type { LoweredComprehension, LoweredTerm, Step } from './lowered.ts';
import type { ArityOf } from './outputs.ts';
import { stepOutputs } from './outputs.ts';
import { eachComprehension, operandBodies, stepVars, termVars } from './vars.ts';

/** Variables without a value, by the step that needs them. */
export type UnsafeVars = Map<Step, Set<string>>;

/**
 * Orders a body and, inside it, the bodies of its closures (in place).
 * @param globals variables with a value before the body
 * @param unsafe receives what no order can satisfy
 */
export function orderBody(
  body: readonly Step[],
  arityOf: ArityOf,
  globals: ReadonlySet<string>,
  unsafe: UnsafeVars,
): Step[] {
  const ordered = placeSteps(body, arityOf, globals, unsafe);
  const known = new Set(globals);
  for (const [at, step] of ordered.entries()) {
    const before = ordered[at - 1];
    if (before) stepVars(before, 'promoted', known);
    orderClosures(step, arityOf, known, unsafe);
  }
  return ordered;
}

interface Pending {
  readonly step: Step;
  /** Variables still without a value. */
  readonly missing: Set<string>;
  /** Those of them that a closure reads: the step cannot bind them for itself. */
  readonly closedOver: ReadonlySet<string>;
}

function placeSteps(
  body: readonly Step[],
  arityOf: ArityOf,
  globals: ReadonlySet<string>,
  unsafe: UnsafeVars,
): Step[] {
  const named = new Set<string>();
  const direct = body.map((step) => {
    const own = new Set<string>();
    stepVars(step, 'promoted', own);
    for (const name of own) named.add(name);
    return own;
  });
  const safe = new Set<string>();
  for (const name of named) {
    if (globals.has(name)) safe.add(name);
  }
  let pending: Pending[] = body.map((step, at) => {
    const closedOver = new Set<string>();
    for (const name of closureVars(step)) {
      if (named.has(name) && !globals.has(name)) closedOver.add(name);
    }
    const missing = new Set(closedOver);
    for (const name of direct[at] ?? []) {
      if (!safe.has(name)) missing.add(name);
    }
    return { step, missing, closedOver };
  });
  const ordered: Step[] = [];
  for (;;) {
    const left: Pending[] = [];
    for (const entry of pending) {
      if (tryPlace(entry, arityOf, safe)) ordered.push(entry.step);
      else left.push(entry);
    }
    if (left.length === 0) return ordered;
    if (left.length === pending.length) {
      for (const entry of left) addUnsafe(unsafe, entry.step, entry.missing);
      return ordered;
    }
    pending = left;
  }
}

function tryPlace(entry: Pending, arityOf: ArityOf, safe: Set<string>): boolean {
  const { step, missing, closedOver } = entry;
  const outputs = stepOutputs(step, arityOf, safe);
  for (const name of [...missing]) {
    if (safe.has(name) || (outputs.has(name) && !closedOver.has(name))) missing.delete(name);
  }
  if (missing.size > 0) return false;
  const bound = new Set<string>();
  for (const name of outputs) {
    if (!safe.has(name)) bound.add(name);
  }
  step.outputs = bound;
  for (const name of outputs) safe.add(name);
  return true;
}

/** Variables named inside the closures of a step. */
function closureVars(step: Step): ReadonlySet<string> {
  const names = new Set<string>();
  eachComprehension(step, (comprehension) => termVars(comprehension, {}, names));
  for (const body of operandBodies(step)) {
    for (const inner of body) stepVars(inner, 'everywhere', names);
  }
  return names;
}

function orderClosures(step: Step, arityOf: ArityOf, known: Set<string>, unsafe: UnsafeVars): void {
  const { form } = step;
  eachComprehension(step, (comprehension) =>
    orderComprehension(step, comprehension, arityOf, known, unsafe),
  );
  if (form.kind === 'every') {
    if (form.key) known.add(form.key.name);
    known.add(form.value.name);
    form.body = orderBody(form.body, arityOf, known, unsafe);
  } else if (form.kind === 'not') {
    form.body = orderBody(form.body, arityOf, known, unsafe);
  } else if (form.kind === 'logical') {
    form.left.body = orderBody(form.left.body, arityOf, known, unsafe);
    form.right.body = orderBody(form.right.body, arityOf, known, unsafe);
  }
}

function orderComprehension(
  step: Step,
  comprehension: LoweredComprehension,
  arityOf: ArityOf,
  known: ReadonlySet<string>,
  unsafe: UnsafeVars,
): void {
  const available = new Set(known);
  for (const inner of comprehension.body) stepVars(inner, 'promoted', available);
  const heads: LoweredTerm[] = comprehension.key
    ? [comprehension.key, comprehension.term]
    : [comprehension.term];
  const needed = new Set<string>();
  for (const head of heads) termVars(head, {}, needed);
  const missing = new Set<string>();
  for (const name of needed) {
    if (!available.has(name)) missing.add(name);
  }
  addUnsafe(unsafe, step, missing);
  comprehension.body = orderBody(comprehension.body, arityOf, known, unsafe);
}

function addUnsafe(unsafe: UnsafeVars, step: Step, names: ReadonlySet<string>): void {
  if (names.size === 0) return;
  const known = unsafe.get(step);
  if (!known) unsafe.set(step, new Set(names));
  else for (const name of names) known.add(name);
}
