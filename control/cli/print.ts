/**
 * Output of commands: JSON for programs, tables for people. Text that came from a client is made harmless first: a recorded
 * statement must not drive the terminal of whoever reads it.
 */

// Control characters, and the marks that change the direction of text: both can make text look like other text.
const HARMFUL = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The text with every harmful character written as `\u{..}`. Line breaks and tabs stay. */
export function harmless(text: string): string {
  return text.replace(HARMFUL, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

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

/** `text` on one line, cut to `width`. */
export function shorten(text: string, width: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}

/** `1 row`, `2 rows`. */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
