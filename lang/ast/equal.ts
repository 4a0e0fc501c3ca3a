/**
 * Equality of syntax trees without their places: what the formatter checks its output with, and what tests compare.
 */
import { isNode } from './child-keys.ts';
import type { Node } from './nodes.ts';

/** Whether two trees say the same, wherever they stand. Comments count; spans do not. */
export function equalNodes(left: Node, right: Node): boolean {
  return equalValues(left, right);
}

function equalValues(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, at) => equalValues(item, right[at]));
  }
  if (!isNode(left) || !isNode(right) || left.kind !== right.kind) return false;
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every(
      (name) => name === 'span' || equalValues(Reflect.get(left, name), Reflect.get(right, name)),
    )
  );
}
