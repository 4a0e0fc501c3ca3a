/** What a step holds: its references and its comprehensions, in the order they are written. */
import type { LoweredComprehension, LoweredRef, LoweredTerm, Step } from '../check/lowered.ts';

/** A reference of a step; `isInside` where it stands in the body of an `every`, a `not` or an operand. */
export interface FoundReference {
  readonly ref: LoweredRef;
  readonly isInside: boolean;
}

/** References of a step, those inside comprehensions not. */
export function referencesIn(step: Step): readonly FoundReference[] {
  const found: FoundReference[] = [];
  walkStep(step, (term, isInside) => {
    if (term.kind === 'ref') found.push({ ref: term, isInside });
    return term.kind !== 'comprehension';
  });
  return found;
}

/** Comprehensions of a step, outermost only, those inside `every` and `not` bodies included. */
export function closuresIn(step: Step): readonly LoweredComprehension[] {
  const found: LoweredComprehension[] = [];
  walkStep(step, (term) => {
    if (term.kind !== 'comprehension') return true;
    found.push(term);
    return false;
  });
  return found;
}

/** Comprehensions right inside another one, in its body and its head. */
export function closuresInside(closure: LoweredComprehension): readonly LoweredComprehension[] {
  const found = closure.body.flatMap(closuresIn);
  for (const head of [closure.key, closure.term]) {
    if (head === undefined) continue;
    walkTerm(head, (term) => {
      if (term.kind !== 'comprehension') return true;
      found.push(term);
      return false;
    });
  }
  return found;
}

/** References anywhere in a step, its `with` values and targets included. */
export function allReferencesIn(step: Step): readonly LoweredRef[] {
  const found: LoweredRef[] = [];
  const visit = (term: LoweredTerm): boolean => {
    if (term.kind === 'ref') found.push(term);
    if (term.kind === 'comprehension')
      for (const inner of term.body) found.push(...allReferencesIn(inner));
    return true;
  };
  walkStep(step, visit);
  for (const each of step.with) {
    walkTerm(each.target, visit);
    walkTerm(each.value, visit);
  }
  return found;
}

/** Callees of user functions called anywhere in a step, as paths below `data`. */
export function calledFunctionsIn(step: Step): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [];
  const visitStep = (each: Step): void => {
    if (each.form.kind === 'call' && each.form.callee.kind === 'function')
      found.push(each.form.callee.path);
    for (const inner of innerSteps(each)) visitStep(inner);
    walkStep(each, (term) => {
      if (term.kind === 'comprehension') for (const inner of term.body) visitStep(inner);
      return true;
    });
  };
  visitStep(step);
  return found;
}

function innerSteps(step: Step): readonly Step[] {
  switch (step.form.kind) {
    case 'every':
    case 'not':
      return step.form.body;
    case 'logical':
      return [...step.form.left.body, ...step.form.right.body];
    default:
      return [];
  }
}

/** Calls `visit` for every term of a step; the term's parts follow while it returns true. */
function walkStep(
  step: Step,
  visit: (term: LoweredTerm, isInside: boolean) => boolean,
  isInside = false,
): void {
  const { form } = step;
  const own = (term: LoweredTerm): boolean => visit(term, isInside);
  switch (form.kind) {
    case 'term':
      walkTerm(form.term, own);
      break;
    case 'eq':
      walkTerm(form.left, own);
      walkTerm(form.right, own);
      break;
    case 'call':
      for (const arg of form.args) walkTerm(arg, own);
      break;
    case 'every':
      walkTerm(form.domain, own);
      break;
    case 'not':
    case 'logical':
      break;
  }
  for (const inner of innerSteps(step)) walkStep(inner, visit, true);
}

function walkTerm(term: LoweredTerm, visit: (term: LoweredTerm) => boolean): void {
  if (!visit(term)) return;
  switch (term.kind) {
    case 'ref':
      for (const segment of term.path) walkTerm(segment.term, visit);
      break;
    case 'array':
    case 'set':
      for (const item of term.items) walkTerm(item, visit);
      break;
    case 'object':
      for (const { key, value } of term.entries) {
        walkTerm(key, visit);
        walkTerm(value, visit);
      }
      break;
    case 'comprehension':
      if (term.key !== undefined) walkTerm(term.key, visit);
      walkTerm(term.term, visit);
      break;
    default:
      break;
  }
}
