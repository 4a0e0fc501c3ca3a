/** One verb of Go's `fmt` on one argument: what `%d`, `%q`, `%08.3f` make of a string, an integer or a double. */
import { bytesOf } from '../value/bytes.ts';
import { quoteText } from '../value/text.ts';
import { countCodePoints } from './aggregates.ts';
import { binaryFloat, hexadecimalFloat } from './go-binary-float.ts';
import { formatFloat } from './go-float.ts';
import type { FormatArgument, FormatSpec } from './go-format.ts';

/** The argument under the verb, padded; Go's complaint where the two do not fit. */
export function formatVerb(verb: string, arg: FormatArgument, spec: FormatSpec): string {
  if (verb === 'T') return formatString('s', typeLabel(arg), spec) ?? '';
  switch (arg.kind) {
    case 'other':
      return arg.format(verb, spec);
    case 'string':
      return formatString(verb, arg.value, spec) ?? complain(verb, arg, spec);
    case 'integer':
      return (
        formatInteger(verb, arg.value, arg.type === 'big.Int', spec) ?? complain(verb, arg, spec)
      );
    default:
      return formatDouble(verb, arg.value, spec) ?? complain(verb, arg, spec);
  }
}

/** Go's name of the argument's type, as `%T` and `EXTRA` show it. */
export function typeLabel(arg: FormatArgument): string {
  if (arg.kind === 'other') return arg.label;
  if (arg.kind === 'float') return 'float64';
  if (arg.kind === 'string') return 'string';
  return arg.type === 'big.Int' ? '*big.Int' : arg.type;
}

/** Go prints the argument under `%v` with the flags it was given. */
function complain(verb: string, arg: FormatArgument, spec: FormatSpec): string {
  const label = arg.kind === 'integer' && arg.type === 'big.Int' ? 'big.Int' : typeLabel(arg);
  return `%!${verb}(${label}=${formatVerb('v', arg, complaintSpec(arg, spec))})`;
}

/** Nothing between `%` and the verb. */
export const NO_FLAGS: Readonly<FormatSpec> = {
  plus: false,
  minus: false,
  sharp: false,
  space: false,
  zero: false,
  width: undefined,
  precision: undefined,
};

function complaintSpec(arg: FormatArgument, spec: FormatSpec): FormatSpec {
  if (arg.kind === 'float') return spec;
  // A big integer complains by itself, and knows of no flags.
  if (arg.kind === 'integer' && arg.type === 'big.Int') return NO_FLAGS;
  return { ...spec, sharp: false };
}

function pad(text: string, spec: FormatSpec, isZeroPadded: boolean): string {
  const missing = (spec.width ?? 0) - countCodePoints(text);
  if (missing <= 0) return text;
  if (spec.minus) return text + ' '.repeat(missing);
  return (isZeroPadded ? '0' : ' ').repeat(missing) + text;
}

/** Zeros go between a sign and the digits. */
function padNumber(sign: string, digits: string, spec: FormatSpec): string {
  if (!spec.zero || spec.minus) return pad(sign + digits, spec, false);
  const missing = (spec.width ?? 0) - sign.length - digits.length;
  return sign + '0'.repeat(Math.max(missing, 0)) + digits;
}

function formatString(verb: string, value: string, spec: FormatSpec): string | undefined {
  const isZeroPadded = spec.zero && !spec.minus;
  const cut = spec.precision === undefined ? value : [...value].slice(0, spec.precision).join('');
  switch (verb) {
    case 'v':
      return pad(spec.sharp ? quoteText(cut) : cut, spec, isZeroPadded);
    case 's':
      return pad(cut, spec, isZeroPadded);
    case 'q':
      return pad(quoteString(cut, spec), spec, isZeroPadded);
    case 'x':
    case 'X':
      return pad(hexString(value, verb === 'X', spec), spec, isZeroPadded);
    default:
      return undefined;
  }
}

function quoteString(text: string, spec: FormatSpec): string {
  if (spec.sharp && !text.includes('`') && !/[\p{Cc}\ufeff]/u.test(text.replaceAll('\t', ''))) {
    return `\`${text}\``;
  }
  const quoted = quoteText(text);
  return spec.plus ? quoted.replace(/[\u0080-\u{10ffff}]/gu, escapeCodePoint) : quoted;
}

function escapeCodePoint(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`;
}

function hexString(text: string, isUpper: boolean, spec: FormatSpec): string {
  const bytes = bytesOf(text);
  const kept = spec.precision === undefined ? bytes : bytes.subarray(0, spec.precision);
  const prefix = spec.sharp && kept.length > 0 ? '0x' : '';
  const pairs = [...kept].map((byte) => byte.toString(16).padStart(2, '0'));
  const hex = spec.space ? pairs.map((pair) => prefix + pair).join(' ') : prefix + pairs.join('');
  return isUpper ? hex.toUpperCase() : hex;
}

/** Digits that `#` shows where no precision is given. */
const SHARP_DIGITS = 6;
const RADIX: Readonly<Record<string, number>> = { b: 2, o: 8, O: 8, d: 10, v: 10, x: 16, X: 16 };
const PREFIX: Readonly<Record<string, string>> = { b: '0b', o: '0', x: '0x', X: '0X' };

function formatInteger(
  verb: string,
  value: bigint,
  isBig: boolean,
  spec: FormatSpec,
): string | undefined {
  if (verb === 'c') return isBig ? undefined : pad(character(value), spec, false);
  if (verb === 'q') return isBig ? undefined : pad(quoteRune(value, spec), spec, false);
  if (verb === 'U') return isBig ? undefined : pad(unicodeName(value), spec, false);
  const radix = RADIX[isBig && verb === 's' ? 'd' : verb];
  if (radix === undefined) return undefined;
  const magnitude = (value < 0n ? -value : value).toString(radix);
  let digits = verb === 'X' ? magnitude.toUpperCase() : magnitude;
  if (!isBig) return machineInteger(verb, value, digits, spec);
  if (spec.precision !== undefined) {
    digits = spec.precision === 0 && value === 0n ? '' : digits.padStart(spec.precision, '0');
  }
  if (verb === 'O') digits = `0o${digits}`;
  const sign = value < 0n ? '-' : spec.plus ? '+' : spec.space ? ' ' : '';
  const prefix = spec.sharp ? (PREFIX[verb] ?? '') : '';
  // A precision switches zero padding off, as in C.
  const effective = spec.precision === undefined ? spec : { ...spec, zero: false };
  return padNumber(sign + prefix, digits, effective);
}

/** Zeros up to the width stand behind the prefix, which is not counted. */
function machineInteger(verb: string, value: bigint, magnitude: string, spec: FormatSpec): string {
  const blank: FormatSpec = { ...spec, zero: false };
  if (spec.precision === 0 && value === 0n) return pad('', blank, false);
  const sign = value < 0n ? '-' : spec.plus ? '+' : spec.space ? ' ' : '';
  const zeros = spec.zero && !spec.minus ? (spec.width ?? 0) - sign.length : 0;
  let digits = magnitude.padStart(spec.precision ?? zeros, '0');
  const prefix = spec.sharp ? (PREFIX[verb === 'O' ? 'o' : verb] ?? '') : '';
  if (prefix !== '0' || !digits.startsWith('0')) digits = prefix + digits;
  if (verb === 'O') digits = `0o${digits}`;
  return pad(sign + digits, blank, false);
}

function isCodePoint(value: bigint): boolean {
  return value >= 0n && value <= 0x10ffffn && !(value >= 0xd800n && value <= 0xdfffn);
}

function character(value: bigint): string {
  return isCodePoint(value) ? String.fromCodePoint(Number(value)) : '\ufffd';
}

function quoteRune(value: bigint, spec: FormatSpec): string {
  const text = character(value);
  if (spec.plus && text > '\x7f') return `'${escapeCodePoint(text)}'`;
  if (text === "'") return "'\\''";
  return text === '"' ? `'"'` : `'${quoteText(text).slice(1, -1)}'`;
}

function unicodeName(value: bigint): string {
  return `U+${BigInt.asUintN(64, value).toString(16).toUpperCase().padStart(4, '0')}`;
}

function formatDouble(verb: string, value: number, spec: FormatSpec): string | undefined {
  const text = doubleText(verb, value, spec);
  if (text === undefined) return undefined;
  const shown = spec.sharp && verb !== 'b' ? withDigits(text, sharpDigits(verb, spec)) : text;
  return padSigned(
    verb === 'E' || verb === 'G' || verb === 'X' ? shown.toUpperCase() : shown,
    spec,
  );
}

function doubleText(verb: string, value: number, spec: FormatSpec): string | undefined {
  if (verb === 'b') return binaryFloat(value);
  if (verb === 'x' || verb === 'X') return hexadecimalFloat(value, spec.precision);
  const format = verb === 'v' ? 'g' : verb.toLowerCase();
  if (format !== 'e' && format !== 'f' && format !== 'g') return undefined;
  return formatFloat(value, format, spec.precision ?? (format === 'g' ? -1 : 6));
}

function sharpDigits(verb: string, { precision }: FormatSpec): number {
  return 'vgGx'.includes(verb) ? (precision ?? SHARP_DIGITS) : 0;
}

/** What `#` asks for: a point, and zeros until there are so many digits, of which Go counts everything from the first that is not zero. */
function withDigits(text: string, digits: number): string {
  const tail = /(?:p|(?<!0x.*)e).*$/i.exec(text)?.[0] ?? '';
  const mantissa = text.slice(0, text.length - tail.length);
  const counted = mantissa.replace(/^[+-]?[0.]*/, '').replace('.', '').length;
  const point = mantissa.includes('.') ? '' : '.';
  return `${mantissa}${point}${'0'.repeat(Math.max(digits - counted, 0))}${tail}`;
}

/** Zeros go between the sign, which is shown for a positive number too where a flag asks for it, and the digits. */
function padSigned(text: string, spec: FormatSpec): string {
  const digits = text.replace(/^[+-]/, '');
  const sign = text.startsWith('-') ? '-' : spec.plus ? '+' : spec.space ? ' ' : '';
  return padNumber(sign, digits, spec);
}
