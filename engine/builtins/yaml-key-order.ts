/**
 * The order of the keys in written YAML: runs of digits by the number they are, letters behind everything else but first behind a
 * digit, as `go-yaml` 3 sorts them (`keyList.Less`). Not the order of Rego.
 */

const LETTER = /^\p{L}$/u;
const DIGIT = /^\p{Nd}$/u;
const DIGITS = /^\p{Nd}*/u;
const ZERO = 48n;

/** Negative where `a` stands before `b`. */
export function compareYamlKeys(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  const at = left.findIndex((character, index) => character !== right[index]);
  const x = at === -1 ? undefined : left[at];
  const y = at === -1 ? undefined : right[at];
  if (x === undefined || y === undefined) return left.length - right.length;
  if (LETTER.test(x) && LETTER.test(y)) return codePoint(x) - codePoint(y);
  if (LETTER.test(x) || LETTER.test(y)) {
    const isLetterFirst = DIGIT.test(left[at - 1] ?? '');
    return LETTER.test(x) === isLetterFirst ? -1 : 1;
  }
  const start = (x === '0' || y === '0') && isInsideNumber(left.slice(0, at)) ? 1n : 0n;
  const [p, q] = [digitsFrom(left, at), digitsFrom(right, at)];
  const [m, n] = [numberOf(p, start), numberOf(q, start)];
  if (m !== n) return m < n ? -1 : 1;
  return p.length - q.length || codePoint(x) - codePoint(y);
}

/** Do the digits that end the common start make a number other than 0? */
function isInsideNumber(before: readonly string[]): boolean {
  const digits = DIGITS.exec(before.toReversed().join(''))?.[0] ?? '';
  return [...digits].some((digit) => digit !== '0');
}

function digitsFrom(characters: readonly string[], at: number): readonly string[] {
  return [...(DIGITS.exec(characters.slice(at).join(''))?.[0] ?? '')];
}

/** In 64 bits, as the writer counts. */
function numberOf(digits: readonly string[], start: bigint): bigint {
  return digits.reduce(
    (all, digit) => BigInt.asIntN(64, all * 10n + BigInt(codePoint(digit)) - ZERO),
    start,
  );
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}
