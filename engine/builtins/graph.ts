/** `walk` and `graph.*`. OPA topdown/walk.go, reachable.go. */
import { isArray, isObject, isSet } from '../value/compare.ts';
import { type BuiltinFault, isFault, limitError } from '../value/fault.ts';
import type { RegoObject } from '../value/object.ts';
import { SetBuilder } from '../value/set.ts';
import type { Value } from '../value/value.ts';
import type { BuiltinContext, BuiltinFunction, RelationFunction } from './context.ts';
import { builtin, type Operand, object, operandTypeFault } from './operand.ts';

/** Paths `graph.reachable_paths` may collect; their number can grow with the factorial of the graph. */
export const MAX_REACHABLE_PATHS = 100_000;

const vertices: Operand<readonly Value[]> = (value, position) => {
  if (isArray(value)) return value;
  return isSet(value) ? value.toSorted() : operandTypeFault(position, value, '{array, set}');
};

function edgesOf(graph: RegoObject, node: Value): readonly Value[] | undefined {
  const edges = graph.get(node);
  if (edges === undefined) return undefined;
  if (isArray(edges)) return edges;
  return isSet(edges) ? edges.toSorted() : [];
}

/** Every `[path, value]` below a value, itself first. The caller counts the steps: it may stop early. */
function* walkValue(path: readonly Value[], value: Value): Generator<Value, void> {
  yield [path, value];
  if (isArray(value)) {
    for (const [index, item] of value.entries()) yield* walkValue([...path, index], item);
  } else if (isObject(value)) {
    for (const [key, item] of value) yield* walkValue([...path, key], item);
  } else if (isSet(value)) {
    for (const item of value) yield* walkValue([...path, item], item);
  }
}

class PathCollector {
  readonly found = new SetBuilder();
  fault: BuiltinFault | undefined;
  readonly #ctx: BuiltinContext;
  readonly #graph: RegoObject;

  constructor(ctx: BuiltinContext, graph: RegoObject) {
    this.#ctx = ctx;
    this.#graph = graph;
  }

  #add(path: readonly Value[]): void {
    this.fault ??= this.#ctx.charge(path.length);
    this.found.add(path);
    if (this.found.size > MAX_REACHABLE_PATHS) {
      this.fault ??= limitError(`graph exceeds the limit of ${MAX_REACHABLE_PATHS} paths`);
    }
  }

  /** Follows the edges of a root, which may lead back to it once. */
  start(root: Value): void {
    const edges = edgesOf(this.#graph, root);
    if (edges === undefined) return;
    if (edges.length === 0) this.#add([root]);
    for (const next of edges) this.#follow(next, [root]);
  }

  /** Follows every edge that does not close a cycle; a path ends where none is left or the graph does not know the node. */
  #follow(node: Value, before: readonly Value[]): void {
    if (this.fault !== undefined) return;
    const edges = edgesOf(this.#graph, node);
    const path = edges === undefined ? before : [...before, node];
    if (edges === undefined || edges.length === 0) {
      this.#add(path);
      return;
    }
    const passed = new SetBuilder();
    for (const vertex of path) passed.add(vertex);
    for (const next of edges) {
      if (passed.has(next)) this.#add(path);
      else this.#follow(next, path);
    }
  }
}

export const GRAPHS = {
  'graph.reachable': builtin([object, vertices], (ctx, graph, initial) => {
    const reached = new SetBuilder();
    const queue = [...initial];
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      const edges = reached.has(node) ? undefined : edgesOf(graph, node);
      if (edges === undefined) continue;
      const over = ctx.charge(edges.length + 1);
      if (isFault(over)) return over;
      reached.add(node);
      for (const next of edges) if (!reached.has(next)) queue.push(next);
    }
    return reached.build();
  }),
  'graph.reachable_paths': builtin([object, vertices], (ctx, graph, initial) => {
    const collector = new PathCollector(ctx, graph);
    for (const root of initial) collector.start(root);
    return collector.fault ?? collector.found.build();
  }),
} satisfies Readonly<Record<string, BuiltinFunction>>;

export const RELATIONS = {
  walk: (_ctx, args) => walkValue([], args[0] ?? null),
} satisfies Readonly<Record<string, RelationFunction>>;
