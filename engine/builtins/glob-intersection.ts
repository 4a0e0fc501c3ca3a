/**
 * Whether two simple patterns have a text in common, as OPA decides it: what stands alone at both ends is compared first, then a
 * repetition takes what it can. That misses some texts ("a" and "[a-z]+[0-9]*"), and is followed here, so that policies decide alike.
 */
import { type BuiltinFault, isFault } from '../value/fault.ts';
import { type GlobToken, globTokens } from './glob-tokens.ts';

type Glob = readonly GlobToken[];

/** Whether some text matches both patterns. */
export function globsIntersect(a: string, b: string): boolean | BuiltinFault {
  const x = globTokens(a);
  if (isFault(x)) return x;
  const y = globTokens(b);
  if (isFault(y)) return y;
  const trimmed = trim(simplified(x), simplified(y));
  return trimmed !== undefined && new Intersection(...trimmed).ofWhole();
}

/** Of neighbours that repeat the same, one: `x+` where either has to occur. */
function simplified(tokens: Glob): Glob {
  const kept: GlobToken[] = [];
  for (const token of tokens) {
    const last = kept.at(-1);
    if (last === undefined || last.flag === '' || token.flag === '' || !isSame(last, token)) {
      kept.push(token);
      continue;
    }
    const flag = last.flag === '+' || token.flag === '+' ? '+' : '*';
    kept[kept.length - 1] = { ...last, flag };
  }
  return kept;
}

function isSame(a: GlobToken, b: GlobToken): boolean {
  if (a.kind !== b.kind) return false;
  return a.kind === 'dot' || membersOf(a) === membersOf(b);
}

/** The same text for the same characters, however the ranges are written. */
function membersOf({ accepts }: GlobToken): string {
  const merged: [number, number][] = [];
  for (const [low, high] of accepts.toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else merged.push([low, high]);
  }
  return merged.join();
}

/** What is left between the tokens at both ends that stand alone, one of which stays on each side; undefined where two of them differ. */
function trim(x: Glob, y: Glob): readonly [Glob, Glob] | undefined {
  const areAlone = (i: number, j: number): boolean => x[i]?.flag === '' && y[j]?.flag === '';
  let start = 0;
  for (; areAlone(start, start); start += 1) if (!overlap(x[start], y[start])) return undefined;
  start = Math.max(start - 1, 0);
  let [endX, endY] = [x.length - 1, y.length - 1];
  for (; endX >= start && endY >= start && areAlone(endX, endY); endX -= 1, endY -= 1)
    if (!overlap(x[endX], y[endY])) return undefined;
  if (endX < x.length - 1) [endX, endY] = [endX + 1, endY + 1];
  return [x.slice(start, endX + 1), y.slice(start, endY + 1)];
}

function overlap(a: GlobToken | undefined, b: GlobToken | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  // A set without members meets the dot, and nothing else.
  if (a.kind === 'dot' || b.kind === 'dot') return true;
  return a.accepts.some((x) => b.accepts.some((y) => x[0] <= y[1] && y[0] <= x[1]));
}

/** The rest of one of the two patterns. */
interface Rest {
  readonly of: 0 | 1;
  readonly from: number;
}

class Intersection {
  readonly #globs: readonly [Glob, Glob];
  /** Answers for two rests, so that the cost is bounded by the product of the lengths. */
  readonly #known = new Map<string, boolean>();

  constructor(x: Glob, y: Glob) {
    this.#globs = [x, y];
  }

  ofWhole(): boolean {
    return this.#ofRests({ of: 0, from: 0 }, { of: 1, from: 0 });
  }

  #at({ of, from }: Rest): GlobToken | undefined {
    return this.#globs[of][from];
  }

  #ofRests(a: Rest, b: Rest): boolean {
    const key = `${a.of} ${a.from} ${b.from}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const answer = this.#search(a, b);
    this.#known.set(key, answer);
    return answer;
  }

  #search(a: Rest, b: Rest): boolean {
    for (let offset = 0; ; offset += 1) {
      const [left, right] = [forward(a, offset), forward(b, offset)];
      const [x, y] = [this.#at(left), this.#at(right)];
      if (x === undefined || y === undefined) return x === y;
      if (x.flag !== '') return this.#repeated(left, right);
      if (y.flag !== '') return this.#repeated(right, left);
      if (!overlap(x, y)) return false;
    }
  }

  /** `starred` begins with a repetition. */
  #repeated(starred: Rest, other: Rest): boolean {
    const [x, y] = [this.#at(starred), this.#at(other)];
    if (x?.flag !== '+') return this.#starred(starred, other);
    if (!overlap(x, y)) return false;
    if (this.#starred(starred, forward(other, 1))) return true;
    return y?.flag !== '' && this.#ofRests(forward(starred, 1), other);
  }

  /** The repetition takes one token after the other until what follows it fits the rest. */
  #starred(starred: Rest, other: Rest): boolean {
    const star = this.#at(starred);
    const next = this.#at(forward(starred, 1));
    for (let rest = other; ; rest = forward(rest, 1)) {
      const token = this.#at(rest);
      if (token === undefined) return next === undefined;
      const mayFollow = next !== undefined && overlap(token, next);
      if (mayFollow && this.#ofRests(forward(starred, 1), rest)) return true;
      if (!overlap(token, star)) return false;
    }
  }
}

function forward({ of, from }: Rest, by: number): Rest {
  return { of, from: from + by };
}
