/** Simple patterns taken apart: characters, `.`, sets `[a-z]`, the repetitions `*` and `+`, and `\` to escape. */
import { type BuiltinFault, builtinError, isFault } from '../value/fault.ts';

/** Inclusive ranges of code points. */
export type CharacterSet = readonly (readonly [low: number, high: number])[];

export interface GlobToken {
  readonly kind: 'character' | 'dot' | 'set';
  readonly accepts: CharacterSet;
  readonly flag: '' | '+' | '*';
}

const ANY: CharacterSet = [[0, 0x10ffff]];

/** A character with whether a `\` stands before it; `next` is where reading goes on. */
interface Unit {
  readonly code: number;
  readonly isEscaped: boolean;
  readonly next: number;
}

/** The tokens of a pattern; a fault says where it is malformed. */
export function globTokens(source: string): readonly GlobToken[] | BuiltinFault {
  return new Tokenizer(source).run();
}

class Tokenizer {
  readonly #source: string;
  readonly #characters: readonly string[];

  constructor(source: string) {
    this.#source = source;
    this.#characters = [...source];
  }

  run(): readonly GlobToken[] | BuiltinFault {
    const tokens: GlobToken[] = [];
    for (let index = 0; ; ) {
      const unit = this.#unitAt(index);
      if (unit === undefined) return tokens;
      if (isFault(unit)) return unit;
      const set = isSpecial(unit, '[') ? this.#setFrom(unit.next) : undefined;
      if (isFault(set)) return set;
      if (isSpecial(unit, ']'))
        return this.#fault(unit.next, "set-close ']' with no preceding '['");
      if (isSpecial(unit, '*') || isSpecial(unit, '+')) {
        const flag = String.fromCodePoint(unit.code);
        return this.#fault(unit.next, `flag '${flag}' must be preceded by a non-flag`);
      }
      index = set?.next ?? unit.next;
      const flag = this.#flagAt(index);
      if (isFault(flag)) return flag;
      if (flag !== '') index += 1;
      tokens.push({ ...tokenOf(unit, set?.accepts), flag });
    }
  }

  #flagAt(index: number): GlobToken['flag'] | BuiltinFault {
    const unit = this.#unitAt(index);
    if (isFault(unit)) return unit;
    if (unit === undefined) return '';
    if (isSpecial(unit, '+')) return '+';
    return isSpecial(unit, '*') ? '*' : '';
  }

  #unitAt(index: number): Unit | BuiltinFault | undefined {
    const character = this.#characters[index];
    if (character === undefined) return undefined;
    if (character !== '\\') return unitOf(character, false, index + 1);
    const escaped = this.#characters[index + 1];
    if (escaped === undefined) return this.#fault(index, 'input ends with a \\ (escape) character');
    return unitOf(escaped, true, index + 2);
  }

  /** A set up to its `]`. */
  #setFrom(
    start: number,
  ): { readonly accepts: CharacterSet; readonly next: number } | BuiltinFault {
    const accepts: [number, number][] = [];
    let previous: number | undefined;
    for (let index = start; ; ) {
      const unit = this.#unitAt(index);
      if (unit === undefined) return this.#fault(index, 'found [ without matching ]');
      if (isFault(unit)) return unit;
      index = unit.next;
      if (isSpecial(unit, ']')) return { accepts, next: index };
      if (!isSpecial(unit, '-')) {
        accepts.push([unit.code, unit.code]);
        previous = unit.code;
        continue;
      }
      const last = this.#rangeEnd(index, previous);
      if (isFault(last)) return last;
      accepts.push([previous ?? last.code, last.code]);
      previous = undefined;
      index = last.next;
    }
  }

  #rangeEnd(index: number, first: number | undefined): Unit | BuiltinFault {
    if (first === undefined)
      return this.#fault(index, "range character '-' must be preceded by a Unicode character");
    const last = index < this.#characters.length - 1 ? this.#unitAt(index) : undefined;
    if (last === undefined)
      return this.#fault(index, "range character '-' must be followed by a Unicode character");
    if (isFault(last)) return last;
    if (isSpecial(last, ']') || isSpecial(last, '-'))
      return this.#fault(last.next, "range character '-' cannot be followed by a special symbol");
    if (last.code >= first) return last;
    const [high, low] = [String.fromCodePoint(last.code), String.fromCodePoint(first)];
    return this.#fault(
      last.next,
      `range is out of order: '${high}' comes before '${low}' in Unicode`,
    );
  }

  #fault(position: number, reason: string): BuiltinFault {
    return builtinError(
      `input:${this.#source}, pos:${position}, ${reason}: the input provided is invalid`,
    );
  }
}

function tokenOf(unit: Unit, set: CharacterSet | undefined): Omit<GlobToken, 'flag'> {
  if (set !== undefined) return { kind: 'set', accepts: set };
  if (isSpecial(unit, '.')) return { kind: 'dot', accepts: ANY };
  return { kind: 'character', accepts: [[unit.code, unit.code]] };
}

function unitOf(character: string, isEscaped: boolean, next: number): Unit {
  return { code: character.codePointAt(0) ?? 0, isEscaped, next };
}

function isSpecial({ code, isEscaped }: Unit, character: string): boolean {
  return !isEscaped && code === character.charCodeAt(0);
}
