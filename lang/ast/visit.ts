/**
 * Walks a syntax tree in source order, calling what the visitor has for each kind. It does not change the tree.
 */
import { CHILD_KEYS, type NodeKind, type NodeOfKind } from './child-keys.ts';
import type { Node } from './nodes.ts';

/** What a visitor may answer on entry: `skip` leaves the node's children out, `stop` ends the whole walk. */
export type VisitAnswer = 'skip' | 'stop' | undefined;

/**
 * Functions by node kind, called before a node's children. `ancestors` runs from the root to the parent and is only valid
 * during the call.
 */
export type Visitor = {
  readonly [K in NodeKind]?: (
    node: NodeOfKind<K>,
    ancestors: readonly Node[],
  ) => VisitAnswer | undefined;
} & {
  /** Called for every node, before the function of its kind. */
  readonly enter?: (node: Node, ancestors: readonly Node[]) => VisitAnswer | undefined;
  /** Called for every node after its children, also where they were skipped. */
  readonly leave?: (node: Node, ancestors: readonly Node[]) => void;
};

/** Visits `root` and everything below it; answers false where the visitor stopped the walk. */
export function visit(root: Node, visitor: Visitor): boolean {
  return walk(root, visitor, []);
}

function walk(node: Node, visitor: Visitor, ancestors: Node[]): boolean {
  const first = visitor.enter?.(node, ancestors);
  const answer = first ?? callFor(node, visitor, ancestors);
  if (answer === 'stop') return false;
  if (answer !== 'skip') {
    ancestors.push(node);
    for (const key of CHILD_KEYS[node.kind]) {
      // The table holds that what stands there is a node, a list of nodes or nothing.
      const below = Reflect.get(node, key) as Node | readonly Node[] | undefined;
      if (below === undefined) continue;
      if (!isList(below)) {
        if (!walk(below, visitor, ancestors)) return false;
        continue;
      }
      for (const child of below) if (!walk(child, visitor, ancestors)) return false;
    }
    ancestors.pop();
  }
  visitor.leave?.(node, ancestors);
  return true;
}

function isList(below: Node | readonly Node[]): below is readonly Node[] {
  return Array.isArray(below);
}

/** The table is keyed by the node's own kind, which the compiler cannot follow through a union. */
function callFor(node: Node, visitor: Visitor, ancestors: readonly Node[]): VisitAnswer {
  const handler = visitor[node.kind] as
    | ((node: Node, ancestors: readonly Node[]) => VisitAnswer)
    | undefined;
  return handler?.(node, ancestors);
}
