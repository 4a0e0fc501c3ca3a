/**
 * Whether two steps say the same, wherever they stand. Generated variables are never the same, so that steps with calls inside them
 * are not either.
 */
import type { NumberLiteral } from '../ast/nodes.ts';
import type { Step } from './lowered.ts';

/** What does not belong to the meaning of a step. */
const ASIDE: ReadonlySet<string> = new Set(['span', 'style', 'raw']);

/** Do both steps have the same form, negation and replacements? */
export function isSameStep(a: Step, b: Step): boolean {
  return a.negated === b.negated && isSame(a.form, b.form) && isSame(a.with, b.with);
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (isStep(a) && isStep(b)) return isSameStep(a, b);
  if (isNumber(a) && isNumber(b)) return Number(a.text) === Number(b.text);
  const [left, right] = [partsOf(a), partsOf(b)];
  return left.size === right.size && [...left].every(([key, part]) => isSame(part, right.get(key)));
}

function isStep(value: object): value is Step {
  return 'form' in value && 'with' in value;
}

function isNumber(value: object): value is NumberLiteral {
  return 'kind' in value && value.kind === 'Number';
}

function partsOf(value: object): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(value).filter(([key]) => !ASIDE.has(key)));
}
