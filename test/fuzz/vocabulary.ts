/** The words generated modules are made of: odd numbers and strings, references, builtins with the sorts they take and give. */
import type { Sort } from './scope.ts';

export const NUMBERS = [
  '1',
  '0',
  '2',
  '-1',
  '3.5',
  '0.1',
  '0.2',
  '1.0',
  '10',
  '1e3',
  '1E-2',
  '-0.5',
  '100',
  '2147483647',
  '2147483648',
  '9007199254740993',
  '18446744073709551616',
  '123456789012345678901234567890',
  '1e100',
  '4.35',
] as const;

export const STRINGS = [
  '"a"',
  '""',
  '"b"',
  '"A b"',
  '"é"',
  '"\\u00e9"',
  '"\\ud800\\udf48"',
  '"😀z"',
  '"\\uffff"',
  '"10"',
  '"1.50"',
  '"a.b/c"',
  '"line\\nbreak"',
  '`raw\\d`',
  '"\\u0000"',
  '" pad "',
] as const;

export const INPUT_REFS = [
  'input.a',
  'input.s',
  'input.xs',
  'input.o',
  'input.n',
  'input.missing',
  'input.o.k',
  'input.xs[0]',
  'input.o["k 2"]',
  'input',
  'input.flag',
  'input.deep.er[1].x',
] as const;

export const DATA_REFS = [
  'data.base.m',
  'data.base.xs',
  'data.base.m.one',
  'data.base.missing',
  'data.base.nums[1]',
  'data.base',
] as const;

export interface CallShape {
  readonly name: string;
  readonly args: readonly Sort[];
  readonly gives: Sort;
}

const call = (name: string, args: readonly Sort[], gives: Sort): CallShape => ({
  name,
  args,
  gives,
});

export const CALLS: readonly CallShape[] = [
  call('count', ['array'], 'number'),
  call('count', ['string'], 'number'),
  call('count', ['set'], 'number'),
  call('sum', ['array'], 'number'),
  call('product', ['set'], 'number'),
  call('max', ['array'], 'any'),
  call('min', ['set'], 'any'),
  call('sort', ['set'], 'array'),
  call('upper', ['string'], 'string'),
  call('lower', ['string'], 'string'),
  call('abs', ['number'], 'number'),
  call('round', ['number'], 'number'),
  call('ceil', ['number'], 'number'),
  call('floor', ['number'], 'number'),
  call('to_number', ['any'], 'number'),
  call('type_name', ['any'], 'string'),
  call('is_string', ['any'], 'boolean'),
  call('is_number', ['any'], 'boolean'),
  call('is_set', ['any'], 'boolean'),
  call('object.keys', ['object'], 'set'),
  call('json.marshal', ['any'], 'string'),
  call('json.unmarshal', ['string'], 'any'),
  call('trim_space', ['string'], 'string'),
  call('base64.encode', ['string'], 'string'),
  call('strings.reverse', ['string'], 'string'),
  call('array.reverse', ['array'], 'array'),
  call('concat', ['string', 'array'], 'string'),
  call('contains', ['string', 'string'], 'boolean'),
  call('startswith', ['string', 'string'], 'boolean'),
  call('endswith', ['string', 'string'], 'boolean'),
  call('indexof', ['string', 'string'], 'number'),
  call('split', ['string', 'string'], 'array'),
  call('trim', ['string', 'string'], 'string'),
  call('array.concat', ['array', 'array'], 'array'),
  call('object.union', ['object', 'object'], 'object'),
  call('object.remove', ['object', 'array'], 'object'),
  call('object.filter', ['object', 'set'], 'object'),
  call('object.get', ['object', 'any', 'any'], 'any'),
  call('format_int', ['number', 'number'], 'string'),
  call('bits.and', ['number', 'number'], 'number'),
  call('substring', ['string', 'number', 'number'], 'string'),
  call('replace', ['string', 'string', 'string'], 'string'),
  call('array.slice', ['array', 'number', 'number'], 'array'),
];

export const ARITHMETIC = ['+', '-', '*', '/', '%'] as const;
export const SET_OPERATORS = ['|', '&', '-'] as const;
export const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='] as const;

/** Things to iterate over. */
export const COLLECTIONS = [
  'input.xs',
  'data.base.nums',
  'input.o',
  'data.base.m',
  '[1, 2, 2]',
  '{"a", 1}',
  '{"p": 1, "q": [2]}',
] as const;

/**
 * A replaced object has all the keys of the original: where an ancestor of the replaced document is read, OPA merges the two
 * (`data.base with data.base.m as {}` still has what was in `m`), which its documentation does not say and we do not do.
 */
export const WITH_CLAUSES = [
  'input.a as 5',
  'input as {"a": 1, "xs": [9]}',
  'data.base.m as {"one": "other", "two": 2, "three": [3]}',
  'input.o.k as "mock"',
  'data.base.nums as []',
  'count as 7',
  'upper as lower',
] as const;
