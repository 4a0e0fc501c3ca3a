/**
 * Output of commands: JSON for programs, tables for people. Text that came from a client is made harmless first: a recorded
 * statement must not drive the terminal of whoever reads it.
 */
import { harmless } from '../harmless.ts';

export { harmless, shorten } from '../harmless.ts';

export function printJson(value: unknown): void {
  console.log(
    JSON.stringify(
      value,
      (_key, item: unknown) => (typeof item === 'bigint' ? item.toString() : item),
      2,
    ),
  );
}

/** Columns as wide as their widest cell; the last one is not padded. */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const cells = [header, ...rows].map((row) =>
    row.map((cell) => harmless(cell).replace(/\s+/g, ' ')),
  );
  const widths = header.map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  return cells.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** `1 row`, `2 rows`. */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
