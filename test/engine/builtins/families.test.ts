/** One table of calls a family; every answer was given by OPA 1.21.1. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { callBuiltin } from '../../support/builtin-calls.ts';

const test = suite('engine/builtins/families');

type Row = readonly [expected: string, name: string, ...args: unknown[]];

function check(rows: readonly Row[]): void {
  for (const [expected, name, ...args] of rows) {
    assert.is(callBuiltin(name, ...args), expected, name);
  }
}

test('collections count code points, keep order and merge deeply', () => {
  check([
    ['3', 'count', 'é😀x'],
    ['fault: operand 1 must be one of {array, object, set, string} but got null', 'count', null],
    ['[null,true,1,"a",[2],{"a":1}]', 'sort', ['a', 1, null, [2], { a: 1 }, true]],
    ['undefined', 'max', []],
    ['0.6', 'sum', [0.1, 0.2, 0.3]],
    ['[2,3]', 'array.slice', [1, 2, 3], 1, 9],
    ['[10,7,4,1]', 'numbers.range_step', 10, 0, 3],
    ['fault: range exceeds the limit of 1000000 numbers', 'numbers.range', 0, 10_000_000],
    ['{"a":{"c":3}}', 'object.union_n', [{ a: { b: 2 } }, { a: 4 }, { a: { c: 3 } }]],
    ['null', 'object.get', { a: null }, 'a', 1],
    ['true', 'object.subset', [1, 1], new Set([1, 2])],
    ['[["a","b"],["a","c"]]', 'graph.reachable_paths', { a: ['b', 'c'], b: [], c: ['a'] }, ['a']],
  ]);
});

test('strings follow Go: replacement order, case, trimming, formatting', () => {
  check([
    ['"2"', 'strings.replace_n', { a: '2', ab: '1', b: '' }, 'ab'],
    ['"-a-b-"', 'replace', 'ab', '', '-'],
    ['"ασ"', 'lower', 'ΑΣ'],
    ['"ß"', 'upper', 'ß'],
    ['"x"', 'trim_space', '\u0085\u00a0 x'],
    ['[0,1,2]', 'indexof_n', 'aaaa', 'aa'],
    ['fault: negative offset', 'substring', 'abc', -1, 1],
    ['"-f"', 'format_int', -15.9, 16],
    ['"%!d(string=hi)"', 'sprintf', '%d', ['hi']],
    ['"00003.14|1e+06|%!s(MISSING)"', 'sprintf', '%08.2f|%v|%s', [3.14, '1e+06']],
    ['"%!(EXTRA int64=1)"', 'sprintf', '', [1]],
    [
      'fault: text exceeds the limit of 10000000 characters',
      'sprintf',
      '%999999d'.repeat(20),
      Array(20).fill(1),
    ],
  ]);
});

test('patterns are RE2 with Go’s rules, globs stop at delimiters', () => {
  check([
    ['["b","","c"]', 'regex.split', 'a', 'baac'],
    ['"(1)b"', 'regex.replace', '1b', '(\\d)', '($1)'],
    ['fault: error parsing regexp: missing closing ]: `[`', 'regex.match', '[', 'a'],
    ['false', 'regex.is_valid', '(?=x)'],
    ['false', 'regex.match', '(a+)+$', `${'a'.repeat(5000)}b`],
    ['true', 'glob.match', '*.github.com', [], 'api.github.com'],
    ['false', 'glob.match', '*.github.com', [], 'api.cdn.github.com'],
    ['true', 'glob.match', '*.github.com', null, 'api.cdn.github.com'],
    ['false', 'glob.match', '[!a-c]at', [], 'cat'],
    ['true', 'regex.globs_match', 'a.a.[0-9]+z', 'a.[a-z]*b9z'],
    ['true', 'regex.template_match', 'urn:{[a-z]+}', 'urn:foo', '{', '}'],
  ]);
});

test('encodings are strict and carry bytes', () => {
  check([
    ['"hi"', 'base64.decode', 'aGk='],
    ['fault: illegal base64 data at input byte 0', 'base64.decode', 'aG'],
    ['"c3a9"', 'hex.encode', 'é'],
    ["fault: encoding/hex: invalid byte: U+0067 'g'", 'hex.decode', 'fg'],
    ['{"a":["1","3"],"b":[""]}', 'urlquery.decode_object', 'a=1&b&a=3'],
    ['"[1.5,{\\"a\\":[1,2]}]"', 'json.marshal', [1.5, { a: new Set([2, 1]) }]],
    ['{"a":"yes","b":15,"c":1.5}', 'yaml.unmarshal', 'a: yes\nb: 017\nc: 1.50\n'],
    ['"\\"a\\\\U0001F600\\\\0\\"\\n"', 'yaml.marshal', 'a😀\0'],
    ['"a:\\n  - 1\\n  - \'b: c\'\\n"', 'yaml.marshal', { a: [1, 'b: c'] }],
    [
      '{"hostname":"::1","path":"/x y","port":"80","raw_path":"/x y","scheme":"http"}',
      'uri.parse',
      'http://u:p@[::1]:80/x%20y',
    ],
  ]);
});

test('units, versions and identifiers', () => {
  check([
    ['1610612736', 'units.parse', '1.5Gi'],
    ['1.0000000000', 'units.parse', '1000m'],
    [
      'fault: units.parse_bytes: spaces not allowed in resource strings',
      'units.parse_bytes',
      '1 k',
    ],
    ['-1', 'semver.compare', '1.0.0-alpha.1', '1.0.0-alpha.beta'],
    ['fault: operand 1: string "1" is not a valid SemVer', 'semver.compare', '1', '1.0.0'],
    ['undefined', 'uuid.parse', 'x'],
    ['{"variant":"RFC4122","version":4}', 'uuid.parse', '6BA7B810-9DAD-41D1-80B4-00C04FD430C8'],
  ]);
});

test('times use the recorded now, Go layouts and zone rules', () => {
  check([
    ['1700000000000000000', 'time.now_ns'],
    [
      '"2024-02-29T07:34:56-05:00"',
      'time.format',
      [1_709_210_096_000_000_000n, 'America/New_York'],
    ],
    ['1163948645123456789', 'time.parse_rfc3339_ns', '2006-11-19T15:04:05.123456789Z'],
    ['fault: time outside of valid range', 'time.parse_rfc3339_ns', '1500-01-01T00:00:00Z'],
    ['129600000000000', 'time.parse_duration_ns', '1d12h'],
    ['fault: timestamp too big', 'time.weekday', 10n ** 20n],
    ['"Tuesday"', 'time.weekday', 1_700_000_000_000_000_000n],
    ['[0,1,0,0,0,0]', 'time.diff', 0, 2_678_400_000_000_000],
  ]);
});

test('networks', () => {
  check([
    ['true', 'net.cidr_contains', '10.0.0.0/8', '10.1.0.0/16'],
    ['false', 'net.cidr_contains', '10.0.0.0/8', '::1'],
    ['["192.0.128.0/23"]', 'net.cidr_merge', ['192.0.128.0/24', '192.0.129.0/24']],
    ['fault: block exceeds the limit of 131072 addresses', 'net.cidr_expand', '10.0.0.0/8'],
    ['fault: invalid CIDR address: 192.168.1.1/33', 'net.cidr_expand', '192.168.1.1/33'],
  ]);
});

test('JSON patches, paths and schemas', () => {
  check([
    ['{"a":[9,1]}', 'json.patch', { a: [1] }, [{ op: 'add', path: '/a/0', value: 9 }]],
    [
      'fault: value from EditTree != patch value.',
      'json.patch',
      { a: 1 },
      [{ op: 'test', path: 'a', value: 2 }],
    ],
    ['{"a":{"b":1}}', 'json.filter', { a: { b: 1, c: 2 } }, ['a/b']],
    ['{"a":[2]}', 'json.remove', { a: [1, 2] }, ['/a/0']],
    ['[true,[]]', 'json.match_schema', { id: 5 }, { properties: { id: { type: 'integer' } } }],
    [
      '[false,[{"desc":"id is required","error":"(Root): id is required","field":"(Root)","type":"required"}]]',
      'json.match_schema',
      {},
      { required: ['id'] },
    ],
  ]);
});

test('hashes, tokens and templates', () => {
  check([
    ['"80a751fde577028640c419000e33eba6"', 'crypto.md5', 'lorem ipsum'],
    ['true', 'crypto.hmac.equal', 'a', 'a'],
    ['fault: encoded JWT must have 3 sections, found 2', 'io.jwt.decode', 'a.b'],
    [
      '"1,2 \\u003cundefined\\u003e"',
      'strings.render_template',
      '{{range $i, $x := .l}}{{if $i}},{{end}}{{$x}}{{end}} {{.y}}',
      { l: [1, 2] },
    ],
    [
      'fault: template: {{define}} is not supported',
      'strings.render_template',
      '{{define "x"}}{{end}}',
      {},
    ],
  ]);
});

test.run();
