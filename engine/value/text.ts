/**
 * Values as Rego term text, the form OPA's `String()` gives: what templates, `sprintf("%v")` and `print` show.
 * Strings are quoted as Go quotes them, sets are `{1, 2}` and `set()`, members are in Rego order.
 */
import { isArray, isObject } from './compare.ts';
import { isNumber } from './number.ts';
import type { Value } from './value.ts';
import { assertWritable } from './written-parts.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const PLAIN_TEXT = /^[\u0020\u0021\u0023-\u005b\u005d-\u007e]*$/;

/** A Go string literal. */
export function quoteText(text: string): string {
  if (PLAIN_TEXT.test(text)) return `"${text}"`;
  let quoted = '"';
  for (const character of text) quoted += ESCAPES[character] ?? escapeUnlessPrintable(character);
  return `${quoted}"`;
}

function escapeUnlessPrintable(character: string): string {
  if (PRINTABLE.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
  // A lone low surrogate stands for one byte that is not UTF-8, see bytes.ts.
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}

/** Rego term text of any value. Throws a `ValueError` for one that is too large to be written. */
export function termText(value: Value): string {
  assertWritable(value);
  return textOfTerm(value);
}

function textOfTerm(value: Value): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return quoteText(value);
  if (isNumber(value)) return String(value);
  if (isArray(value)) return `[${value.map(textOfTerm).join(', ')}]`;
  if (isObject(value)) {
    const members = value
      .toSortedEntries()
      .map(([key, v]) => `${textOfTerm(key)}: ${textOfTerm(v)}`);
    return `{${members.join(', ')}}`;
  }
  return value.size === 0 ? 'set()' : `{${value.toSorted().map(textOfTerm).join(', ')}}`;
}

/** What a value contributes to a template, to `print` and to `%s`: strings as they are, the rest as term text. */
export function displayText(value: Value): string {
  return typeof value === 'string' ? value : termText(value);
}
