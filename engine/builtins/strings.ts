/** Builtins on strings, which the language counts in code points. OPA topdown/strings.go. */

import { integerPart } from '../value/arithmetic.ts';
import { isArray, isSet } from '../value/compare.ts';
import { builtinError, isFault, limitError } from '../value/fault.ts';
import { isNumber, numberText, toDouble } from '../value/number.ts';
import { termText } from '../value/text.ts';
import type { Value } from '../value/value.ts';
import { countCodePoints } from './aggregates.ts';
import type { BuiltinFunction } from './context.ts';
import { type FormatArgument, formatText } from './go-format.ts';
import {
  anyValue,
  array,
  builtin,
  int,
  number,
  type Operand,
  object,
  operandElementFault,
  operandFault,
  operandTypeFault,
  text,
} from './operand.ts';
import { lowerText, replaceAllOf, splitText, TRIM_SPACE, trimSet } from './text-operations.ts';
import { renderTemplate } from './text-template.ts';

/** Characters a builtin may produce from shorter operands (`replace`, `sprintf`, `concat`). */
export const MAX_TEXT_LENGTH = 10_000_000;

const tooLong = () => limitError(`text exceeds the limit of ${MAX_TEXT_LENGTH} characters`);

/** One string, or an array or set of strings. */
const texts: Operand<readonly string[]> = (value, position) => {
  if (typeof value === 'string') return [value];
  if (!isArray(value) && !isSet(value)) {
    return operandTypeFault(position, value, 'string', 'set', 'array');
  }
  return stringsOf(value, position);
};

function stringsOf(value: Value, position: number) {
  const strings: string[] = [];
  const items = isArray(value) ? value : isSet(value) ? value.toSorted() : [];
  for (const item of items) {
    if (typeof item !== 'string') return operandElementFault(position, value, item, 'string');
    strings.push(item);
  }
  return strings;
}

const anyMatch = (matches: (whole: string, part: string) => boolean): BuiltinFunction =>
  builtin([texts, texts], (ctx, wholes, parts) => {
    const over = ctx.charge(wholes.length * parts.length);
    return over ?? wholes.some((whole) => parts.some((part) => matches(whole, part)));
  });

const emptySearch = () => builtinError('empty search character');

/** Offsets in code points of every place where `part` starts, overlapping ones too. */
function* occurrences(whole: string, part: string): Generator<number, void> {
  let codePoints = 0;
  let from = 0;
  for (let at = whole.indexOf(part); at >= 0; at = whole.indexOf(part, at + 1)) {
    codePoints += countCodePoints(whole.slice(from, at));
    from = at;
    yield codePoints;
  }
}

function asFormatArgument(value: Value): FormatArgument {
  if (!isNumber(value)) {
    return { kind: 'string', value: typeof value === 'string' ? value : termText(value) };
  }
  const spelling = numberText(value);
  if (!/[.eE]/.test(spelling)) {
    const exact = BigInt(spelling);
    const isSmall = BigInt.asIntN(64, exact) === exact;
    return { kind: 'integer', value: exact, type: isSmall ? 'int64' : 'big.Int' };
  }
  const double = toDouble(value);
  return Number.isFinite(double)
    ? { kind: 'float', value: double }
    : { kind: 'string', value: spelling };
}

export const STRINGS = {
  concat: builtin([text, anyValue], (ctx, delimiter, parts) => {
    if (!isArray(parts) && !isSet(parts)) return operandTypeFault(2, parts, 'set', 'array');
    const strings = stringsOf(parts, 2);
    if (isFault(strings)) return strings;
    const length =
      strings.reduce((sum, part) => sum + part.length, 0) + delimiter.length * strings.length;
    if (length > MAX_TEXT_LENGTH) return tooLong();
    return ctx.charge(Math.ceil(length / 64)) ?? strings.join(delimiter);
  }),
  contains: builtin([text, text], (_ctx, whole, part) => whole.includes(part)),
  startswith: builtin([text, text], (_ctx, whole, part) => whole.startsWith(part)),
  endswith: builtin([text, text], (_ctx, whole, part) => whole.endsWith(part)),
  'strings.any_prefix_match': anyMatch((whole, part) => whole.startsWith(part)),
  'strings.any_suffix_match': anyMatch((whole, part) => whole.endsWith(part)),
  indexof: builtin([text, text], (_ctx, whole, part) => {
    if (part === '') return emptySearch();
    const at = whole.indexOf(part);
    return at < 0 ? -1 : countCodePoints(whole.slice(0, at));
  }),
  indexof_n: builtin([text, text], (_ctx, whole, part) =>
    part === '' ? emptySearch() : [...occurrences(whole, part)],
  ),
  substring: builtin([text, int, int], (_ctx, whole, offset, length) => {
    if (offset < 0) return builtinError('negative offset');
    const end = length < 0 ? undefined : offset + length;
    if (/^[\u0020-\u007e]*$/.test(whole)) return whole.slice(offset, end);
    return [...whole].slice(offset, end).join('');
  }),
  'strings.count': builtin([text, text], (_ctx, whole, part) =>
    part === '' ? countCodePoints(whole) + 1 : whole.split(part).length - 1,
  ),
  'strings.reverse': builtin([text], (_ctx, whole) => [...whole].reverse().join('')),
  lower: builtin([text], (_ctx, whole) => lowerText(whole, 'lower')),
  upper: builtin([text], (_ctx, whole) => lowerText(whole, 'upper')),
  split: builtin([text, text], (_ctx, whole, delimiter) => splitText(whole, delimiter)),
  'strings.split_n': builtin([text, text, int], (_ctx, whole, delimiter, count) => {
    const parts = splitText(whole, delimiter);
    return count >= 0 ? parts.slice(0, count) : parts.slice(count);
  }),
  replace: builtin([text, text, text], (_ctx, whole, old, replacement) => {
    const result = replaceAllOf(whole, [[old, replacement]], MAX_TEXT_LENGTH);
    return result ?? tooLong();
  }),
  'strings.replace_n': builtin([object, text], (ctx, patterns, whole) => {
    const pairs: [string, string][] = [];
    for (const [old, replacement] of patterns) {
      if (typeof old !== 'string') return operandFault(1, 'non-string key found in pattern object');
      if (typeof replacement !== 'string') {
        return operandFault(1, 'non-string value found in pattern object');
      }
      pairs.push([old, replacement]);
    }
    const over = ctx.charge(Math.ceil((whole.length * pairs.length) / 64));
    return over ?? replaceAllOf(whole, pairs, MAX_TEXT_LENGTH) ?? tooLong();
  }),
  trim: builtin([text, text], (_ctx, whole, cutset) => trimSet(whole, cutset, true, true)),
  trim_left: builtin([text, text], (_ctx, whole, cutset) => trimSet(whole, cutset, true, false)),
  trim_right: builtin([text, text], (_ctx, whole, cutset) => trimSet(whole, cutset, false, true)),
  trim_prefix: builtin([text, text], (_ctx, whole, prefix) =>
    whole.startsWith(prefix) ? whole.slice(prefix.length) : whole,
  ),
  trim_suffix: builtin([text, text], (_ctx, whole, suffix) =>
    whole.endsWith(suffix) ? whole.slice(0, whole.length - suffix.length) : whole,
  ),
  trim_space: builtin([text], (_ctx, whole) => whole.replace(TRIM_SPACE, '')),
  format_int: builtin([number, number], (_ctx, value, base) => {
    const radix = ['2', '8', '10', '16'].indexOf(numberText(base));
    if (radix < 0) return operandFault(2, 'must be one of {2, 8, 10, 16}');
    const whole = integerPart(value);
    return isFault(whole) ? whole : whole.toString([2, 8, 10, 16][radix]);
  }),
  'strings.render_template': builtin([text, object], (ctx, template, variables) =>
    renderTemplate(ctx, template, variables),
  ),
  sprintf: builtin([text, array], (ctx, format, values) => {
    const result = formatText(format, values.map(asFormatArgument), MAX_TEXT_LENGTH);
    if (result === undefined) return tooLong();
    return ctx.charge(Math.ceil(result.length / 64)) ?? result;
  }),
} satisfies Readonly<Record<string, BuiltinFunction>>;
