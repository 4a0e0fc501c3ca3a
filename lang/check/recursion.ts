/** Rules that need themselves, also through others: each circle is reported once, with the way around it. */
import type { Report } from './report.ts';
import type { RuleGraph, Vertex } from './rule-graph.ts';
import { isEntry } from './rule-graph.ts';
import type { RuleEntry } from './rule-tree.ts';

/** Rules of a circle that are named before the rest is left out. */
const MAX_NAMED = 12;

/** Reports each circle of rules once, with the way around it. */
export function checkRecursion(graph: RuleGraph, report: Report): void {
  const { edgesOf } = graph;
  for (const group of graph.groups()) {
    const rules = group.filter(isEntry);
    const [first] = rules.sort(byPlace);
    if (!first || (group.length === 1 && !edgesOf(first).includes(first))) continue;
    const circle = wayAround(first, new Set(group), edgesOf);
    const named = circle.length > MAX_NAMED ? circle.slice(0, MAX_NAMED) : circle;
    const names = named.map((rule) => `\`${rule.name}\``).join(' -> ');
    const way = circle.length === 2 ? '' : `: ${names}${named === circle ? '' : ' -> …'}`;
    report.error(
      'check/recursion',
      first.source,
      first.rule.head.span,
      `\`${first.name}\` depends on itself${way}`,
      {
        help: 'a rule cannot use its own result: take one of these references out',
        related: named.slice(1, named === circle ? -1 : MAX_NAMED).map((rule) => ({
          source: rule.source,
          span: rule.rule.head.span,
          message: `\`${rule.name}\` is defined here`,
        })),
      },
    );
  }
}

function byPlace(a: RuleEntry, b: RuleEntry): number {
  if (a.source.name !== b.source.name) return a.source.name < b.source.name ? -1 : 1;
  return a.rule.span.start - b.rule.span.start;
}

/** The shortest way from a rule back to itself, the rule at both ends. */
function wayAround(
  start: RuleEntry,
  group: ReadonlySet<Vertex>,
  edgesOf: (vertex: Vertex) => readonly Vertex[],
): readonly RuleEntry[] {
  const cameFrom = new Map<Vertex, Vertex>();
  const queue: Vertex[] = [start];
  for (const vertex of queue) {
    for (const next of edgesOf(vertex)) {
      if (next === start) {
        const back: Vertex[] = [start];
        for (let at: Vertex | undefined = vertex; at && at !== start; at = cameFrom.get(at))
          back.push(at);
        return [start, ...back.reverse()].filter(isEntry);
      }
      if (!group.has(next) || cameFrom.has(next)) continue;
      cameFrom.set(next, vertex);
      queue.push(next);
    }
  }
  return [start, start];
}
