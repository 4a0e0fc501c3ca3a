/**
 * The column names of derived tables, as far as the text shows them: they tell `s.total` (an output) from `u.total` (which may be
 * a function over the row of a table).
 */
import type { OutputNames } from './collector.ts';
import { type Fields, fields, isFields, list, strings, tagged, text } from './tree.ts';

/** The output names of a query as its text shows them; undefined when a `*`, VALUES or a nameless output hides one. */
export function queryOutputs(query: unknown, columnNames: unknown): OutputNames {
  const renamed = strings(columnNames);
  const node = tagged(query);
  let body = node?.body ?? {};
  while (isFields(body['larg'])) body = fields(body['larg']);
  const targets = list(body['targetList'] ?? body['returningList']);
  if (node?.tag === 'SelectStmt' && body['valuesLists'] !== undefined && renamed.length > 0) {
    return new Set(renamed);
  }
  if (node?.tag !== 'SelectStmt' || targets.length === 0) return undefined;
  const names: string[] = [];
  for (const target of targets) {
    const item = fields(fields(target)['ResTarget']);
    const name = text(item['name']) || implicitName(item['val']);
    if (name === '') return undefined;
    names.push(name);
  }
  return new Set(names.map((name, index) => renamed[index] ?? name));
}

/** The output names of functions in FROM: the alias list, the column definitions, else the alias or function's own name. */
export function functionOutputs(body: Fields): OutputNames {
  const names = new Set([
    'ordinality',
    'key',
    'value',
    ...strings(fields(body['alias'])['colnames']),
  ]);
  const alias = text(fields(body['alias'])['aliasname']);
  if (alias !== '') names.add(alias);
  for (const item of [...list(body['coldeflist']), ...list(body['columns'])]) {
    const column = tagged(item)?.body ?? {};
    names.add(text(column['colname']) || text(column['name']));
  }
  return names;
}

/** The name an unnamed output takes from a column or a call; empty where that is not plain. */
function implicitName(value: unknown): string {
  const node = tagged(value);
  if (node?.tag === 'ColumnRef') {
    const parts = list(node.body['fields']);
    return parts.some((part) => tagged(part)?.tag === 'A_Star')
      ? ''
      : (strings(parts).at(-1) ?? '');
  }
  return node?.tag === 'FuncCall' ? (strings(node.body['funcname']).at(-1) ?? '') : '';
}
