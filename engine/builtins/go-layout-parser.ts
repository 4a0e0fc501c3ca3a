/** Reading a time by one of Go's layouts (`time.Parse`): the result is nanoseconds since 1970, or why there is none. */
import { type BuiltinFault, builtinError, isFault } from '../value/fault.ts';
import { quoteText } from '../value/text.ts';
import { MONTHS, splitLayout, WEEKDAYS } from './go-layout.ts';

const NANOSECONDS = 1_000_000_000n;
const MAX_ZONE_HOURS = 23;

interface Fields {
  year: number;
  month: number | undefined;
  day: number | undefined;
  yearDay: number | undefined;
  hour: number;
  minute: number;
  second: number;
  nanosecond: number;
  isAfternoon: boolean | undefined;
  /** Seconds east of UTC. */
  offset: number;
}

/** Nanoseconds since 1970 of `value` read by `layout`; not bounded to 64 bits. */
export function parseTime(layout: string, value: string): bigint | BuiltinFault {
  return new TimeParser(layout, value).parse();
}

/** The name of a zone a text begins with: of three capitals, of more where it is one of time, or a number of hours. */
function zoneNameAt(text: string): string {
  const fixed = /^(?:UTC|ChST|MeST)/.exec(text)?.[0];
  if (fixed !== undefined) return fixed;
  const [numbered = '', gmt = '', hours] = /^(GMT|(?=[+-]))([+-]\d+)?/.exec(text) ?? [];
  const isHour = hours !== undefined && Math.abs(Number(hours)) <= MAX_ZONE_HOURS;
  if (numbered !== '') return isHour ? numbered : gmt;
  const capitals = /^[A-Z]{3,6}/.exec(text)?.[0] ?? '';
  const isName =
    capitals.length === 3 || (capitals.length < 6 && capitals.endsWith('T')) || capitals === 'WITA';
  return isName ? capitals : '';
}

class TimeParser {
  readonly #layout: string;
  readonly #value: string;
  #rest: string;
  readonly #fields: Fields = {
    year: 0,
    month: undefined,
    day: undefined,
    yearDay: undefined,
    hour: 0,
    minute: 0,
    second: 0,
    nanosecond: 0,
    isAfternoon: undefined,
    offset: 0,
  };

  constructor(layout: string, value: string) {
    this.#layout = layout;
    this.#value = value;
    this.#rest = value;
  }

  parse(): bigint | BuiltinFault {
    const pieces = splitLayout(this.#layout);
    for (const [index, piece] of pieces.entries()) {
      const next = pieces[index + 1];
      const isFractionNext = next !== undefined && !next.isLiteral && /^[.,]/.test(next.text);
      const isRead = piece.isLiteral
        ? this.#readLiteral(piece.text)
        : this.#readPiece(piece.text, isFractionNext);
      if (!isRead)
        return this.#fail(`cannot parse ${quoteText(this.#rest)} as ${quoteText(piece.text)}`);
    }
    if (this.#rest !== '') return this.#fail(`extra text: ${quoteText(this.#rest)}`);
    return this.#assemble();
  }

  #fail(reason: string): BuiltinFault {
    return builtinError(
      `parsing time ${quoteText(this.#value)} as ${quoteText(this.#layout)}: ${reason}`,
    );
  }

  /** A run of spaces in the layout stands for any number of them. */
  #readLiteral(literal: string): boolean {
    for (const part of literal.split(/( +)/)) {
      if (part.startsWith(' ')) {
        if (!this.#rest.startsWith(' ') && this.#rest !== '') return false;
        this.#rest = this.#rest.replace(/^ +/, '');
      } else {
        if (!this.#rest.startsWith(part)) return false;
        this.#rest = this.#rest.slice(part.length);
      }
    }
    return true;
  }

  #take(pattern: RegExp): string | undefined {
    const text = pattern.exec(this.#rest)?.[0];
    if (text !== undefined) this.#rest = this.#rest.slice(text.length);
    return text;
  }

  #takeNumber(pattern: RegExp, accept: (value: number) => void): boolean {
    const text = this.#take(pattern);
    if (text === undefined) return false;
    accept(Number(text));
    return true;
  }

  #readPiece(piece: string, isFractionNext: boolean): boolean {
    const fields = this.#fields;
    switch (piece) {
      case '2006':
        return this.#takeNumber(/^\d{4}/, (value) => {
          fields.year = value;
        });
      case '06':
        return this.#takeNumber(/^\d\d/, (value) => {
          fields.year = value >= 69 ? 1900 + value : 2000 + value;
        });
      case '1':
      case '01':
        return this.#takeNumber(piece === '01' ? /^\d\d/ : /^\d\d?/, (value) => {
          fields.month = value;
        });
      case '2':
      case '_2':
      case '02':
        if (piece === '_2') this.#take(/^ /);
        return this.#takeNumber(piece === '02' ? /^\d\d/ : /^\d\d?/, (value) => {
          fields.day = value;
        });
      case '__2':
      case '002':
        return this.#takeNumber(piece === '002' ? /^\d{3}/ : /^ {0,2}\d{1,3}/, (value) => {
          fields.yearDay = value;
        });
      case '15':
      case '3':
      case '03':
        return this.#takeNumber(piece === '03' ? /^\d\d/ : /^\d\d?/, (value) => {
          fields.hour = value;
        });
      case '4':
      case '04':
        return this.#takeNumber(piece === '04' ? /^\d\d/ : /^\d\d?/, (value) => {
          fields.minute = value;
        });
      case '5':
      case '05':
        return this.#readSecond(piece === '05' ? /^\d\d/ : /^\d\d?/, isFractionNext);
      default:
        return this.#readName(piece);
    }
  }

  /** A fraction may follow the seconds even where the layout has none. */
  #readSecond(pattern: RegExp, isFractionNext: boolean): boolean {
    const isRead = this.#takeNumber(pattern, (value) => {
      this.#fields.second = value;
    });
    if (isRead && !isFractionNext) this.#acceptFraction(this.#take(/^[.,]\d+/));
    return isRead;
  }

  #acceptFraction(text: string | undefined): void {
    if (text !== undefined) this.#fields.nanosecond = Number(text.slice(1, 10).padEnd(9, '0'));
  }

  #readName(piece: string): boolean {
    const fields = this.#fields;
    switch (piece) {
      case 'January':
      case 'Jan': {
        const month = this.#takeOneOf(MONTHS, piece === 'Jan');
        fields.month = month + 1;
        return month >= 0;
      }
      case 'Monday':
      case 'Mon':
        return this.#takeOneOf(WEEKDAYS, piece === 'Mon') >= 0;
      case 'PM':
      case 'pm': {
        const half = this.#take(piece === 'PM' ? /^[AP]M/ : /^[ap]m/);
        fields.isAfternoon = half?.toUpperCase() === 'PM';
        return half !== undefined;
      }
      case 'MST': {
        const name = zoneNameAt(this.#rest);
        this.#rest = this.#rest.slice(name.length);
        // A name alone moves nothing, not even `GMT+3`.
        return name !== '';
      }
      default:
        return /^[.,]/.test(piece) ? this.#readFraction(piece) : this.#readOffset(piece);
    }
  }

  #takeOneOf(names: readonly string[], isShort: boolean): number {
    const lower = this.#rest.toLowerCase();
    const index = names.findIndex((name) =>
      lower.startsWith((isShort ? name.slice(0, 3) : name).toLowerCase()),
    );
    if (index >= 0) this.#rest = this.#rest.slice(isShort ? 3 : (names[index] ?? '').length);
    return index;
  }

  #readFraction(piece: string): boolean {
    if (piece.charAt(1) === '9') {
      this.#acceptFraction(this.#take(/^[.,]\d+/));
      return true;
    }
    const text = this.#take(new RegExp(`^[.,]\\d{${piece.length - 1}}`));
    this.#acceptFraction(text);
    return text !== undefined;
  }

  #readOffset(piece: string): boolean {
    if (piece.startsWith('Z') && this.#take(/^Z/) !== undefined) return true;
    const shape = piece.slice(1).replace(/\d/g, '\\d');
    const text = this.#take(new RegExp(`^[+-]${shape}`));
    if (text === undefined) return false;
    const digits = text.replace(/\D/g, '').padEnd(6, '0');
    const [hours = 0, minutes = 0, seconds = 0] = [0, 2, 4].map((at) =>
      Number(digits.slice(at, at + 2)),
    );
    if (hours > 24 || minutes >= 60 || seconds >= 60) return false;
    this.#fields.offset = (text.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds);
    return true;
  }

  #assemble(): bigint | BuiltinFault {
    const fields = this.#fields;
    let { hour } = fields;
    if (fields.isAfternoon !== undefined) {
      if (hour > 12) return this.#fail('hour out of range');
      hour = (hour % 12) + (fields.isAfternoon ? 12 : 0);
    }
    if (hour > 23) return this.#fail('hour out of range');
    if (fields.minute > 59) return this.#fail('minute out of range');
    if (fields.second > 59) return this.#fail('second out of range');
    const midnight = this.#midnight();
    if (isFault(midnight)) return midnight;
    const seconds = midnight + hour * 3600 + fields.minute * 60 + fields.second - fields.offset;
    return BigInt(seconds) * NANOSECONDS + BigInt(fields.nanosecond);
  }

  #midnight(): number | BuiltinFault {
    const { year, yearDay, month = 1, day = 1 } = this.#fields;
    if (month < 1 || month > 12) return this.#fail('month out of range');
    const isByYearDay = yearDay !== undefined && this.#fields.month === undefined;
    // `setUTCFullYear` takes years below 100 as they are, which `Date.UTC` does not.
    const date = new Date(0);
    date.setUTCFullYear(year, isByYearDay ? 0 : month - 1, isByYearDay ? yearDay : day);
    const isSame = isByYearDay
      ? date.getUTCFullYear() === year && yearDay > 0
      : date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
    return isSame ? date.getTime() / 1000 : this.#fail('day out of range');
  }
}
