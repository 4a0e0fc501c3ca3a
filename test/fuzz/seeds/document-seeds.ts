/** Documents, what is done to them, and texts that hold them. */

export const JSON_TEXTS = [
  '{"a": [1, 2.50]}',
  '[1e2, null]',
  '{',
  '01',
  '"x"',
  '1.',
  '-0',
  '{"a":1,"a":2}',
  '"\\ud800"',
  ' 1 ',
  '1 2',
  '',
  'nul',
  '"\\u0000"',
  '1e400',
  '[1,]',
  '{"b":1,"a":{}}',
  '"\t"',
  '123456789012345678901234567890',
  '0.10',
  '1E+2',
];

export const YAML_TEXTS = [
  'a: 1\nb: [x, 2.0]',
  '- yes\n- ~',
  '&',
  'a: &x 1\nb: *x',
  '"\\x41"',
  'a: |\n  x\n',
  '1: 2',
  '? a\n: b',
  'a: 0x1F',
  '0o17',
  '.inf',
  '2001-01-01',
  '!!str 1',
  '<<: {a: 1}',
  'a: >\n x\n y\n',
  '',
  '---\na\n...',
  'a: b: c',
  '{a: 1, b}',
  '- - 1',
  '\ta: 1',
  'null',
  'a: 010',
  '1_000',
  '+1',
  '12:30',
  'on',
  '~: 1',
  "'it''s'",
  '[a, b',
  '!x y',
  '%YAML 1.1\n---\n1',
  'a: 1\na: 2',
  '"a\\\n  b"',
];

export const PATCHES = [
  [{ op: 'add', path: '/a', value: 2 }],
  [{ op: 'remove', path: 'b' }],
  [
    { op: 'replace', path: ['a'], value: [1] },
    { op: 'test', path: '/a', value: [1] },
  ],
  [{ op: 'copy', from: '/a', path: '/c' }],
  [{ op: 'move', from: 'a', path: 'd' }],
  [{ op: 'add', path: '/a/-', value: 1 }],
  [{ op: 'add', path: '/a/0', value: 1 }],
  [{ op: 'add', path: '', value: 1 }],
  [{ op: 'x', path: '/a' }],
  [{ op: 'remove', path: '/a~1b' }],
  [{ op: 'test', path: '/a', value: null }],
  [{ op: 'add', path: '/a/01', value: 1 }],
  [{ op: 'remove', path: '' }],
  [{ op: 'move', from: '/a', path: '/a/b' }],
  [{ path: '/a' }],
  [{ op: 'add', path: '/a' }],
  [],
];

export const DOCUMENTS = [
  { a: 1 },
  { a: [1, 2, { b: null }], b: { c: 'd' } },
  {},
  { 'a/b': 1, 'm~n': 2 },
  { a: { b: { c: 1 } } },
  { '': 1 },
  { 1: 2 },
  { a: [[1], [2]] },
];

export const PATHS = [
  ['a'],
  ['a/b', 'k'],
  [['a', 0]],
  ['a/0'],
  [''],
  ['/a'],
  ['a~1b'],
  [['a', 'b'], 'a'],
  [[]],
  ['a/2/b'],
  ['a/b/c', 'a/b'],
  [['a', '0']],
  [0],
  ['m~0n'],
];

export const GRAPHS = [
  { a: ['b'], b: ['c'], c: ['a'] },
  { a: ['b', 'z'], b: [] },
  {},
  { a: ['a'] },
  { a: ['b', 'c'], b: ['d'], c: ['d'], d: ['e'] },
  { a: 'b' },
  { a: null },
];

export const STARTS = [['a'], ['a', 'b'], [], ['x'], 'a', ['a', 1]];

export const TOKENS = [
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJhIjoxfQ.c2ln',
  'a.b.c',
  'e30.e30.',
  'e30.e30.e30',
  '',
  'eyJhbGciOiJub25lIn0.e30.',
  'e30=.e30.e30',
  'bnVsbA.bnVsbA.x',
  'eyJjdHkiOiJKV1QifQ.e30.e30',
];

export const MARSHAL_OPTIONS = [
  { pretty: true },
  { indent: '  ' },
  { prefix: '>' },
  { pretty: false, indent: ' ' },
  {},
  { pretty: 1 },
  { x: 1 },
  { indent: '\t', prefix: '#' },
];

export const CONSTRAINTS = [
  { secret: 's' },
  { secret: 's', alg: 'HS256' },
  {},
  { cert: 'x' },
  { secret: 's', time: 1 },
  { x: 1 },
  { secret: 's', aud: 'a' },
];
