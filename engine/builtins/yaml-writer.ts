/**
 * A value as block YAML the way OPA's writer lays it out: two spaces, sequences indented below their key, keys in an order of its own. The value
 * goes by way of JSON first: sets are arrays, keys are strings. `go-yaml` 3, `emitterc.go`, without what only comments and flow style need.
 */
import { isArray, isObject, isSet } from '../value/compare.ts';
import { type BuiltinFault, isFault } from '../value/fault.ts';
import { jsonKey } from '../value/json.ts';
import { isNumber, numberText, toDouble } from '../value/number.ts';
import type { RegoObject } from '../value/object.ts';
import type { Value } from '../value/value.ts';
import { assertWritable } from '../value/written-parts.ts';
import { formatFloat } from './go-float.ts';
import { readBack, readBackKey } from './yaml-by-json.ts';
import { compareYamlKeys } from './yaml-key-order.ts';
import { isSimpleKey, scalarStyle, writeQuoted } from './yaml-scalar-style.ts';

const MIN_INTEGER = -(2n ** 63n);
const MAX_INTEGER = 2n ** 64n - 1n;
/** Columns a level is indented by. */
const INDENT = 2;
const LINE_BREAK = /[\n\u2028\u2029]/;

/** The document, ended by a line break; a fault where the text of the value as JSON is no YAML. */
export function writeYaml(value: Value): string | BuiltinFault {
  assertWritable(value);
  const writer = new YamlWriter();
  const fault = writer.writeNode(value, false);
  return fault ?? writer.end();
}

/** Where a text is written: what has been written of the line decides what may follow. */
class YamlWriter {
  #text = '';
  #column = 0;
  /** Behind a blank or an indicator that needs none. */
  #isSpaced = true;
  /** Nothing on this line but what indents. */
  #isIndented = true;
  #indent = -1;

  end(): string {
    this.#breakLine();
    return this.#text;
  }

  /** `isItem`: the node stands behind a dash. */
  writeNode(value: Value, isItem: boolean): BuiltinFault | undefined {
    if (isArray(value)) return this.#writeSequence(value, isItem);
    if (isSet(value)) return this.#writeSequence(value.toSorted(), isItem);
    if (isObject(value)) return this.#writeMapping(value, isItem);
    if (isNumber(value)) this.#indicate(writeNumber(numberText(value), toDouble(value)));
    else if (typeof value !== 'string') this.#indicate(String(value));
    else {
      const text = readBack(value);
      if (isFault(text)) return text;
      this.#writeText(text, isItem);
    }
    return undefined;
  }

  #writeSequence(items: readonly Value[], isItem: boolean): BuiltinFault | undefined {
    if (items.length === 0) {
      this.#indicate('[]');
      return undefined;
    }
    return this.#indented(isItem, () => {
      for (const item of items) {
        this.#breakLine();
        this.#indicate('-', true);
        const fault = this.writeNode(item, true);
        if (fault !== undefined) return fault;
      }
      return undefined;
    });
  }

  #writeMapping(object: RegoObject, isItem: boolean): BuiltinFault | undefined {
    if (object.size === 0) {
      this.#indicate('{}');
      return undefined;
    }
    // Of keys that are one text, the last in Rego's order counts.
    const members = new Map<string, Value>();
    for (const [key, member] of object) {
      const text = readBackKey(jsonKey(key));
      if (isFault(text)) return text;
      members.set(text, member);
    }
    return this.#indented(isItem, () => {
      for (const [key, member] of [...members].sort((a, b) => compareYamlKeys(a[0], b[0]))) {
        this.#breakLine();
        this.#writeKey(key);
        const fault = this.writeNode(member, false);
        if (fault !== undefined) return fault;
      }
      return undefined;
    });
  }

  #writeKey(key: string): void {
    if (isSimpleKey(key)) {
      this.#writeText(key, false);
      this.#put(':');
      this.#isSpaced = false;
      this.#isIndented = false;
      return;
    }
    this.#indicate('?', true);
    this.#writeText(key, false);
    this.#breakLine();
    this.#indicate(':', true);
  }

  #writeText(text: string, isItem: boolean): void {
    const style = scalarStyle(text);
    if (style === 'double') {
      this.#indicate(writeQuoted(text));
      return;
    }
    this.#indented(isItem || this.#indent < 0, () => {
      if (style === 'literal') this.#writeLiteral(text);
      else if (style === 'plain') this.#indicate(text);
      else {
        this.#indicate("'");
        this.#writeLines(text.replaceAll("'", "''"), false);
        this.#put("'");
        this.#isSpaced = false;
        this.#isIndented = false;
      }
      return undefined;
    });
  }

  /** `|` keeps line breaks; `-` and `+` say how many end the text, and a digit how far it is indented where that is not to be seen. */
  #writeLiteral(text: string): void {
    const indication = /^[ \n\u2028\u2029]/.test(text) ? String(INDENT) : '';
    const [last, before] = [...text].reverse();
    const isBroken = LINE_BREAK.test(last ?? '');
    const chomping = isBroken ? (LINE_BREAK.test(before ?? '\n') ? '+' : '') : '-';
    this.#indicate(`|${indication}${chomping}`);
    this.#put('\n');
    this.#isSpaced = true;
    this.#writeLines(text, true);
  }

  #writeLines(text: string, isAtStart: boolean): void {
    let isBroken = isAtStart;
    for (const part of text.split(/([\n\u2028\u2029])/)) {
      if (part === '') continue;
      const isBreak = LINE_BREAK.test(part);
      if (isBroken && !isBreak) this.#breakLine();
      this.#put(part);
      if (!isBreak) this.#isIndented = false;
      isBroken = isBreak;
    }
  }

  /** Runs with the next level of indentation, which an item takes from its dash. */
  #indented(isItem: boolean, write: () => BuiltinFault | undefined): BuiltinFault | undefined {
    const before = this.#indent;
    const next = INDENT * Math.floor((before + INDENT) / INDENT);
    this.#indent = before < 0 ? (isItem ? INDENT : 0) : isItem ? before + INDENT : next;
    const fault = write();
    this.#indent = before;
    return fault;
  }

  /** Begins a line at the present indentation, unless one just began. */
  #breakLine(): void {
    const indent = Math.max(this.#indent, 0);
    const isHere = this.#column === indent && this.#isSpaced;
    if (!this.#isIndented || (this.#column >= indent && !isHere)) this.#put('\n');
    if (this.#column < indent) this.#put(' '.repeat(indent - this.#column));
    this.#isSpaced = true;
  }

  /** Writes a token apart from what stands before it; those that open a block let it begin on their line. */
  #indicate(token: string, opensBlock = false): void {
    this.#put(this.#isSpaced ? token : ` ${token}`);
    this.#isSpaced = false;
    this.#isIndented &&= opensBlock;
  }

  #put(text: string): void {
    this.#text += text;
    const isBroken = LINE_BREAK.test(text);
    this.#column = isBroken ? 0 : this.#column + [...text].length;
    if (isBroken) this.#isIndented = true;
  }
}

/** Integers of up to 64 bits as they are, floats as short as possible; what no float can hold stays as it is spelled. */
function writeNumber(spelling: string, double: number): string {
  if (/^-?\d+$/.test(spelling)) {
    const integer = BigInt(spelling);
    if (integer >= MIN_INTEGER && integer <= MAX_INTEGER) return String(integer);
  }
  return Number.isFinite(double) ? formatFloat(double, 'g', -1) : spelling;
}
