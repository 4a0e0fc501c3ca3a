/**
 * Text of others made safe to show: a recorded statement must neither drive the terminal of whoever reads it nor look like another
 * statement.
 */

// Control characters, and the marks that change the direction of text: both can make text look like other text.
const HARMFUL = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The text with every harmful character written as `\u{..}`. Line breaks and tabs stay. */
export function harmless(text: string): string {
  return text.replace(HARMFUL, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

/** `text` on one line, cut to `width`. */
export function shorten(text: string, width: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}
