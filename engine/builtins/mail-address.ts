/** Whether a text is one mail address as Go's `net/mail` reads it: an address, a name with one in angles, or a group of one. RFC 5322. */
import { parseAddress } from './addresses.ts';

/** Characters of an atom and of what stands in quotes; all beyond ASCII are among them. */
const ATOM = /[^\s\p{Cc}()<>[\]:;@\\,"\ud800-\udfff]|[\u0080-\u{d7ff}\u{e000}-\u{10ffff}]/uy;
const QUOTED =
  /"((?:[ \t!#-[\]-~\u0080-\u{d7ff}\u{e000}-\u{10ffff}]|\\[ \t!-~\u0080-\u{d7ff}\u{e000}-\u{10ffff}])*)"/uy;
const LITERAL = /\[([!-Z^-~\u0080-\u{d7ff}\u{e000}-\u{10ffff}]*)\]/uy;
const SPACE = /[ \t]*/y;
/** A word that says how it is encoded; only these encodings are known. */
const ENCODED_WORD = /^=\?([^?]*)\?[bBqQ]\?[^?]*\?=$/;
const KNOWN_CHARSET = /^(?:utf-8|us-ascii|iso-8859-1)$/i;

export function isMailAddress(text: string): boolean {
  const reader = new MailReader(text);
  return reader.readAddress(true) === 1 && reader.skipComments() && reader.isAtEnd;
}

class MailReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** How many addresses there are; `undefined` when the text is none. */
  readAddress(mayBeGroup: boolean): number | undefined {
    this.#match(SPACE);
    if (this.#readSpec()) {
      this.#match(SPACE);
      return !this.#take('(') || this.#readComment() ? 1 : undefined;
    }
    if (!this.#isNext('<') && !this.#readPhrase()) return undefined;
    this.#match(SPACE);
    if (mayBeGroup && this.#take(':')) return this.#readGroup();
    return this.#take('<') && this.#readSpec() && this.#take('>') ? 1 : undefined;
  }

  #readGroup(): number | undefined {
    this.#match(SPACE);
    let count = 0;
    while (!this.#take(';')) {
      if (count > 0 && !this.#take(',')) return undefined;
      this.#match(SPACE);
      if (this.readAddress(false) === undefined || !this.skipComments()) return undefined;
      count += 1;
    }
    return this.skipComments() ? count : undefined;
  }

  #readSpec(): boolean {
    const start = this.#at;
    this.#match(SPACE);
    const isRead = this.#readLocal() && this.#take('@') && this.#readDomain();
    if (!isRead) this.#at = start;
    return isRead;
  }

  #readLocal(): boolean {
    if (!this.#isNext('"')) return isDotted(this.#readAtom());
    return this.#match(QUOTED).length > 2;
  }

  #readDomain(): boolean {
    this.#match(SPACE);
    if (!this.#isNext('[')) return isDotted(this.#readAtom());
    return parseAddress(this.#match(LITERAL).slice(1, -1)) !== undefined;
  }

  /** Words up to what is none; one at least, in an encoding that is known. */
  #readPhrase(): boolean {
    for (let words = 0; ; words += 1) {
      if (words > 0 && !this.skipComments()) return false;
      this.#match(SPACE);
      if (this.isAtEnd) return true;
      const word = this.#isNext('"') ? this.#match(QUOTED) : this.#readAtom();
      const charset = ENCODED_WORD.exec(word)?.[1];
      const isUnknown = charset !== undefined && !KNOWN_CHARSET.test(charset);
      if (word === '' || isUnknown) return words > 0;
    }
  }

  #readAtom(): string {
    let atom = '';
    for (let next = this.#match(ATOM); next !== ''; next = this.#match(ATOM)) atom += next;
    return atom;
  }

  /** False for a comment that is not closed. */
  skipComments(): boolean {
    this.#match(SPACE);
    while (this.#take('(')) {
      if (!this.#readComment()) return false;
      this.#match(SPACE);
    }
    return true;
  }

  #readComment(): boolean {
    let depth = 1;
    for (; !this.isAtEnd && depth > 0; this.#at += 1) {
      const next = this.#text.charAt(this.#at);
      if (next === '\\') this.#at += 1;
      else if (next === '(') depth += 1;
      else if (next === ')') depth -= 1;
    }
    return depth === 0;
  }

  #isNext(character: string): boolean {
    return this.#text.startsWith(character, this.#at);
  }

  #take(character: string): boolean {
    if (!this.#isNext(character)) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }
}

function isDotted(atom: string): boolean {
  return atom !== '' && !/^\.|\.\.|\.$/.test(atom);
}
