/**
 * "Did you mean": the candidate a person most likely meant by a name that does not exist.
 */

/** Candidates that are looked at; beyond it a suggestion costs more than it helps. */
const MAX_CANDIDATES = 5000;
/** Length of a name beyond which no suggestion is made. */
const MAX_NAME = 100;
/** Length below which one edit makes another name: only letter case may differ. */
const MIN_NAME = 3;

/**
 * The closest candidate, or undefined where none is close: at most one edit for every three characters, a swap of neighbours
 * counting as one edit, letter case as half. Ties go to the candidate that stands first.
 */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > MAX_NAME) return undefined;
  let best: string | undefined;
  let bestDistance =
    (name.length < MIN_NAME ? 0.5 : Math.max(1, Math.floor(name.length / 3))) + 0.1;
  let seen = 0;
  for (const candidate of candidates) {
    seen += 1;
    if (seen > MAX_CANDIDATES) break;
    if (candidate === name || Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const distance = editDistance(name, candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Optimal string alignment distance; a change of letter case costs half an edit. */
function editDistance(left: string, right: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const a = left[row - 1] ?? '';
      const b = right[column - 1] ?? '';
      const swap =
        a === right[column - 2] && b === left[row - 2]
          ? (before[column - 2] ?? Infinity) + 1
          : Infinity;
      current.push(
        Math.min(
          (previous[column] ?? Infinity) + 1,
          (current[column - 1] ?? Infinity) + 1,
          (previous[column - 1] ?? Infinity) + substitution(a, b),
          swap,
        ),
      );
    }
    before = previous;
    previous = current;
  }
  return previous[right.length] ?? Infinity;
}

function substitution(a: string, b: string): number {
  if (a === b) return 0;
  return a.toLowerCase() === b.toLowerCase() ? 0.5 : 1;
}
