/**
 * Steps that wait to be taken back into the statement after them, and when they must not be: OPA evaluates all calls of a statement
 * before its references, and of two parts that do not hold, the first decides whether the other one can fail the evaluation.
 */

import type { Term } from '../ast/nodes.ts';
import type { LoweredSegment, LoweredTerm, Step } from './lowered.ts';

export interface Waiting {
  readonly step: Step;
  readonly term: Term;
  /** Evaluating the term can end in a conflict. */
  readonly conflicts: boolean;
}

/** What a step reads in the order in which it is evaluated; nothing where the steps in its parts stay in them. */
export function stepTerms({ form }: Step): readonly LoweredTerm[] {
  switch (form.kind) {
    case 'term':
      return [form.term];
    case 'call':
      return form.shape.kind === 'template' ? [] : form.args;
    case 'eq':
      return [form.left, form.right];
    case 'every':
      return [form.domain];
    default:
      return [];
  }
}

/**
 * Can evaluating a step, with what it takes back, end in a conflict? Functions can, and builtins in whose place a function stands.
 * @param mocked names of builtins that some `with` replaces
 */
export function canConflict(
  step: Step,
  waiting: ReadonlyMap<string, Waiting>,
  mocked: ReadonlySet<string>,
): boolean {
  const { form } = step;
  if (form.kind === 'call') {
    if (form.callee.kind === 'function' || mocked.has(form.callee.name)) return true;
  }
  const reads = (term: LoweredTerm): boolean => {
    switch (term.kind) {
      case 'var':
        return waiting.get(term.name)?.conflicts === true;
      case 'ref':
        return reads(term.head) || term.path.some((segment) => reads(segment.term));
      case 'array':
      case 'set':
        return term.items.some(reads);
      case 'object':
        return term.entries.some(({ key, value }) => reads(key) || reads(value));
      case 'scalar':
      case 'comprehension':
        return false;
    }
  };
  return stepTerms(step).some(reads);
}

/**
 * Would taking the waiting calls back evaluate one after what OPA evaluates after it, so that one of both hides the failure of the
 * other? A reference to `data` can fail, and hides what a call after it would fail with where it is undefined, as any other does.
 */
export function isOutOfOrder(
  terms: readonly LoweredTerm[],
  waiting: ReadonlyMap<string, Waiting>,
): boolean {
  let canFail = false;
  let canHide = false;
  const visit = (term: LoweredTerm): boolean => {
    switch (term.kind) {
      case 'scalar':
        return false;
      case 'var': {
        const taken = waiting.get(term.name);
        return taken !== undefined && (canFail || (canHide && taken.conflicts));
      }
      case 'ref': {
        const found = visit(term.head) || visitPath(term.head.name, term.path);
        canFail ||= term.head.name === 'data';
        canHide = true;
        return found;
      }
      case 'array':
      case 'set':
        return term.items.some(visit);
      case 'object':
        return term.entries.some(({ key, value }) => visit(key) || visit(value));
      case 'comprehension':
        canFail = true;
        return false;
    }
  };
  const visitPath = (head: string, path: readonly LoweredSegment[]): boolean =>
    path.some(({ term }, at) => {
      // What stands before the last segment may be undefined before the segment is looked at.
      canHide ||= at > 0 || head === 'data' || head === 'input';
      return visit(term);
    });
  return terms.some(visit);
}
