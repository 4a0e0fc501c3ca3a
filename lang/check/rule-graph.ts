/**
 * Which rules a rule reads, also through references with variables (`data[x]`), which may mean any rule below. The graph has a
 * vertex for each rule and one for each subtree that a reference reads whole, so it stays linear in the text.
 */
import { stronglyConnected } from './connected.ts';
import type { LoweredBranch } from './lowered.ts';
import type { RuleEntry, RuleNode } from './rule-tree.ts';
import type { DataPath } from './steps.ts';
import { eachDataPath } from './steps.ts';

export type Vertex = RuleEntry | RuleNode;

export interface RuleGraph {
  /** What a rule reads, or what a subtree holds. */
  edgesOf(vertex: Vertex): readonly Vertex[];
  /** Groups of rules that need each other, every group after those it reads. */
  groups(): readonly (readonly Vertex[])[];
  /** The rules a path can mean, and all rules that read them, also through others. */
  dependentsOf(path: DataPath): readonly RuleEntry[];
}

export function isEntry(vertex: Vertex): vertex is RuleEntry {
  return 'rule' in vertex;
}

export function makeRuleGraph(
  root: RuleNode,
  branchesOf: ReadonlyMap<RuleEntry, readonly LoweredBranch[]>,
): RuleGraph {
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
  let readers: ReadonlyMap<Vertex, readonly Vertex[]> | undefined;
  return {
    edgesOf,
    groups: () => stronglyConnected<Vertex>([...branchesOf.keys()], edgesOf),
    dependentsOf(path) {
      const meant = new Set<Vertex>();
      addTargets(root, path, 0, meant);
      const starts = [...meant].flatMap((vertex) => (isEntry(vertex) ? [vertex] : below(vertex)));
      if (starts.length === 0) return [];
      readers ??= reverse([...branchesOf.keys()], edgesOf);
      return reach(starts, readers).filter(isEntry);
    },
  };
}

function below(node: RuleNode): readonly RuleEntry[] {
  return [...node.entries, ...[...node.children.values()].flatMap(below)];
}

function reverse(
  starts: readonly Vertex[],
  edgesOf: (vertex: Vertex) => readonly Vertex[],
): ReadonlyMap<Vertex, readonly Vertex[]> {
  const readers = new Map<Vertex, Vertex[]>();
  const seen = new Set<Vertex>(starts);
  for (const vertex of seen)
    for (const target of edgesOf(vertex)) {
      const known = readers.get(target);
      if (known) known.push(vertex);
      else readers.set(target, [vertex]);
      seen.add(target);
    }
  return readers;
}

function reach(
  starts: readonly Vertex[],
  readers: ReadonlyMap<Vertex, readonly Vertex[]>,
): readonly Vertex[] {
  const seen = new Set<Vertex>(starts);
  for (const vertex of seen) for (const reader of readers.get(vertex) ?? []) seen.add(reader);
  return [...seen];
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
