/**
 * Orders the steps of a body so that each has its inputs when it is reached, moving as little as possible, and finds the
 * variables for which no order does. Closures may read what their body binds before them; they bind nothing outside.
 * Follows https://www.openpolicyagent.org/docs/policy-language#safety.
 */
import { isInOrder } from './in-order.ts';
import type { KnownNames, NameLookup } from './known-names.ts';
import { layerOver } from './known-names.ts';
import type { Leftover } from './leftover.ts';
import { MAX_FULLY_TRIED_STEPS, makeLeftover } from './leftover.ts';
import type { LoweredComprehension, LoweredTerm, Step } from './lowered.ts';
import type { ArityOf } from './outputs.ts';
import { stepOutputs } from './outputs.ts';
import { makeFullRounds, makeRounds } from './rounds.ts';
import { isSameStep } from './same-step.ts';
import { unsafeCauses } from './unsafe-causes.ts';
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
  globals: NameLookup,
  unsafe: UnsafeVars,
): Step[] {
  if (isInOrder(body, arityOf, globals)) return [...body];
  const ordered = placeSteps(body, arityOf, globals, unsafe);
  const known = layerOver(globals);
  for (const [at, step] of ordered.entries()) {
    const before = ordered[at - 1];
    if (before) for (const name of namesOf(before, 'promoted')) known.add(name);
    orderClosures(step, arityOf, known, unsafe);
  }
  return ordered;
}

interface Pending {
  readonly step: Step;
  /** Variables still without a value. */
  readonly missing: Set<string>;
  /** Those of them that a closure reads. */
  readonly closedOver: ReadonlySet<string>;
}

function placeSteps(
  body: readonly Step[],
  arityOf: ArityOf,
  globals: NameLookup,
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
  const pending = body.map((step, at): Pending => {
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
  const readers = readersOf(body);
  const waits = pending.some(
    ({ step, closedOver }) => step.form.kind === 'every' && closedOver.size > 0,
  );
  const leftover = waits ? makeLeftover(arityOf) : undefined;
  const rounds =
    waits && body.length <= MAX_FULLY_TRIED_STEPS
      ? makeFullRounds(body.length)
      : makeRounds(body.length);
  const placed = new Set<Pending>();
  for (let at = rounds.next(); at !== undefined; at = rounds.next()) {
    const entry = pending[at];
    if (!entry || placed.has(entry) || isTakenForPlaced(entry, ordered[at])) continue;
    if (!tryPlace(entry, arityOf, safe, leftover)) continue;
    placed.add(entry);
    ordered.push(entry.step);
    if (waits) rounds.wake(at);
    for (const name of entry.step.outputs ?? [])
      for (const reader of readers.get(name) ?? []) rounds.wake(reader);
  }
  const left = pending.filter((entry) => !placed.has(entry));
  const causes = unsafeCauses(left, arityOf, safe);
  for (const { step, missing } of left)
    addUnsafe(unsafe, step, new Set([...missing].filter((name) => causes.has(name))));
  return ordered;
}

/** Which steps name a variable, and may be placed once it has a value. */
function readersOf(body: readonly Step[]): ReadonlyMap<string, readonly number[]> {
  const readers = new Map<string, number[]>();
  for (const [at, step] of body.entries()) {
    for (const name of namesOf(step, 'everywhere')) {
      const known = readers.get(name);
      if (known) known.push(at);
      else readers.set(name, [at]);
    }
  }
  return readers;
}

function namesOf(step: Step, mode: 'everywhere' | 'promoted'): ReadonlySet<string> {
  const names = new Set<string>();
  stepVars(step, mode, names);
  return names;
}

/**
 * OPA tells steps that say the same apart by their place alone, the one before they are ordered of a step that waits, the one after
 * of a step that has been placed: where both are equal it takes the one that waits for placed, and misses its variables.
 */
function isTakenForPlaced({ step, missing }: Pending, there: Step | undefined): boolean {
  return there !== undefined && missing.size > 0 && isSameStep(there, step);
}

function tryPlace(
  entry: Pending,
  arityOf: ArityOf,
  safe: Set<string>,
  leftover: Leftover | undefined,
): boolean {
  const { step, missing, closedOver } = entry;
  const outputs = stepOutputs(step, arityOf, safe);
  const credited = leftover?.credited(step, outputs, safe) ?? outputs;
  // OPA waits for ever with a step that enumerates just what its closures read, even where that is bound before.
  if (closedOver.size > 0 && hasSame(closedOver, credited)) return false;
  for (const name of [...missing]) {
    // What the step binds itself its closures do not find: that is told when these are ordered.
    if (safe.has(name) || outputs.has(name)) missing.delete(name);
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

function hasSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((name) => b.has(name));
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

function orderClosures(step: Step, arityOf: ArityOf, known: KnownNames, unsafe: UnsafeVars): void {
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
  known: NameLookup,
  unsafe: UnsafeVars,
): void {
  const available = new Set<string>();
  for (const inner of comprehension.body) stepVars(inner, 'promoted', available);
  const heads: LoweredTerm[] = comprehension.key
    ? [comprehension.key, comprehension.term]
    : [comprehension.term];
  const needed = new Set<string>();
  for (const head of heads) termVars(head, {}, needed);
  const missing = new Set<string>();
  for (const name of needed) {
    if (!available.has(name) && !known.has(name)) missing.add(name);
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
