/**
 * Whether two simple patterns have a text in common: characters, `.`, sets `[a-z]`, the repetitions `*` and `+`, and `\` to
 * escape. Searches the product of the two as automata, so the cost is bounded by the product of their lengths.
 */
import { type BuiltinFault, builtinError, isFault } from '../value/fault.ts';

/** Inclusive ranges of code points. */
type CharacterSet = readonly (readonly [low: number, high: number])[];

interface Token {
  readonly accepts: CharacterSet;
  readonly isRepeated: boolean;
}

const ANY: CharacterSet = [[0, 0x10ffff]];

/** Whether some text matches both patterns. */
export function globsIntersect(a: string, b: string): boolean | BuiltinFault {
  const x = tokenize(a);
  if (isFault(x)) return x;
  const y = tokenize(b);
  return isFault(y) ? y : haveCommonText(x, y);
}

function tokenize(source: string): Token[] | BuiltinFault {
  const characters = [...source];
  const tokens: Token[] = [];
  for (let index = 0; index < characters.length; index += 1) {
    const character = characters[index] ?? '';
    if (character === '*' || character === '+') {
      const last = tokens.pop();
      if (last === undefined || last.isRepeated) return builtinError(`${source}: bad input`);
      if (character === '+') tokens.push(last);
      tokens.push({ ...last, isRepeated: true });
    } else if (character === '[') {
      const close = characters.indexOf(']', index);
      if (close < 0) return builtinError(`${source}: the input provided is invalid`);
      tokens.push({ accepts: readSet(characters.slice(index + 1, close)), isRepeated: false });
      index = close;
    } else {
      if (character === '\\') index += 1;
      const literal = (characters[index] ?? '\\').codePointAt(0) ?? 0;
      tokens.push({ accepts: character === '.' ? ANY : [[literal, literal]], isRepeated: false });
    }
  }
  return tokens;
}

function readSet(members: readonly string[]): CharacterSet {
  const codeAt = (index: number): number => members[index]?.codePointAt(0) ?? 0;
  const ranges: [number, number][] = [];
  for (let index = 0; index < members.length; index += 1) {
    if (members[index] === '\\' && index + 1 < members.length) index += 1;
    const isRange = members[index + 1] === '-' && index + 2 < members.length;
    ranges.push([codeAt(index), codeAt(isRange ? index + 2 : index)]);
    if (isRange) index += 2;
  }
  return ranges;
}

function overlap(a: CharacterSet, b: CharacterSet): boolean {
  return a.some((x) => b.some((y) => x[0] <= y[1] && y[0] <= x[1]));
}

function haveCommonText(a: readonly Token[], b: readonly Token[]): boolean {
  const width = b.length + 1;
  const seen = new Set<number>();
  const pending = [0];
  const visit = (i: number, j: number): void => {
    const state = i * width + j;
    if (seen.has(state)) return;
    seen.add(state);
    pending.push(state);
  };
  for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
    const i = Math.floor(state / width);
    const j = state % width;
    if (i === a.length && j === b.length) return true;
    const x = a[i];
    const y = b[j];
    if (x?.isRepeated) visit(i + 1, j);
    if (y?.isRepeated) visit(i, j + 1);
    if (x === undefined || y === undefined || !overlap(x.accepts, y.accepts)) continue;
    visit(x.isRepeated ? i : i + 1, y.isRepeated ? j : j + 1);
  }
  return false;
}
