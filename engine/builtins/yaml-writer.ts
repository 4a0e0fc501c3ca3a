/**
 * A value as block YAML the way OPA's writer lays it out: two spaces, sequences indented below their key, keys in an order of its own, quotes only
 * where a plain text would be read as something else. The value goes by way of JSON first: sets are arrays, keys are strings.
 */
import { isArray, isObject, isSet } from '../value/compare.ts';
import { jsonKey } from '../value/json.ts';
import { isNumber, numberText, toDouble } from '../value/number.ts';
import type { Value } from '../value/value.ts';
import { assertWritable } from '../value/written-parts.ts';
import { formatFloat } from './go-float.ts';
import { compareYamlKeys } from './yaml-key-order.ts';

const MIN_INTEGER = -(2n ** 63n);
const MAX_INTEGER = 2n ** 64n - 1n;
/** Texts that YAML 1.1 or 1.2 reads as null, a boolean, a number or a date. */
const AMBIGUOUS =
  /^(?:|~|null|Null|NULL|[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|true|True|TRUE|false|False|FALSE|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|[-+]?0[xX][\da-fA-F_]+|[-+]?0o?[0-7_]+|[-+]?0b[01_]+|[-+]?(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d+)?|[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.\d*)?|\d{4}-\d\d?-\d\d?(?:[Tt ].*)?)$/;
const NOT_PLAIN =
  /^[\s#,[\]{}&*!|>'"%@`]|^[?:-](?:\s|$)|^(?:---|\.\.\.)|:(?:\s|$)|\s#|\s$|[\u0085\u2028\u2029]/;
/** What OPA's writer takes for unprintable: everything beyond the basic plane too. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\ufeff\ufffe\uffff\u{10000}-\u{10ffff}]/u;
const ESCAPED = /["\\\p{Cc}\p{Cs}\ufeff\ufffe\uffff\u2028\u2029\u{10000}-\u{10ffff}]/gu;
const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\0', '\\0'],
  ['\u0007', '\\a'],
  ['\b', '\\b'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\v', '\\v'],
  ['\f', '\\f'],
  ['\r', '\\r'],
  ['\u001b', '\\e'],
  ['\u0085', '\\N'],
  ['\u2028', '\\L'],
  ['\u2029', '\\P'],
]);

/** The document, ended by a line break. */
export function writeYaml(value: Value): string {
  assertWritable(value);
  return `${writeNode(value, 0).replace(/^\n/, '')}\n`;
}

/** Text that follows `key:` or `-` or starts the document: a scalar, or a line break and an indented block. */
function writeNode(value: Value, depth: number): string {
  const lead = `\n${'  '.repeat(depth)}`;
  if (isArray(value) || isSet(value)) {
    const items = isArray(value) ? value : value.toSorted();
    if (items.length === 0) return '[]';
    return items.map((item) => `${lead}- ${writeInline(item, depth + 1)}`).join('');
  }
  if (isObject(value)) {
    if (value.size === 0) return '{}';
    const members = [...value]
      .map(([key, member]) => [jsonKey(key), member] as const)
      .sort((a, b) => compareYamlKeys(a[0], b[0]));
    return members.map(([key, member]) => lead + writeMember(key, member, depth)).join('');
  }
  return writeScalar(value, depth);
}

function writeMember(key: string, member: Value, depth: number): string {
  const text = writeNode(member, depth + 1);
  const separator = text.startsWith('\n') ? ':' : ': ';
  const name = writeScalar(key, depth + 1);
  return key.includes('\n')
    ? `? ${name}\n${'  '.repeat(depth)}${separator}${text}`
    : name + separator + text;
}

/** A block right behind its dash, without the first line break. */
function writeInline(value: Value, depth: number): string {
  return writeNode(value, depth).replace(/^\n */, '');
}

function writeScalar(value: Value, depth: number): string {
  if (isNumber(value)) return writeNumber(numberText(value), toDouble(value));
  if (typeof value !== 'string') return String(value);
  const text = value.toWellFormed();
  if (AMBIGUOUS.test(text)) return JSON.stringify(text);
  if (UNPRINTABLE.test(text.replaceAll('\n', ''))) return writeEscaped(text);
  if (text.includes('\n')) return writeLiteral(text, depth);
  return NOT_PLAIN.test(text) ? `'${text.replaceAll("'", "''")}'` : text;
}

/** Integers of up to 64 bits as they are, floats as short as possible; what no float can hold stays as it is spelled. */
function writeNumber(spelling: string, double: number): string {
  if (/^-?\d+$/.test(spelling)) {
    const integer = BigInt(spelling);
    if (integer >= MIN_INTEGER && integer <= MAX_INTEGER) return String(integer);
  }
  return Number.isFinite(double) ? formatFloat(double, 'g', -1) : spelling;
}

function writeEscaped(text: string): string {
  return `"${text.replace(ESCAPED, (character) => SHORT_ESCAPES.get(character) ?? numericEscape(character))}"`;
}

function numericEscape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = (digits: number): string => code.toString(16).toUpperCase().padStart(digits, '0');
  if (code <= 0xff) return `\\x${hex(2)}`;
  return code <= 0xffff ? `\\u${hex(4)}` : `\\U${hex(8)}`;
}

/** `|` keeps line breaks; `-` and `+` say how many end the text. */
function writeLiteral(text: string, depth: number): string {
  const indent = '  '.repeat(Math.max(depth, 1));
  const chomping = text.endsWith('\n') ? (/(?:^|\n)\n$/.test(text) ? '+' : '') : '-';
  const indication = /^[ \n]/.test(text) ? '2' : '';
  const lines = text.replace(/\n$/, '').split('\n');
  return `|${indication}${chomping}\n${lines.map((line) => (line === '' ? '' : indent + line)).join('\n')}`;
}
