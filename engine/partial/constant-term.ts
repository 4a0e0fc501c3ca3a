/** Values as the terms that denote them: how what is known enters a rule. */
import type { Term } from '../../lang/ast/nodes.ts';
import type { Span } from '../../lang/source.ts';
import { isArray, isObject } from '../value/compare.ts';
import { isNumber } from '../value/number.ts';
import type { Value } from '../value/value.ts';

/** Scalars that the values put into one body may have together: larger ones stay where they are. */
export const MAX_LEAVES = 256;

/** Scalars and empty collections in a value, at most `most` + 1. */
export function countLeaves(value: Value, most: number): number {
  if (typeof value !== 'object' || value === null || isNumber(value)) return 1;
  const members = isArray(value)
    ? value
    : isObject(value)
      ? [...value.keys(), ...value.values()]
      : value.toSorted();
  let leaves = members.length === 0 ? 1 : 0;
  for (const member of members) {
    if (leaves > most) return leaves;
    leaves += countLeaves(member, most - leaves);
  }
  return leaves;
}

/** The term, standing where what it replaces stood. */
export function constantTerm(value: Value, span: Span): Term {
  const termOf = (member: Value): Term => constantTerm(member, span);
  if (value === null) return { kind: 'Null', span };
  if (typeof value === 'boolean') return { kind: 'Boolean', value, span };
  if (typeof value === 'string') return { kind: 'String', value, raw: false, span };
  if (isNumber(value)) return { kind: 'Number', text: String(value), span };
  if (isArray(value)) return { kind: 'Array', items: value.map(termOf), span };
  if (isObject(value)) {
    const values = value.values();
    const entries = value.keys().map((key, at) => ({
      kind: 'ObjectEntry' as const,
      key: termOf(key),
      value: termOf(values[at] ?? null),
      span,
    }));
    return { kind: 'Object', entries, span };
  }
  return { kind: 'Set', items: value.toSorted().map(termOf), span };
}
