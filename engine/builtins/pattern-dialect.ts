/**
 * What Go's `regexp` accepts and the portable implementation does not, written as the latter reads it: names of Unicode classes, a group
 * name used twice, `[:` in a set that no `:]` follows. Malformed patterns stay malformed. Go regexp/syntax.
 */
import { namedClass } from './unicode-classes.ts';

export interface TranslatedPattern {
  readonly pattern: string;
  /** The groups of every name, in order. */
  readonly groups: ReadonlyMap<string, readonly number[]>;
}

/** A literal stretch, a class, an escape, the start of a set, a group that captures, or anything. */
const OUTSIDE =
  /\\Q[\s\S]*?(?:\\E|$)|\\[pP](?:\{\^?[^}]*\}|\p{L})|\\[\s\S]|\[(?:\^?\])?|\(\?P?<[^>]*>|\((?!\?)|[\s\S]/uy;
/** A class, an escape, a class of POSIX, or anything. */
const INSIDE = /\\[pP](?:\{\^?[^}]*\}|\p{L})|\\[\s\S]|\[:[\s\S]*?:\]|[\s\S]/uy;
const CLASS = /^\\([pP])(?:\{(\^?)([^}]*)\}|(\p{L}))$/u;
const NAMED = /^\(\?P?<([^>]*)>$/;

/** Patterns without any of it are as they are. */
export function translatePattern(source: string): TranslatedPattern {
  const groups = new Map<string, number[]>();
  if (!/\\[pP]|\(\?P?<|\[:/.test(source)) return { pattern: source, groups };
  let pattern = '';
  let isInSet = false;
  let count = 0;
  for (let at = 0; at < source.length; ) {
    const scanner = isInSet ? INSIDE : OUTSIDE;
    scanner.lastIndex = at;
    const part = scanner.exec(source)?.[0] ?? source.slice(at);
    at += part.length;
    const name = NAMED.exec(part)?.[1];
    if (name !== undefined || part === '(') count += 1;
    const known = name === undefined ? undefined : groups.get(name);
    if (name !== undefined) groups.set(name, [...(known ?? []), count]);
    if (known !== undefined) pattern += '(';
    else if (isInSet && part === '[' && source.startsWith(':', at)) pattern += '\\[';
    else pattern += translateClass(part, isInSet);
    if (isInSet ? part === ']' : part.startsWith('[')) isInSet = !isInSet;
  }
  return { pattern, groups };
}

function translateClass(part: string, isInSet: boolean): string {
  const found = CLASS.exec(part);
  if (found === null) return part;
  const [, letter = '', caret = '', long, short = ''] = found;
  return namedClass(letter, caret, long ?? short, isInSet);
}
