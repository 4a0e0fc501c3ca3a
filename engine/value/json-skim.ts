/**
 * Reads over a large JSON text once: finds out whether it is sound and where its parts lie, and makes values of the large parts only.
 * It accepts exactly what json.ts accepts (RFC 8259, the same nesting) and gives equal values; what is wrong with an unsound text is
 * for json.ts to say.
 */
import { DeferredMembers, DeferredObject, readSpan } from './deferred-members.ts';
import { MAX_JSON_DEPTH } from './json.ts';
import { RegoObject } from './object.ts';
import type { Value } from './value.ts';

/** Characters from which on the entries of an object are told apart; of a smaller one they are all read together. */
const MIN_LARGE = 4_096;
/** Texts that are read at once: below this skimming saves nothing that can be noticed. */
export const MIN_SKIMMED = 1_000_000;

/** The value of a JSON text, large objects in it left as text until they are asked; undefined when it is not sound. */
export function skimJson(text: string): Value | undefined {
  return new Skimmer(text).readDocument();
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const COMMA = 0x2c;
const COLON = 0x3a;
/** Characters that may follow a backslash, `u` left out. */
const ESCAPED = new Set([...'"\\/bfnrt'].map((character) => character.charCodeAt(0)));

/** Where entries lie: of each three offsets, start of the key, start and end of the value. Of items the first is unused. */
class Spans {
  #offsets = new Int32Array(3_072);
  length = 0;
  /** Values that were made because they are large, by entry. */
  readonly made = new Map<number, Value>();

  push(key: number, start: number, end: number, value: Value | undefined): void {
    if (3 * this.length + 3 > this.#offsets.length) {
      const larger = new Int32Array(2 * this.#offsets.length);
      larger.set(this.#offsets);
      this.#offsets = larger;
    }
    if (value !== undefined) this.made.set(this.length, value);
    this.#offsets[3 * this.length] = key;
    this.#offsets[3 * this.length + 1] = start;
    this.#offsets[3 * this.length + 2] = end;
    this.length += 1;
  }

  at(entry: number, part: 0 | 1 | 2): number {
    return this.#offsets[3 * entry + part] ?? 0;
  }

  /** Forgets the entries from one on. */
  cut(entry: number): void {
    if (this.made.size > 0) for (let at = entry; at < this.length; at += 1) this.made.delete(at);
    this.length = entry;
  }
}

class Skimmer {
  readonly #text: string;
  readonly #spans = new Spans();
  #at = 0;
  /** Set where the text is unsound; nothing is read any further then. */
  #isUnsound = false;

  constructor(text: string) {
    this.#text = text;
  }

  readDocument(): Value | undefined {
    this.#skipSpace();
    const start = this.#at;
    const made = this.#skim(0);
    const end = this.#at;
    this.#skipSpace();
    if (this.#isUnsound || this.#at < this.#text.length) return undefined;
    return made ?? readSpan(this.#text, start, end);
  }

  /** Passes over one value; gives it where it is large. */
  #skim(depth: number): Value | undefined {
    if (depth > MAX_JSON_DEPTH) return this.#fail();
    switch (this.#text.charCodeAt(this.#at)) {
      case QUOTE:
        return this.#skipString();
      case OPEN_BRACE:
        return this.#skimObject(depth);
      case OPEN_BRACKET:
        return this.#skimArray(depth);
      case 0x74:
        return this.#skipWord('true');
      case 0x66:
        return this.#skipWord('false');
      case 0x6e:
        return this.#skipWord('null');
      default:
        return this.#skipNumber();
    }
  }

  #fail(): undefined {
    this.#isUnsound = true;
  }

  #skipSpace(): number {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return code;
      this.#at += 1;
    }
  }

  #skipWord(word: string): undefined {
    if (!this.#text.startsWith(word, this.#at)) return this.#fail();
    this.#at += word.length;
  }

  #skipDigits(): boolean {
    const start = this.#at;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (!(code >= 0x30 && code <= 0x39)) return this.#at > start;
      this.#at += 1;
    }
  }

  /** `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`; what follows is judged by who called. */
  #skipNumber(): undefined {
    const text = this.#text;
    if (text.charCodeAt(this.#at) === 0x2d) this.#at += 1;
    if (text.charCodeAt(this.#at) === 0x30) this.#at += 1;
    else if (!this.#skipDigits()) return this.#fail();
    if (text.charCodeAt(this.#at) === 0x2e) {
      this.#at += 1;
      if (!this.#skipDigits()) return this.#fail();
    }
    if ((text.charCodeAt(this.#at) | 0x20) === 0x65) {
      this.#at += 1;
      const sign = text.charCodeAt(this.#at);
      if (sign === 0x2b || sign === 0x2d) this.#at += 1;
      if (!this.#skipDigits()) return this.#fail();
    }
  }

  #skipString(): undefined {
    const text = this.#text;
    for (let at = this.#at + 1; ; at += 1) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.#at = at + 1;
        return;
      }
      // NaN at the end of the text fails here too.
      if (!(code >= 0x20)) return this.#fail();
      if (code !== BACKSLASH) continue;
      at += 1;
      const escaped = text.charCodeAt(at);
      if (ESCAPED.has(escaped)) continue;
      if (escaped !== 0x75 || !/^[\da-fA-F]{4}$/.test(text.slice(at + 1, at + 5))) {
        return this.#fail();
      }
      at += 4;
    }
  }

  #skimObject(depth: number): Value | undefined {
    const start = this.#at;
    const first = this.#spans.length;
    this.#at += 1;
    if (this.#skipSpace() === CLOSE_BRACE) {
      this.#at += 1;
      return;
    }
    for (;;) {
      const key = this.#at;
      if (this.#text.charCodeAt(key) !== QUOTE) return this.#fail();
      this.#skipString();
      if (this.#isUnsound || this.#skipSpace() !== COLON) return this.#fail();
      this.#at += 1;
      this.#skipSpace();
      const next = this.#skimEntry(key, depth);
      if (next !== COMMA && next !== CLOSE_BRACE) return this.#fail();
      this.#at += 1;
      if (next === CLOSE_BRACE) break;
      this.#skipSpace();
    }
    const object = this.#at - start < MIN_LARGE ? undefined : this.#makeObject(first);
    this.#spans.cut(first);
    return object;
  }

  #skimArray(depth: number): Value | undefined {
    const start = this.#at;
    const first = this.#spans.length;
    this.#at += 1;
    if (this.#skipSpace() === CLOSE_BRACKET) {
      this.#at += 1;
      return;
    }
    for (;;) {
      const next = this.#skimEntry(this.#at, depth);
      if (next !== COMMA && next !== CLOSE_BRACKET) return this.#fail();
      this.#at += 1;
      if (next === CLOSE_BRACKET) break;
      this.#skipSpace();
    }
    const array = this.#at - start < MIN_LARGE ? undefined : this.#makeArray(first);
    this.#spans.cut(first);
    return array;
  }

  /** Passes over the value of an entry and remembers where it lies; gives the character after it, NaN where it is unsound. */
  #skimEntry(key: number, depth: number): number {
    const start = this.#at;
    const made = this.#skim(depth + 1);
    if (this.#isUnsound) return Number.NaN;
    this.#spans.push(key, start, this.#at, made);
    return this.#skipSpace();
  }

  #makeObject(first: number): RegoObject {
    const spans = this.#spans;
    const slots = new Map<string, number>();
    for (let entry = first; entry < spans.length; entry += 1) {
      slots.set(this.#key(spans.at(entry, 0)), entry - first);
    }
    const offsets = new Uint32Array(2 * (spans.length - first));
    const values = new Array<Value | undefined>(spans.length - first);
    for (let entry = first; entry < spans.length; entry += 1) {
      offsets[2 * (entry - first)] = spans.at(entry, 1);
      offsets[2 * (entry - first) + 1] = spans.at(entry, 2);
      if (spans.made.size > 0) values[entry - first] = spans.made.get(entry);
    }
    return new RegoObject(new DeferredMembers(this.#text, slots, offsets, values), undefined);
  }

  #makeArray(first: number): Value {
    const items: Value[] = [];
    for (let entry = first; entry < this.#spans.length; entry += 1) {
      const [start, end] = [this.#spans.at(entry, 1), this.#spans.at(entry, 2)];
      items.push(this.#spans.made.get(entry) ?? this.#item(start, end));
    }
    return items;
  }

  #item(start: number, end: number): Value {
    if (this.#text.charCodeAt(start) !== OPEN_BRACE) return readSpan(this.#text, start, end);
    return new RegoObject(new DeferredObject(this.#text, start, end), undefined);
  }

  /** The key that begins at an offset. */
  #key(start: number): string {
    const end = this.#text.indexOf('"', start + 1);
    const key = this.#text.slice(start + 1, end);
    if (!key.includes('\\')) return key.isWellFormed() ? key : key.toWellFormed();
    const after = this.#at;
    this.#at = start;
    this.#skipString();
    const whole = readSpan(this.#text, start, this.#at);
    this.#at = after;
    return String(whole);
  }
}
