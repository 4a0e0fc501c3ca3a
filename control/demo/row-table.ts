/** Rows of a query as a small text table, the way psql aligns them. */

export interface RowTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Lines of the table; NULL shows as an empty cell. */
export function formatRows(table: RowTable): readonly string[] {
  const cells = [table.columns, ...table.rows.map((row) => row.map((cell) => cell ?? ''))];
  const widths = table.columns.map((_, at) =>
    Math.max(...cells.map((row) => (row[at] ?? '').length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => ` ${cell.padEnd(widths[at] ?? 0)} `)
      .join('|')
      .trimEnd();
  const [header = [], ...rest] = cells;
  return [
    line(header),
    widths.map((width) => '-'.repeat(width + 2)).join('+'),
    ...rest.map(line),
    `(${table.rows.length} ${table.rows.length === 1 ? 'row' : 'rows'})`,
  ];
}
