/** Which variables a lowered term or step names. The documents `data` and `input` are always there and never counted. */
import type { LoweredComprehension, LoweredTerm, LoweredWith, Step } from './lowered.ts';

/** Parts of a term that a question about its variables leaves out. */
export interface VarFilter {
  readonly closures?: boolean;
  readonly refHeads?: boolean;
  readonly objectKeys?: boolean;
  readonly sets?: boolean;
}

/** Leave out comprehensions. */
export const DIRECT: VarFilter = { closures: true };
/** What an output position or a pattern can bind. */
export const BINDABLE: VarFilter = { closures: true, refHeads: true, objectKeys: true };
/** What a call's arguments must have before it runs. */
export const CALL_INPUT: VarFilter = {
  closures: true,
  refHeads: true,
  objectKeys: true,
  sets: true,
};
const NOTHING: VarFilter = {};

/** Adds the variables of a term to `into`, without the parts `skip` names. */
export function termVars(term: LoweredTerm, skip: VarFilter, into: Set<string>): void {
  switch (term.kind) {
    case 'scalar':
      return;
    case 'var':
      if (term.name !== 'data' && term.name !== 'input') into.add(term.name);
      return;
    case 'ref':
      if (!skip.refHeads) termVars(term.head, skip, into);
      for (const segment of term.path) termVars(segment.term, skip, into);
      return;
    case 'set':
      if (skip.sets) return;
      for (const item of term.items) termVars(item, skip, into);
      return;
    case 'array':
      for (const item of term.items) termVars(item, skip, into);
      return;
    case 'object':
      for (const entry of term.entries) {
        if (!skip.objectKeys) termVars(entry.key, skip, into);
        termVars(entry.value, skip, into);
      }
      return;
    case 'comprehension':
      if (!skip.closures) comprehensionVars(term, into);
      return;
  }
}

function comprehensionVars(term: LoweredComprehension, into: Set<string>): void {
  if (term.key) termVars(term.key, NOTHING, into);
  termVars(term.term, NOTHING, into);
  for (const step of term.body) stepVars(step, 'everywhere', into);
}

/**
 * Variables of a step.
 * - `everywhere`: all of them
 * - `direct`: without those inside closures
 * - `promoted`: `direct`, and what operands without braces need from outside
 */
export function stepVars(
  step: Step,
  mode: 'everywhere' | 'direct' | 'promoted',
  into: Set<string>,
): void {
  const skip = mode === 'everywhere' ? NOTHING : DIRECT;
  for (const modifier of step.with) withVars(modifier, skip, into);
  const { form } = step;
  switch (form.kind) {
    case 'term':
      termVars(form.term, skip, into);
      return;
    case 'eq':
      termVars(form.left, skip, into);
      termVars(form.right, skip, into);
      return;
    case 'call':
      for (const arg of form.args) termVars(arg, skip, into);
      if (form.output) into.add(form.output.name);
      return;
    case 'every':
      termVars(form.domain, skip, into);
      if (mode !== 'everywhere') return;
      if (form.key) into.add(form.key.name);
      into.add(form.value.name);
      for (const inner of form.body) stepVars(inner, mode, into);
      return;
    case 'not':
      operandVars(form.body, form.braces, mode, into);
      return;
    case 'logical':
      operandVars(form.left.body, form.left.braces, mode, into);
      operandVars(form.right.body, form.right.braces, mode, into);
      return;
  }
}

function operandVars(
  body: readonly Step[],
  braces: boolean,
  mode: 'everywhere' | 'direct' | 'promoted',
  into: Set<string>,
): void {
  if (mode === 'everywhere') {
    for (const step of body) stepVars(step, mode, into);
  } else if (mode === 'promoted' && !braces) {
    for (const name of neededByOperand(body)) into.add(name);
  }
}

/**
 * What an operand without braces needs from outside: everything it names, except what one of its own steps binds and another
 * reads (the values of nested calls).
 */
export function neededByOperand(body: readonly Step[]): ReadonlySet<string> {
  const uses = new Map<string, number>();
  const bound = new Set<string>();
  for (const step of body) {
    const names = new Set<string>();
    stepVars(step, 'direct', names);
    for (const name of names) uses.set(name, (uses.get(name) ?? 0) + 1);
    if (step.generated !== undefined) bound.add(step.generated);
  }
  const needed = new Set<string>();
  for (const [name, count] of uses) {
    if (!bound.has(name) || count === 1) needed.add(name);
  }
  return needed;
}

/** A replacement names functions by reference; of a reference only the path can hold variables. */
export function withVars(modifier: LoweredWith, skip: VarFilter, into: Set<string>): void {
  for (const segment of modifier.target.path) termVars(segment.term, skip, into);
  if (modifier.value.kind === 'ref') {
    for (const segment of modifier.value.path) termVars(segment.term, skip, into);
  } else {
    termVars(modifier.value, skip, into);
  }
}

/** Calls `visit` for every comprehension of a step that is not inside another one, and for no other closure. */
export function eachComprehension(
  step: Step,
  visit: (comprehension: LoweredComprehension) => void,
): void {
  for (const modifier of step.with) eachInTerm(modifier.value, visit);
  const { form } = step;
  if (form.kind === 'term') eachInTerm(form.term, visit);
  else if (form.kind === 'every') eachInTerm(form.domain, visit);
  else if (form.kind === 'eq') {
    eachInTerm(form.left, visit);
    eachInTerm(form.right, visit);
  } else if (form.kind === 'call') {
    for (const arg of form.args) eachInTerm(arg, visit);
  }
}

function eachInTerm(term: LoweredTerm, visit: (comprehension: LoweredComprehension) => void): void {
  switch (term.kind) {
    case 'scalar':
    case 'var':
      return;
    case 'ref':
      for (const segment of term.path) eachInTerm(segment.term, visit);
      return;
    case 'array':
    case 'set':
      for (const item of term.items) eachInTerm(item, visit);
      return;
    case 'object':
      for (const entry of term.entries) {
        eachInTerm(entry.key, visit);
        eachInTerm(entry.value, visit);
      }
      return;
    case 'comprehension':
      visit(term);
      return;
  }
}

/** The bodies a step closes over besides its comprehensions. */
export function operandBodies(step: Step): readonly (readonly Step[])[] {
  const { form } = step;
  if (form.kind === 'every' || form.kind === 'not') return [form.body];
  if (form.kind === 'logical') return [form.left.body, form.right.body];
  return [];
}

/** Variables named in a body and the bodies its statements hold, but not in comprehensions. */
export function namedOutsideComprehensions(body: readonly Step[]): ReadonlySet<string> {
  const names = new Set<string>();
  const collect = (step: Step): void => {
    stepVars(step, 'direct', names);
    for (const inner of operandBodies(step)) inner.forEach(collect);
  };
  body.forEach(collect);
  return names;
}
