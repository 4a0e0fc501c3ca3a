/**
 * The shape of a statement or request: its text without its values, so that earlier answers about the like can be shown and a
 * notice can name what is asked for without telling what is in it. Nothing is decided by it.
 */

/** UTF-16 units of a shape that are kept. */
const MAX_SHAPE = 2_000;

/** Strings (quoted, dollar-quoted, escaped), numbers and the lines that show parameters, by one scan. */
const VALUES =
  /(?<dollar>\$(?:[A-Za-z_]\w*)?\$)[\s\S]*?(?:\k<dollar>|$)|[eEbBxXnN]?'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|(?<![\w$])[+-]?(?:\d[\w.]*|\.\d+)/g;

/** SQL: every value is `?`, comments are gone, white space is one blank. */
export function shapeOfSql(text: string): string {
  return squeeze(text.replace(VALUES, (found) => (/^(--|\/\*)/.test(found) ? ' ' : '?')));
}

/** A request: its first line without the query's values; headers and body are left out. */
export function shapeOfRequest(text: string): string {
  const [line = ''] = text.split('\n');
  return squeeze(line.replace(/=[^&\s]*/g, '=?'));
}

/** By the kind of an action; for one without a rule of its own, its verb says enough. */
export function shapeOf(kind: string | undefined, verb: string, text: string): string {
  if (kind === 'sql') return shapeOfSql(text);
  return kind === 'http' ? shapeOfRequest(text) : squeeze(verb);
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, MAX_SHAPE);
}
