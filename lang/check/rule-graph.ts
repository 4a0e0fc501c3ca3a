/**
 * Which rules a rule reads, also through references with variables (`data[x]`), which may mean any rule below. The graph has a
 * vertex for each rule, one for all rules of a place and one for each subtree that a reference reads whole, so it stays linear in the
 * text.
 */
import { stronglyConnected } from './connected.ts';
import type { LoweredBranch } from './lowered.ts';
import type { RuleEntry, RuleNode } from './rule-tree.ts';
import type { DataPath } from './steps.ts';
import { eachDataPath } from './steps.ts';

/** A list stands for all rules of a place that any reference to the place means. */
export type Vertex = RuleEntry | RuleNode | readonly RuleEntry[];

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

/** @param readsOf the places below `data` that a rule reads; not asked again once the groups are known */
export function makeRuleGraph(
  root: RuleNode,
  entries: readonly RuleEntry[],
  readsOf: (entry: RuleEntry) => readonly DataPath[],
): RuleGraph {
  const edges = new Map<Vertex, readonly Vertex[]>();
  const search: Search = { root, placesOf: makePlaces() };
  const edgesOf = (vertex: Vertex): readonly Vertex[] => {
    const known = edges.get(vertex);
    if (known) return known;
    const found = edgesOfVertex(search, vertex, readsOf);
    edges.set(vertex, found);
    return found;
  };
  let groups: ReturnType<RuleGraph['groups']> | undefined;
  let readers: ReadonlyMap<Vertex, readonly Vertex[]> | undefined;
  return {
    edgesOf,
    groups() {
      groups ??= stronglyConnected<Vertex>(entries, edgesOf);
      return groups;
    },
    dependentsOf(path) {
      const meant = new Set<Vertex>();
      addTargets(search, root, path, 0, meant);
      const starts = [...meant].flatMap(entriesOf);
      if (starts.length === 0) return [];
      readers ??= reverse(entries, edgesOf);
      return reach(starts, readers).filter(isEntry);
    },
  };
}

const NONE: readonly never[] = [];

/** The rules of a place: those that any reference to it means, as one vertex, and those whose head may exclude a reference. */
interface Place {
  readonly always: readonly RuleEntry[];
  readonly sometimes: readonly RuleEntry[];
}

interface Search {
  readonly root: RuleNode;
  readonly placesOf: (node: RuleNode) => Place;
}

function makePlaces(): (node: RuleNode) => Place {
  const places = new Map<RuleNode, Place>();
  return (node) => {
    const known = places.get(node);
    if (known) return known;
    const isOpen = (entry: RuleEntry): boolean =>
      entry.keys.slice(entry.groundLength).every((key) => key === undefined);
    const place = {
      always: node.entries.filter(isOpen),
      sometimes: node.entries.filter((entry) => !isOpen(entry)),
    };
    places.set(node, place);
    return place;
  };
}

function isList(vertex: Vertex): vertex is readonly RuleEntry[] {
  return Array.isArray(vertex);
}

function edgesOfVertex(
  search: Search,
  vertex: Vertex,
  readsOf: (entry: RuleEntry) => readonly DataPath[],
): readonly Vertex[] {
  if (isList(vertex)) return vertex;
  if (isEntry(vertex)) return ruleEdges(search, readsOf(vertex));
  const { always, sometimes } = search.placesOf(vertex);
  const own: readonly Vertex[] = always.length === 0 ? sometimes : [always, ...sometimes];
  return [...own, ...vertex.children.values()];
}

function entriesOf(vertex: Vertex): readonly RuleEntry[] {
  if (isList(vertex)) return vertex;
  if (isEntry(vertex)) return [vertex];
  return [...vertex.entries, ...[...vertex.children.values()].flatMap(entriesOf)];
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

function ruleEdges(search: Search, reads: readonly DataPath[]): readonly Vertex[] {
  if (reads.length === 0) return NONE;
  const found = new Set<Vertex>();
  for (const path of reads) addTargets(search, search.root, path, 0, found);
  return [...found];
}

/** The places below `data` that the branches of a rule read. */
export function readPaths(branches: readonly LoweredBranch[]): readonly DataPath[] {
  const paths: DataPath[] = [];
  for (const branch of branches) eachDataPath(branch, (path) => void paths.push(path));
  return paths.length === 0 ? NONE : paths;
}

/** Adds the rules a reference may read, from `node` on and the path from `at` on. */
function addTargets(
  search: Search,
  node: RuleNode,
  path: DataPath,
  at: number,
  found: Set<Vertex>,
): void {
  if (path.slice(at).every((key) => key === undefined)) {
    found.add(node);
    return;
  }
  const key = path[at];
  const children = key === undefined ? [...node.children.values()] : [node.children.get(key)];
  for (const child of children) {
    if (!child) continue;
    const { always, sometimes } = search.placesOf(child);
    if (always.length > 0) found.add(always);
    for (const entry of sometimes) {
      if (mayMeet(entry, path, at + 1)) found.add(entry);
    }
    addTargets(search, child, path, at + 1, found);
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
