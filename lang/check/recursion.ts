/**
 * Rules that need themselves, also through references with variables (`data[x]`), which may mean any rule below.
 * The graph has a vertex for each rule and one for each subtree a reference reads whole, so it stays linear in the text.
 */

import { stronglyConnected } from './connected.ts';
import type { LoweredBranch } from './lowered.ts';
import type { Report } from './report.ts';
import type { RuleEntry, RuleNode } from './rule-tree.ts';
import type { DataPath } from './steps.ts';
import { eachDataPath } from './steps.ts';

type Vertex = RuleEntry | RuleNode;

/** Reports each circle of rules once, with the way around it. */
export function checkRecursion(
  root: RuleNode,
  branchesOf: ReadonlyMap<RuleEntry, readonly LoweredBranch[]>,
  report: Report,
): void {
  const edges = new Map<Vertex, readonly Vertex[]>();
  const edgesOf = (vertex: Vertex): readonly Vertex[] => {
    const known = edges.get(vertex);
    if (known) return known;
    const found = isEntry(vertex)
      ? ruleEdges(root, branchesOf.get(vertex) ?? [])
      : [...vertex.entries, ...vertex.children.values()];
    edges.set(vertex, found);
    return found;
  };
  for (const group of stronglyConnected<Vertex>([...branchesOf.keys()], edgesOf)) {
    const rules = group.filter(isEntry);
    const [first] = rules.sort(byPlace);
    if (!first || (group.length === 1 && !edgesOf(first).includes(first))) continue;
    const circle = wayAround(first, new Set(group), edgesOf);
    report.error(
      'check/recursion',
      first.source,
      first.rule.head.span,
      `\`${first.name}\` depends on itself: ${circle.map((rule) => `\`${rule.name}\``).join(' -> ')}`,
      {
        help: 'a rule cannot use its own result: take one of these references out',
        related: circle.slice(1, -1).map((rule) => ({
          source: rule.source,
          span: rule.rule.head.span,
          message: `\`${rule.name}\` is defined here`,
        })),
      },
    );
  }
}

function isEntry(vertex: Vertex): vertex is RuleEntry {
  return 'rule' in vertex;
}

function byPlace(a: RuleEntry, b: RuleEntry): number {
  if (a.source.name !== b.source.name) return a.source.name < b.source.name ? -1 : 1;
  return a.rule.span.start - b.rule.span.start;
}

function ruleEdges(root: RuleNode, branches: readonly LoweredBranch[]): readonly Vertex[] {
  const found = new Set<Vertex>();
  for (const branch of branches) eachDataPath(branch, (path) => addTargets(root, path, 0, found));
  return [...found];
}

/** Adds the rules a reference may read, from `node` on and the path from `at` on. */
function addTargets(node: RuleNode, path: DataPath, at: number, found: Set<Vertex>): void {
  if (path.slice(at).every((key) => key === undefined)) {
    found.add(node);
    return;
  }
  const key = path[at];
  const children = key === undefined ? [...node.children.values()] : [node.children.get(key)];
  for (const child of children) {
    if (!child) continue;
    for (const entry of child.entries) {
      if (mayMeet(entry, path, at + 1)) found.add(entry);
    }
    addTargets(child, path, at + 1, found);
  }
}

function mayMeet(entry: RuleEntry, path: DataPath, from: number): boolean {
  for (let at = from; at < path.length && at < entry.keys.length; at += 1) {
    const left = path[at];
    const right = entry.keys[at];
    if (left !== undefined && right !== undefined && left !== right) return false;
  }
  return true;
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
