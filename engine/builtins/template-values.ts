/**
 * Values of Go's `text/template` over those of a policy: what is true, how they are compared and shown. A number of the policy is a
 * text to a template (`json.Number`); numbers of the template itself are integers and doubles. `undefined` is what is missing.
 */
import { compareStrings, isArray, isObject } from '../value/compare.ts';
import { type BuiltinFault, builtinError, isFault } from '../value/fault.ts';
import { isNumber } from '../value/number.ts';
import type { RegoObject } from '../value/object.ts';
import type { RegoNumber, Value } from '../value/value.ts';
import { formatFloat } from './go-float.ts';

/** A number that a template wrote or computed. A `uint8` is a byte of a string. */
export class GoNumber {
  readonly tag = 'go-number';
  readonly type: 'int' | 'uint8' | 'float64';
  readonly value: bigint | number;

  constructor(type: 'float64', value: number);
  constructor(type: 'int' | 'uint8', value: bigint);
  constructor(type: 'int' | 'uint8' | 'float64', value: bigint | number) {
    this.type = type;
    this.value = value;
  }
}

export type TemplateValue = Value | GoNumber | undefined;

export function isListValue(value: TemplateValue): value is readonly Value[] {
  return !(value instanceof GoNumber) && isArray(value);
}

export function isMapValue(value: TemplateValue): value is RegoObject {
  return !(value instanceof GoNumber) && isObject(value);
}

/** A text, or a number of the policy, which is one here. */
export function textOfValue(value: TemplateValue): string | undefined {
  if (typeof value === 'string') return value;
  return isPolicyNumber(value) ? String(value) : undefined;
}

export function isPolicyNumber(value: TemplateValue): value is RegoNumber {
  return !(value instanceof GoNumber) && isNumber(value);
}

/** Neither missing, nor null, nor empty, nor zero. */
export function isTrue(value: TemplateValue): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  if (value instanceof GoNumber) return Number(value.value) !== 0;
  const text = textOfValue(value);
  if (text !== undefined) return text !== '';
  if (isListValue(value)) return value.length > 0;
  return isMapValue(value) && value.size > 0;
}

/** As Go's `fmt` writes it under `%v`. */
export function showValue(value: TemplateValue): string {
  if (value === undefined || value === null) return '<nil>';
  if (value instanceof GoNumber) return showNumber(value);
  if (isListValue(value)) return `[${value.map(showValue).join(' ')}]`;
  if (isMapValue(value)) {
    const members = [...value].map(([key, member]) => `${showValue(key)}:${showValue(member)}`);
    return `map[${members.join(' ')}]`;
  }
  return textOfValue(value) ?? String(value);
}

function showNumber({ value }: GoNumber): string {
  if (typeof value === 'bigint') return String(value);
  return formatFloat(value, 'g', -1);
}

/** Name of the type, for faults and `%T`. */
export function typeName(value: TemplateValue): string {
  if (value === undefined || value === null) return '<nil>';
  if (value instanceof GoNumber) return value.type;
  if (isListValue(value)) return '[]interface {}';
  if (isMapValue(value)) return 'map[string]interface {}';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'string' : 'json.Number';
}

type BasicKind = 'bool' | 'int' | 'uint' | 'float' | 'string' | 'none';

function basicKind(value: TemplateValue): BasicKind {
  if (typeof value === 'boolean') return 'bool';
  if (value instanceof GoNumber)
    return value.type === 'int' ? 'int' : value.type === 'uint8' ? 'uint' : 'float';
  return textOfValue(value) === undefined ? 'none' : 'string';
}

const isNil = (value: TemplateValue): boolean => value === undefined || value === null;

function incompatible(a: TemplateValue, b: TemplateValue): BuiltinFault {
  return builtinError(
    `template: incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`,
  );
}

/** `eq` of two; lists and maps are equal to nothing, and may be compared with nil only. */
export function areEqual(a: TemplateValue, b: TemplateValue): boolean | BuiltinFault {
  const [x, y] = [basicKind(a), basicKind(b)];
  if (x === 'none' && y === 'none') {
    return isNil(a) || isNil(b)
      ? isNil(a) === isNil(b)
      : builtinError(`template: non-comparable types ${typeName(a)}, ${typeName(b)}`);
  }
  if (isNil(a) || isNil(b)) return false;
  const order = compare(a, b, x, y);
  if (isFault(order)) return order;
  return order === 0;
}

/** `lt` of two. */
export function isLess(a: TemplateValue, b: TemplateValue): boolean | BuiltinFault {
  const [x, y] = [basicKind(a), basicKind(b)];
  if (x === 'none' || y === 'none' || (x === 'bool' && y === 'bool'))
    return builtinError('template: invalid type for comparison');
  const order = compare(a, b, x, y);
  return isFault(order) ? order : order < 0;
}

function compare(
  a: TemplateValue,
  b: TemplateValue,
  x: BasicKind,
  y: BasicKind,
): number | BuiltinFault {
  const areWhole = (x === 'int' || x === 'uint') && (y === 'int' || y === 'uint');
  if (x !== y && !areWhole) return incompatible(a, b);
  if (a instanceof GoNumber && b instanceof GoNumber)
    return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
  if (x === 'bool') return a === b ? 0 : 1;
  return compareStrings(textOfValue(a) ?? '', textOfValue(b) ?? '');
}
