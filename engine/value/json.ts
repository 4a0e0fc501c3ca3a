/**
 * JSON in both directions: text to value with every number's spelling kept, and value to JSON text exactly as OPA writes it
 * (keys in byte order, sets as sorted arrays, other keys as JSON text, `<`, `>` and `&` escaped). RFC 8259.
 */
import { compareStrings, isArray, isObject } from './compare.ts';
import { isNumber, parseNumber } from './number.ts';
import { ObjectBuilder } from './object.ts';
import type { Value } from './value.ts';
import { assertWritable } from './written-parts.ts';

/** Nesting a JSON text may have. */
export const MAX_JSON_DEPTH = 1000;

export type JsonReading =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly message: string; readonly offset: number };

/** Reads one JSON document; of equal keys the last wins. Lone surrogates become U+FFFD. */
export function readJson(text: string): JsonReading {
  const reader = new JsonReader(text);
  const value = reader.readDocument();
  if (value !== undefined) return { ok: true, value };
  return { ok: false, message: reader.message, offset: reader.offset };
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class JsonReader {
  message = 'unexpected end of JSON input';
  offset = 0;
  readonly #text: string;
  readonly #numberToken = /-?\d[\d.eE+-]*/y;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a JSON string may hold none of them unescaped
  readonly #plainCharacters = /[^"\\\u0000-\u001f]*/y;
  readonly #whitespace = /[ \t\r\n]*/y;

  constructor(text: string) {
    this.#text = text;
  }

  readDocument(): Value | undefined {
    const value = this.#readValue(0);
    if (value === undefined) return undefined;
    this.#skipSpace();
    if (this.offset < this.#text.length) return this.#unexpected('after top-level value');
    return value;
  }

  #unexpected(where: string): undefined {
    const character = this.#text.codePointAt(this.offset);
    if (character === undefined) {
      this.message = 'unexpected end of JSON input';
    } else {
      this.message = `invalid character '${String.fromCodePoint(character)}' ${where}`;
    }
    return undefined;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.offset;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.offset += found.length;
    return found;
  }

  #skipSpace(): string {
    this.#match(this.#whitespace);
    return this.#text.charAt(this.offset);
  }

  #readValue(depth: number): Value | undefined {
    if (depth > MAX_JSON_DEPTH) {
      this.message = `exceeded the limit of ${MAX_JSON_DEPTH} levels of nesting`;
      return undefined;
    }
    switch (this.#skipSpace()) {
      case '{':
        return this.#readObject(depth);
      case '[':
        return this.#readArray(depth);
      case '"':
        return this.#readString();
      case 't':
        return this.#readWord('true', true);
      case 'f':
        return this.#readWord('false', false);
      case 'n':
        return this.#readWord('null', null);
      default:
        return this.#readNumber();
    }
  }

  #readWord(word: string, value: Value): Value | undefined {
    if (!this.#text.startsWith(word, this.offset)) return this.#unexpected(`in literal ${word}`);
    this.offset += word.length;
    return value;
  }

  #readNumber(): Value | undefined {
    const start = this.offset;
    const token = this.#match(this.#numberToken);
    const number = parseNumber(token);
    if (number !== undefined) return number;
    this.offset = start;
    return this.#unexpected(token === '' ? 'looking for beginning of value' : 'in numeric literal');
  }

  #readArray(depth: number): Value | undefined {
    const items: Value[] = [];
    this.offset += 1;
    if (this.#skipSpace() === ']') {
      this.offset += 1;
      return items;
    }
    for (;;) {
      const item = this.#readValue(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
      const next = this.#skipSpace();
      if (next !== ',' && next !== ']') return this.#unexpected('after array element');
      this.offset += 1;
      if (next === ']') return items;
    }
  }

  #readObject(depth: number): Value | undefined {
    const builder = new ObjectBuilder();
    this.offset += 1;
    if (this.#skipSpace() === '}') {
      this.offset += 1;
      return builder.build();
    }
    for (;;) {
      if (this.#skipSpace() !== '"') {
        return this.#unexpected('looking for beginning of object key string');
      }
      const key = this.#readString();
      if (key === undefined) return undefined;
      if (this.#skipSpace() !== ':') return this.#unexpected('after object key');
      this.offset += 1;
      const value = this.#readValue(depth + 1);
      if (value === undefined) return undefined;
      builder.set(key, value);
      const next = this.#skipSpace();
      if (next !== ',' && next !== '}') return this.#unexpected('after object key:value pair');
      this.offset += 1;
      if (next === '}') return builder.build();
    }
  }

  #readString(): string | undefined {
    this.offset += 1;
    let result = '';
    for (;;) {
      result += this.#match(this.#plainCharacters);
      const character = this.#text.charAt(this.offset);
      if (character === '"') {
        this.offset += 1;
        return result.isWellFormed() ? result : result.toWellFormed();
      }
      if (character !== '\\') return this.#unexpected('in string literal');
      const letter = this.#text.charAt(this.offset + 1);
      const hex = this.#text.slice(this.offset + 2, this.offset + 6);
      const plain = ESCAPES[letter];
      if (plain !== undefined) {
        result += plain;
        this.offset += 2;
      } else if (letter === 'u' && /^[\da-fA-F]{4}$/.test(hex)) {
        result += String.fromCharCode(Number.parseInt(hex, 16));
        this.offset += 6;
      } else {
        this.offset += 1;
        return this.#unexpected('in string escape code');
      }
    }
  }
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** A JSON string literal as Go's encoder writes it; safe inside HTML. */
export function quoteJson(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be escaped
  const escaped = text.toWellFormed().replace(/["\\\u0000-\u001f<>&\u2028\u2029]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0');
    return SHORT_ESCAPES[character] ?? `\\u${code}`;
  });
  return `"${escaped}"`;
}

/** The name a key has in JSON: itself, or its JSON text when it is not a string. */
export function jsonKey(key: Value): string {
  return typeof key === 'string' ? key.toWellFormed() : writeJson(key);
}

/** JSON text without spaces. Throws a `ValueError` for a value that is too large to be written. */
export function writeJson(value: Value): string {
  assertWritable(value);
  return jsonText(value);
}

function jsonText(value: Value): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return quoteJson(value);
  if (isNumber(value)) return String(value);
  if (isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (!isObject(value)) return `[${value.toSorted().map(jsonText).join(',')}]`;
  const members = new Map<string, Value>();
  for (const [key, member] of value.toSortedEntries()) members.set(jsonKey(key), member);
  const names = [...members.keys()].sort(compareStrings);
  return `{${names.map((name) => `${quoteJson(name)}:${jsonText(members.get(name) ?? null)}`).join(',')}}`;
}
