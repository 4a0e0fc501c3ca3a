/**
 * The one way that text of a policy enters generated code: as a literal of printable ASCII in which nothing can end a string, a comment,
 * a template or a script.
 */

/** A JavaScript string literal. */
export function stringLiteral(text: string): string {
  let literal = '"';
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    literal += isHarmless(unit) ? String.fromCharCode(unit) : escaped(unit);
  }
  return `${literal}"`;
}

/** Letters, digits, space and `_ . , : -`. */
function isHarmless(unit: number): boolean {
  if (unit >= 0x61 && unit <= 0x7a) return true;
  if (unit >= 0x41 && unit <= 0x5a) return true;
  if (unit >= 0x2c && unit <= 0x3a) return unit !== 0x2f;
  return unit === 0x20 || unit === 0x5f;
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}

/** A JavaScript number literal; only finite numbers have one. */
export function numberLiteral(number: number): string {
  if (!Number.isFinite(number)) throw new RangeError('only finite numbers have a literal');
  return number < 0 || Object.is(number, -0) ? `(${String(number)})` : String(number);
}
