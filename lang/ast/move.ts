/**
 * Copies of nodes that stand somewhere else: what an edit above them leaves of them. It changes no node.
 */
import type { Span } from '../source.ts';
import { CHILD_KEYS, type NodeKind } from './child-keys.ts';
import type { Node } from './nodes.ts';

/** A node as its table of children reads it. */
interface Fields {
  readonly kind: NodeKind;
  span: Span;
  [key: string]: unknown;
}

/** The node with all below it, so many characters further; itself where that is none. */
export function moveNode<T extends Node>(node: T, by: number): T {
  // A copy has the kind and the fields of what it is a copy of.
  return by === 0 ? node : (copyMoved(node as unknown as Fields, by) as unknown as T);
}

/** A span so many characters further. */
export function moveSpan({ start, end }: Span, by: number): Span {
  return { start: start + by, end: end + by };
}

function copyMoved(node: Fields, by: number): Fields {
  const copy: Fields = { ...node };
  copy.span = moveSpan(node.span, by);
  for (const key of CHILD_KEYS[node.kind]) {
    const value = node[key];
    if (typeof value === 'object' && value !== null) copy[key] = copyChild(value, by);
  }
  return copy;
}

/** What a key of the table holds: a node, or a list of nodes and, in templates, of texts. */
function copyChild(value: object, by: number): unknown {
  if (!Array.isArray(value)) return copyMoved(value as Fields, by);
  return value.map((item: unknown) =>
    typeof item === 'object' && item !== null ? copyMoved(item as Fields, by) : item,
  );
}
