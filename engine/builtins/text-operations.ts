/** Operations on text that JavaScript has under other rules than Go: case, splitting, trimming, several replacements at once. */

import { bytesOf, textOf } from '../value/bytes.ts';

const ASCII = /^\p{ASCII}*$/u;

/** Leading and trailing white space as Go defines it. */
export const TRIM_SPACE =
  /^[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g;

/**
 * Letter case, one code point to one code point as Go maps it: no final sigma, `ß` has no upper case, `İ` becomes `i`.
 */
export function lowerText(text: string, direction: 'lower' | 'upper'): string {
  const map = (part: string): string =>
    direction === 'lower' ? part.toLowerCase() : part.toUpperCase();
  if (ASCII.test(text)) return map(text);
  let result = '';
  for (const character of text) {
    const mapped = character === '\u0130' && direction === 'lower' ? 'i' : map(character);
    const isSingle = mapped.length === 1 || [...mapped].length === 1;
    result += isSingle ? mapped : character;
  }
  return result;
}

/** The parts between delimiters; an empty delimiter separates code points. */
export function splitText(text: string, delimiter: string): string[] {
  return delimiter === '' ? [...text] : text.split(delimiter);
}

/** Removes the code points of `cutset` from the ends. */
export function trimSet(text: string, cutset: string, left: boolean, right: boolean): string {
  const cut = new Set(cutset);
  const characters = [...text];
  let start = 0;
  let end = characters.length;
  while (left && start < end && cut.has(characters[start] ?? '')) start += 1;
  while (right && end > start && cut.has(characters[end - 1] ?? '')) end -= 1;
  return characters.slice(start, end).join('');
}

/**
 * Replaces from left to right without overlap; at one place the first pair that matches wins. An empty pattern matches once at
 * every place. `undefined` when the result would exceed `limit`.
 */
export function replaceAllOf(
  text: string,
  pairs: readonly (readonly [old: string, replacement: string])[],
  limit: number,
): string | undefined {
  const [only] = pairs;
  if (only === undefined) return text;
  if (pairs.some(([old]) => old === '')) return replaceAmongBytes(text, pairs, limit);
  return replacePairs(text, pairs, limit);
}

/** An empty pattern matches between bytes, not between characters: the same work on one character per byte. */
function replaceAmongBytes(
  text: string,
  pairs: readonly (readonly [string, string])[],
  limit: number,
): string | undefined {
  const spread = (part: string): string => bytesOf(part).toString('latin1');
  const spreadPairs = pairs.map(([old, by]) => [spread(old), spread(by)] as const);
  const result = replacePairs(spread(text), spreadPairs, limit);
  return result === undefined ? undefined : textOf(Buffer.from(result, 'latin1'));
}

function replacePairs(
  text: string,
  pairs: readonly (readonly [string, string])[],
  limit: number,
): string | undefined {
  const single = pairs.length === 1 ? pairs[0]?.[0] : undefined;
  let result = '';
  let isAfterEmpty = false;
  for (let offset = 0; offset <= text.length; ) {
    if (single !== undefined && single !== '') {
      const next = text.indexOf(single, offset);
      result += text.slice(offset, next < 0 ? undefined : next);
      if (next < 0) break;
      offset = next;
    }
    const match = pairs.find(
      ([old]) => !(old === '' && isAfterEmpty) && text.startsWith(old, offset),
    );
    isAfterEmpty = match?.[0] === '';
    if (match === undefined) {
      result += text.charAt(offset);
      offset += 1;
    } else {
      result += match[1];
      offset += match[0].length;
    }
    if (result.length > limit) return undefined;
  }
  return result;
}
