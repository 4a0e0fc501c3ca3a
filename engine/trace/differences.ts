/**
 * Where two values differ, for who compares large ones: the places inside them with what stands there, and the members only one set has.
 * It tells the first few and counts the rest.
 */
import { equalValues, isArray, isObject, isSet } from '../value/compare.ts';
import { termText } from '../value/text.ts';
import type { Value } from '../value/value.ts';
import { valueText } from './shown.ts';

/** Differences that are told. */
const MAX_TOLD = 5;

/** One clause each, such as `at [1].level: 3, not 4` or `only in got: "a"`; none for values that are not both collections. */
export function differencesBetween(got: Value, want: Value): readonly string[] {
  if (!isSameCollection(got, want)) return [];
  const found: string[] = [];
  let left = 0;
  const tell = (path: string, text: string): void => {
    if (found.length < MAX_TOLD) found.push(path === '' ? text : `at ${path}: ${text}`);
    else left += 1;
  };
  compare(got, want, '', tell);
  return left === 0 ? found : [...found, `and ${left} more`];
}

function isSameCollection(got: Value, want: Value): boolean {
  return (
    (isArray(got) && isArray(want)) ||
    (isObject(got) && isObject(want)) ||
    (isSet(got) && isSet(want))
  );
}

function compare(
  got: Value,
  want: Value,
  path: string,
  tell: (path: string, text: string) => void,
): void {
  if (equalValues(got, want)) return;
  if (isArray(got) && isArray(want)) {
    for (let at = 0; at < Math.max(got.length, want.length); at += 1)
      compareChild(got[at], want[at], `${path}[${at}]`, tell);
  } else if (isObject(got) && isObject(want)) {
    for (const [key, value] of got) compareChild(value, want.get(key), path + step(key), tell);
    for (const [key, value] of want)
      if (got.get(key) === undefined) compareChild(undefined, value, path + step(key), tell);
  } else if (isSet(got) && isSet(want)) {
    for (const member of got)
      if (!want.has(member)) tell(path, `only in got: ${valueText(member)}`);
    for (const member of want)
      if (!got.has(member)) tell(path, `only in want: ${valueText(member)}`);
  } else tell(path, `${valueText(got)}, not ${valueText(want)}`);
}

function compareChild(
  got: Value | undefined,
  want: Value | undefined,
  path: string,
  tell: (path: string, text: string) => void,
): void {
  if (got !== undefined && want !== undefined) compare(got, want, path, tell);
  else if (got !== undefined) tell(path, `${valueText(got)} is not wanted`);
  else if (want !== undefined) tell(path, `nothing, not ${valueText(want)}`);
}

/** A step of a path as a policy writes it. */
function step(key: Value): string {
  return typeof key === 'string' && /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${termText(key)}]`;
}
