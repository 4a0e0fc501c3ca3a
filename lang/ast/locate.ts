/**
 * Finds the node at a place of the source: what the language server asks for hover, definition and completion.
 */
import { childrenOf } from './child-keys.ts';
import type { Node } from './nodes.ts';

/**
 * The nodes whose spans hold `offset`, from `root` to the innermost. The end of a span counts as inside where nothing that
 * begins there holds it, so that a cursor just behind a name is still on it. Empty where `root` does not hold the offset.
 */
export function pathAt(root: Node, offset: number): readonly Node[] {
  const path: Node[] = [];
  let node: Node | undefined = holds(root, offset) ? root : undefined;
  while (node !== undefined) {
    path.push(node);
    const candidates: Node[] = childrenOf(node).filter((child) => holds(child, offset));
    node = candidates.find((child) => offset < child.span.end) ?? candidates.at(-1);
  }
  return path;
}

/** The innermost node at `offset`, or undefined outside of `root`. */
export function nodeAt(root: Node, offset: number): Node | undefined {
  return pathAt(root, offset).at(-1);
}

function holds(node: Node, offset: number): boolean {
  return node.span.start <= offset && offset <= node.span.end;
}
