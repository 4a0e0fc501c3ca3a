/** Strongly connected groups of a graph, without recursion of the host so that no input can exhaust its stack. */

interface Frame<V> {
  readonly vertex: V;
  readonly edges: readonly V[];
  next: number;
}

/** The groups reachable from `starts`, each in some order; a vertex alone is a group too. */
export function stronglyConnected<V>(
  starts: readonly V[],
  edgesOf: (vertex: V) => readonly V[],
): readonly (readonly V[])[] {
  const index = new Map<V, number>();
  const low = new Map<V, number>();
  const onStack = new Set<V>();
  const stack: V[] = [];
  const groups: V[][] = [];
  // Most vertices lead nowhere, and are groups of their own.
  const isLone = (vertex: V): boolean => {
    if (edgesOf(vertex).length > 0) return false;
    index.set(vertex, index.size);
    groups.push([vertex]);
    return true;
  };
  const enter = (vertex: V): Frame<V> => {
    index.set(vertex, index.size);
    low.set(vertex, index.size - 1);
    stack.push(vertex);
    onStack.add(vertex);
    return { vertex, edges: edgesOf(vertex), next: 0 };
  };
  const lower = (vertex: V, to: number): void => {
    low.set(vertex, Math.min(low.get(vertex) ?? to, to));
  };
  for (const start of starts) {
    if (index.has(start) || isLone(start)) continue;
    const frames: Frame<V>[] = [enter(start)];
    for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
      const next = frame.edges[frame.next];
      if (next !== undefined) {
        frame.next += 1;
        const seen = index.get(next);
        if (seen === undefined) {
          if (!isLone(next)) frames.push(enter(next));
        } else if (onStack.has(next)) lower(frame.vertex, seen);
        continue;
      }
      frames.pop();
      const own = low.get(frame.vertex) ?? 0;
      const parent = frames.at(-1);
      if (parent) lower(parent.vertex, own);
      if (own === index.get(frame.vertex)) groups.push(popGroup(stack, onStack, frame.vertex));
    }
  }
  return groups;
}

function popGroup<V>(stack: V[], onStack: Set<V>, root: V): V[] {
  const group: V[] = [];
  for (let vertex = stack.pop(); vertex !== undefined; vertex = stack.pop()) {
    onStack.delete(vertex);
    group.push(vertex);
    if (vertex === root) break;
  }
  return group;
}
