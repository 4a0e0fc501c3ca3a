/** The words generated modules are made of: odd numbers and strings, references, what can be iterated over. */
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
  '1.00',
  '-0',
  '5e-324',
  '0.30000000000000004',
  '-9223372036854775808',
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
  'input.if',
  'input["o"].default',
  'input.deep["er"][0]',
] as const;

export const DATA_REFS = [
  'data.base.m',
  'data.base.xs',
  'data.base.m.one',
  'data.base.missing',
  'data.base.nums[1]',
  'data.base',
] as const;

export const ARITHMETIC = ['+', '-', '*', '/', '%'] as const;
export const SET_OPERATORS = ['|', '&', '-'] as const;
export const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='] as const;

/** References into the second module, which `import data.lib` names. */
export const LIBRARY_REFS = [
  'lib.limit',
  'lib.names',
  'lib.table.a',
  'lib.table["b c"]',
  'lib',
  'data.lib',
] as const;

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

/** Replacements that statements are evaluated with. */
export const WITH_CLAUSES = [
  'input.a as 5',
  'input as {"a": 1, "xs": [9]}',
  'data.base.m as {"one": "other", "two": 2, "three": [3]}',
  'input.o.k as "mock"',
  'data.base.nums as []',
  'data.base.m as {}',
  'data.base as {"m": {"one": 3}}',
  'count as 7',
  'upper as lower',
  'json.marshal as upper',
  'input.deep.er as [1, {"x": "w"}]',
  'input.new.path as {"z": 1}',
  'data.base.extra as {"z": 1}',
] as const;

/** Documents with two levels to iterate over. */
export const NESTED_REFS = [
  'data.base.m',
  'input.deep',
  'input.o',
  'input',
  'data.base',
  '[[1, 2], "x", {"a": 3}]',
  '{"p": {"x"}, "q": [[]]}',
] as const;

/** Imports of documents, and the names they give. */
export const IMPORTS = [
  ['import input.o', 'o'],
  ['import data.base.xs as items', 'items'],
  ['import input as request', 'request'],
  ['import data.base', 'base'],
  ['import data.base.m["two"] as z', 'z'],
] as const;
