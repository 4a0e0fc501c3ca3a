/**
 * Which columns steer a statement: decide what rows, groups or order it gives. A value that is masked in the output can be
 * guessed by what it steers, so a name another name stands for (an output's alias, a position in ORDER BY, a column list, a whole
 * row) is followed back to the columns behind it, by name and conservatively: `*` where any column may be meant.
 */
import { type Fields, fields, list, strings, tagged, text } from './tree.ts';

/** Fields whose columns decide which rows there are, how they are grouped and in what order they come. */
export const STEERING_FIELDS: ReadonlySet<string> = new Set([
  'whereClause',
  'havingClause',
  'quals',
  'joinCondition',
  'condition',
  'onConflictWhere',
  'sortClause',
  'groupClause',
  'distinctClause',
  'windowClause',
  'partitionClause',
  'orderClause',
  'agg_filter',
  'agg_order',
  'limitCount',
  'limitOffset',
]);

/** Columns read below one output of a query; `outer` is the output that query is part of. */
export interface OutputColumns {
  readonly name: string;
  readonly columns: Set<string>;
  readonly outer: OutputColumns | undefined;
}

export class Steering {
  readonly #filtered = new Set<string>();
  readonly #behind = new Map<string, Set<string>>();

  /** A column as written steers the statement. */
  add(column: string): void {
    this.#filtered.add(column);
  }

  /** `name` may stand for any of `columns`. */
  rename(name: string, columns: Iterable<string>): void {
    if (name === '') return;
    const known = this.#behind.get(name) ?? new Set();
    for (const column of columns) known.add(column);
    this.#behind.set(name, known);
  }

  /** The outputs of a query: named ones stand for their columns. */
  addOutputs(outputs: readonly OutputColumns[]): void {
    for (const { name, columns } of outputs) this.rename(name, columns);
  }

  /** ORDER BY, GROUP BY and DISTINCT ON by position. */
  addPositions(select: Fields, outputs: readonly OutputColumns[]): void {
    for (const key of ['sortClause', 'groupClause', 'distinctClause']) {
      for (const item of list(select[key])) {
        const position = positionOf(item);
        if (position === undefined) continue;
        const columns = outputs[position - 1]?.columns ?? ['*'];
        for (const column of columns) this.add(column);
      }
    }
  }

  /** Every steering column, those behind other names included; `wholeRows` are the names of relations. */
  columns(wholeRows: { has(name: string): boolean }): readonly string[] {
    const found = new Set<string>();
    const open = [...this.#filtered];
    for (let column = open.pop(); column !== undefined; column = open.pop()) {
      if (found.has(column)) continue;
      found.add(column);
      if (wholeRows.has(column)) open.push('*');
      open.push(...(this.#behind.get(column.slice(column.lastIndexOf('.') + 1)) ?? []));
    }
    return [...found];
  }
}

/** The outputs of a set operation: those of the left side, each with the columns of all that may stand at its place. */
export function joinOutputs(
  left: readonly OutputColumns[],
  right: readonly OutputColumns[],
): readonly OutputColumns[] {
  const isPositional = left.length === right.length && ![...left, ...right].some(hidesColumns);
  const all = new Set([...left, ...right].flatMap(({ columns }) => [...columns]));
  return left.map((output, index) => ({
    ...output,
    columns: isPositional ? new Set([...output.columns, ...(right[index]?.columns ?? [])]) : all,
  }));
}

function hidesColumns({ columns }: OutputColumns): boolean {
  return [...columns].some((column) => column === '*' || column.endsWith('.*'));
}

/** The names a FROM item gives to columns: its alias, its column list, its column definitions. */
export function givenNames(item: Fields): readonly string[] {
  const alias = fields(item['alias']);
  const defined = [...list(item['coldeflist']), ...list(item['columns'])].map((column) => {
    const body = tagged(column)?.body ?? {};
    return text(body['colname']) || text(body['name']);
  });
  return [text(alias['aliasname']), ...strings(alias['colnames']), ...defined];
}

/** `2` of `ORDER BY 2`; undefined for any other expression. */
function positionOf(item: unknown): number | undefined {
  const node = tagged(item);
  const expression = node?.tag === 'SortBy' ? tagged(node.body['node']) : node;
  if (expression?.tag !== 'A_Const') return undefined;
  const value = fields(expression.body['ival'])['ival'];
  return typeof value === 'number' ? value : undefined;
}
