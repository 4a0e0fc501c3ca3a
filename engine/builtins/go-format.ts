/**
 * Go's `fmt.Sprintf` for what OPA hands it: strings, 64-bit and big integers, doubles, and what templates have beside. Flags, width, precision, `*`, argument
 * indexes, and Go's marks for mistakes (`%!d(string=hi)`, `%!s(MISSING)`, `%!(EXTRA int=1)`).
 */
import { formatVerb, NO_FLAGS, typeLabel } from './go-verb.ts';

/** One argument as Go sees it. */
export type FormatArgument =
  | { readonly kind: 'string'; readonly value: string }
  | {
      readonly kind: 'integer';
      readonly value: bigint;
      readonly type: 'int64' | 'big.Int' | 'int' | 'uint8';
    }
  | { readonly kind: 'float'; readonly value: number }
  | OtherArgument;

/** An argument that writes itself under every verb. */
export interface OtherArgument {
  readonly kind: 'other';
  /** Go's name of the type. */
  readonly label: string;
  readonly isNil: boolean;
  format(verb: string, spec: FormatSpec): string;
}

/** What stands between `%` and the verb. */
export interface FormatSpec {
  plus: boolean;
  minus: boolean;
  sharp: boolean;
  space: boolean;
  zero: boolean;
  width: number | undefined;
  precision: number | undefined;
}

/** Go's own bound on widths and precisions. */
const MAX_WIDTH = 1_000_000;
/** `[1]`. */
const SHORTEST_INDEX = 3;

/** The formatted text, or `undefined` when it would exceed `limit` characters. */
export function formatText(
  format: string,
  args: readonly FormatArgument[],
  limit: number,
): string | undefined {
  return new Formatter(format, args, limit).run();
}

class Formatter {
  readonly #format: string;
  readonly #args: readonly FormatArgument[];
  readonly #limit: number;
  #offset = 0;
  #next = 0;
  #isReordered = false;
  #isGoodIndex = true;
  #output = '';

  constructor(format: string, args: readonly FormatArgument[], limit: number) {
    this.#format = format;
    this.#args = args;
    this.#limit = limit;
  }

  run(): string | undefined {
    while (this.#offset < this.#format.length) {
      const percent = this.#format.indexOf('%', this.#offset);
      const end = percent < 0 ? this.#format.length : percent;
      this.#output += this.#format.slice(this.#offset, end);
      this.#offset = end + 1;
      if (percent < 0) break;
      this.#output += this.#directive();
      if (this.#output.length > this.#limit) return undefined;
    }
    if (!this.#isReordered && this.#next < this.#args.length) {
      const extra = this.#args.slice(this.#next).map((arg) => {
        const shown = formatVerb('v', arg, NO_FLAGS);
        return arg.kind === 'other' && arg.isNil ? shown : `${typeLabel(arg)}=${shown}`;
      });
      this.#output += `%!(EXTRA ${extra.join(', ')})`;
    }
    return this.#output.length > this.#limit ? undefined : this.#output;
  }

  #directive(): string {
    const spec = this.#readFlags();
    let afterIndex = this.#readIndex();
    let complaint = '';
    if (this.#peek() === '*') {
      this.#offset += 1;
      spec.width = this.#starArgument();
      if (spec.width === undefined) complaint += '%!(BADWIDTH)';
      if (spec.width !== undefined && spec.width < 0) {
        spec.width = -spec.width;
        spec.minus = true;
        spec.zero = false;
      }
      afterIndex = false;
    } else {
      spec.width = this.#readNumber();
      if (afterIndex && spec.width !== undefined) this.#isGoodIndex = false;
    }
    // At the very end it is taken for the verb.
    if (this.#peek() === '.' && this.#offset + 1 < this.#format.length) {
      this.#offset += 1;
      if (afterIndex) this.#isGoodIndex = false;
      afterIndex = this.#readIndex();
      if (this.#peek() === '*') {
        this.#offset += 1;
        const precision = this.#starArgument();
        spec.precision = precision !== undefined && precision < 0 ? undefined : precision;
        if (spec.precision === undefined) complaint += '%!(BADPREC)';
        afterIndex = false;
      } else {
        spec.precision = this.#readNumber() ?? 0;
      }
    }
    if (!afterIndex) this.#readIndex();
    return complaint + this.#verb(spec);
  }

  #verb(spec: FormatSpec): string {
    const code = this.#format.codePointAt(this.#offset);
    if (code === undefined) return '%!(NOVERB)';
    const verb = String.fromCodePoint(code);
    this.#offset += verb.length;
    if (verb === '%') return '%';
    if (!this.#isGoodIndex) return `%!${verb}(BADINDEX)`;
    const arg = this.#args[this.#next];
    if (arg === undefined) return `%!${verb}(MISSING)`;
    this.#next += 1;
    // `%+v` and `%#v` ask for names of fields and for Go's own syntax; only a big integer takes them as it takes `%+d`.
    const isBig = arg.kind === 'integer' && arg.type === 'big.Int';
    if (verb === 'v' && !isBig) spec.plus = false;
    if (verb === 'v' && arg.kind === 'float') spec.sharp = false;
    return formatVerb(verb, arg, spec);
  }

  #peek(): string {
    return this.#format.charAt(this.#offset);
  }

  #readFlags(): FormatSpec {
    const spec: FormatSpec = { ...NO_FLAGS };
    for (; ; this.#offset += 1) {
      switch (this.#peek()) {
        case '#':
          spec.sharp = true;
          break;
        case '0':
          spec.zero = true;
          break;
        case '+':
          spec.plus = true;
          break;
        case '-':
          spec.minus = true;
          break;
        case ' ':
          spec.space = true;
          break;
        default:
          this.#isGoodIndex = true;
          return spec;
      }
    }
  }

  /** `[n]` chooses the argument that follows. */
  #readIndex(): boolean {
    if (this.#peek() !== '[') return false;
    this.#isReordered = true;
    if (this.#format.length - this.#offset < SHORTEST_INDEX) {
      this.#offset += 1;
      this.#isGoodIndex = false;
      return false;
    }
    const close = this.#format.indexOf(']', this.#offset);
    const text = close < 0 ? '' : this.#format.slice(this.#offset + 1, close);
    const index = /^\d+$/.test(text) ? Number(text) - 1 : -1;
    this.#offset = close < 0 ? this.#offset + 1 : close + 1;
    if (index < 0 || index >= this.#args.length) this.#isGoodIndex = false;
    else this.#next = index;
    // Where it is no number another index may follow.
    return close >= 0 && /^\d+$/.test(text);
  }

  #readNumber(): number | undefined {
    const digits = /^\d+/.exec(this.#format.slice(this.#offset))?.[0];
    if (digits === undefined) return undefined;
    this.#offset += digits.length;
    // Go looks before each digit, and gives up the rest of the format.
    if (Number(digits.slice(0, -1)) <= MAX_WIDTH) return Number(digits);
    this.#offset = this.#format.length;
    return undefined;
  }

  #starArgument(): number | undefined {
    const arg = this.#args[this.#next];
    if (arg === undefined) return undefined;
    this.#next += 1;
    const value = arg.kind === 'integer' ? Number(arg.value) : Number.NaN;
    return Math.abs(value) <= MAX_WIDTH ? value : undefined;
  }
}
