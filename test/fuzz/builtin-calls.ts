/** Builtins the generator calls, with the sorts they take and give; arguments that must have a form are chosen from a list. */
import type { Sort } from './scope.ts';

/** A sort, or the texts to choose from. */
export type ArgumentShape = Sort | readonly string[];

export interface CallShape {
  readonly name: string;
  readonly args: readonly ArgumentShape[];
  readonly gives: Sort;
}

const call = (name: string, args: readonly ArgumentShape[], gives: Sort): CallShape => ({
  name,
  args,
  gives,
});

const PATTERNS = ['"a"', '"[a-z]+"', '`^\\w*$`', '"(x)|(.)"', '"["', '`\\d{1,2}`', '"é|😀"', '""'];
const GLOBS = ['"*.b/*"', '"a.?/c"', '"**"', '"{a,b}*"', '"[a-c]"', '"[!a]*"'];
const DELIMITERS = ['null', '[]', '["."]', '["/", "."]'];
const TIMES = ['1700000000000000000', '0', '-1', '1e18', '[1700000000000000000, "Europe/Berlin"]'];
const SMALL = ['0', '1', '2', '-1', '5', '3.5'];
const SMALL_INTEGERS = ['0', '1', '2', '7'];
const PATCHES = [
  '[{"op": "add", "path": "/a", "value": 2}]',
  '[{"op": "remove", "path": "b"}]',
  '[{"op": "replace", "path": ["a"], "value": [1]}, {"op": "test", "path": "/a", "value": [1]}]',
  '[{"op": "copy", "from": "/a", "path": "/c"}]',
];
const PATHS = ['["a"]', '{"a/b", "k"}', '[["k", 0]]', '["b/0"]'];
const GRAPHS = ['{"a": ["b"], "b": ["c"], "c": ["a"]}', '{"a": {"b", "z"}, "b": []}', '{}'];
const VERSIONS = ['"1.2.3"', '"1.2.3-rc.1"', '"1.2"', '"v1.0.0"', '"1.10.0+x"'];
const NETWORKS = ['"10.0.0.0/8"', '"::1/128"', '"10.1.0.0/16"', '"nonsense"', '"192.168.0.1/32"'];
const ADDRESSES = ['"10.1.2.3"', '"::1"', '"10.1.2.0/24"', '"192.168.0.1"', '"300.1.1.1"'];
const UNITS = ['"10K"', '"1.5Gi"', '"100m"', '"3Mi"', '"x"', '"5"', '"1e3"'];
const ENCODED = ['"YQ=="', '"YWI"', '"6162"', '"%20a+b"', '"zz"'];
const JSON_TEXTS = ['"{\\"a\\": [1, 2.50]}"', '"[1e2, null]"', '"{"', '"01"', '"\\"x\\""'];
const YAML_TEXTS = ['"a: 1\\nb: [x, 2.0]"', '"- yes\\n- ~"', '"&"'];
const FORMATS = [
  '"%v"',
  '"%s"',
  '"%d"',
  '"%5.2f"',
  '"%x"',
  '"%q"',
  '"%T"',
  '"%v %v"',
  '"%%"',
  '"%e"',
  '"%08d"',
];

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
  call('is_object', ['any'], 'boolean'),
  call('is_null', ['any'], 'boolean'),
  call('object.keys', ['object'], 'set'),
  call('json.marshal', ['any'], 'string'),
  call('json.unmarshal', ['string'], 'any'),
  call('json.unmarshal', [JSON_TEXTS], 'any'),
  call('json.is_valid', [JSON_TEXTS], 'boolean'),
  call(
    'json.marshal_with_options',
    ['any', ['{"pretty": true}', '{"indent": " "}', '{}']],
    'string',
  ),
  call('yaml.marshal', ['any'], 'string'),
  call('yaml.unmarshal', [YAML_TEXTS], 'any'),
  call('trim_space', ['string'], 'string'),
  call('base64.encode', ['string'], 'string'),
  call('base64.decode', [ENCODED], 'string'),
  call('base64url.encode_no_pad', ['string'], 'string'),
  call('base64url.decode', [ENCODED], 'string'),
  call('hex.encode', ['string'], 'string'),
  call('hex.decode', [ENCODED], 'string'),
  call('urlquery.encode', ['string'], 'string'),
  call('urlquery.decode', [ENCODED], 'string'),
  call('crypto.sha256', ['string'], 'string'),
  call('crypto.md5', ['string'], 'string'),
  call('strings.reverse', ['string'], 'string'),
  call('strings.count', ['string', 'string'], 'number'),
  call('strings.any_prefix_match', ['array', 'string'], 'boolean'),
  call('strings.any_suffix_match', ['string', 'set'], 'boolean'),
  call('strings.replace_n', [['{"a": "b", "x": "é"}', '{"": "_"}'], 'string'], 'string'),
  call('array.reverse', ['array'], 'array'),
  call('array.flatten', ['array'], 'array'),
  call('concat', ['string', 'array'], 'string'),
  call('contains', ['string', 'string'], 'boolean'),
  call('startswith', ['string', 'string'], 'boolean'),
  call('endswith', ['string', 'string'], 'boolean'),
  call('indexof', ['string', 'string'], 'number'),
  call('indexof_n', ['string', 'string'], 'array'),
  call('split', ['string', 'string'], 'array'),
  call('trim', ['string', 'string'], 'string'),
  call('trim_left', ['string', 'string'], 'string'),
  call('trim_right', ['string', 'string'], 'string'),
  call('trim_prefix', ['string', 'string'], 'string'),
  call('trim_suffix', ['string', 'string'], 'string'),
  call('array.concat', ['array', 'array'], 'array'),
  call('object.union', ['object', 'object'], 'object'),
  call(
    'object.union_n',
    [['[{"a": {"b": 1}}, {"a": {"c": 2}}]', '[]', '[{"a": 1}, {"a": {}}]']],
    'object',
  ),
  call('object.remove', ['object', 'array'], 'object'),
  call('object.filter', ['object', 'set'], 'object'),
  call('object.get', ['object', 'any', 'any'], 'any'),
  call('object.subset', ['object', 'object'], 'boolean'),
  call('object.subset', ['array', 'array'], 'boolean'),
  call('object.subset', ['set', 'set'], 'boolean'),
  call('union', [['{{1}, {2}}', 'set()']], 'set'),
  call('intersection', [['{{1, 2}, {2}}', '{{1}}']], 'set'),
  call('numbers.range', [SMALL, SMALL], 'array'),
  call('numbers.range_step', [SMALL, SMALL, SMALL], 'array'),
  call('format_int', ['number', ['2', '8', '10', '16', '3']], 'string'),
  call('bits.and', ['number', 'number'], 'number'),
  call('bits.or', ['number', 'number'], 'number'),
  call('bits.xor', ['number', 'number'], 'number'),
  call('bits.negate', ['number'], 'number'),
  call('bits.lsh', ['number', SMALL_INTEGERS], 'number'),
  call('bits.rsh', ['number', SMALL_INTEGERS], 'number'),
  call('substring', ['string', 'number', 'number'], 'string'),
  call('substring', ['string', SMALL, SMALL], 'string'),
  call('replace', ['string', 'string', 'string'], 'string'),
  call('array.slice', ['array', 'number', 'number'], 'array'),
  call('array.slice', ['array', SMALL, SMALL], 'array'),
  call('regex.match', [PATTERNS, 'string'], 'boolean'),
  call('regex.is_valid', [PATTERNS], 'boolean'),
  call('regex.replace', ['string', PATTERNS, ['"<$0>"', '"x"', '"$1"']], 'string'),
  call('regex.split', [PATTERNS, 'string'], 'array'),
  call('regex.find_n', [PATTERNS, 'string', SMALL], 'array'),
  call('regex.find_all_string_submatch_n', [PATTERNS, 'string', SMALL], 'array'),
  call('glob.match', [GLOBS, DELIMITERS, 'string'], 'boolean'),
  call('glob.quote_meta', ['string'], 'string'),
  call('time.date', [TIMES], 'array'),
  call('time.clock', [TIMES], 'array'),
  call('time.weekday', [TIMES], 'string'),
  call('time.format', [TIMES], 'string'),
  call('time.add_date', [['1700000000000000000', '0'], SMALL, SMALL, SMALL], 'number'),
  call('time.diff', [TIMES, TIMES], 'array'),
  call(
    'time.parse_rfc3339_ns',
    [['"2024-02-29T12:00:00Z"', '"2024-02-30T12:00:00Z"', '"1999-12-31T23:59:59.5+01:00"']],
    'number',
  ),
  call('time.parse_duration_ns', [['"1h2m"', '"1.5s"', '"x"', '"-3ms"']], 'number'),
  call('json.patch', ['object', PATCHES], 'any'),
  call('json.filter', ['object', PATHS], 'any'),
  call('json.remove', ['object', PATHS], 'any'),
  call('graph.reachable', [GRAPHS, ['["a"]', '{"b"}', '[]']], 'set'),
  call('graph.reachable_paths', [GRAPHS, ['["a"]', '{"b"}']], 'set'),
  call('units.parse', [UNITS], 'number'),
  call('units.parse_bytes', [UNITS], 'number'),
  call('semver.compare', [VERSIONS, VERSIONS], 'number'),
  call('semver.is_valid', [VERSIONS], 'boolean'),
  call('net.cidr_contains', [NETWORKS, ADDRESSES], 'boolean'),
  call('net.cidr_intersects', [NETWORKS, NETWORKS], 'boolean'),
  call('net.cidr_merge', [['["10.0.0.0/9", "10.128.0.0/9"]', '{"::/1", "8000::/1"}', '[]']], 'set'),
  call('net.cidr_is_valid', [NETWORKS], 'boolean'),
  call('sprintf', [FORMATS, 'array'], 'string'),
];
