/** What calls of single builtins are made of: for arguments that must have a form, values to begin with; all others by their type. */

import {
  CONSTRAINTS,
  DOCUMENTS,
  GRAPHS,
  JSON_TEXTS,
  MARSHAL_OPTIONS,
  PATCHES,
  PATHS,
  STARTS,
  TOKENS,
  YAML_TEXTS,
} from './seeds/document-seeds.ts';
import { ADDRESSES, CIDRS, QUERIES, QUERY_OBJECTS, URLS, UUIDS } from './seeds/network-seeds.ts';
import {
  FORMATS,
  GLOB_TEXTS,
  GLOBS,
  OPERANDS,
  PATTERNS,
  RENDERED,
  SIMPLE_GLOBS,
  TEMPLATES,
} from './seeds/pattern-seeds.ts';
import {
  BASE64,
  DATES,
  DURATIONS,
  HEX,
  INSTANTS,
  LAYOUTS,
  UNITS,
  VERSIONS,
  ZONES,
} from './seeds/quantity-seeds.ts';
import { SCHEMA_DOCUMENTS, SCHEMAS } from './seeds/schema-seeds.ts';
import { makeSignedSeeds } from './seeds/signed-seeds.ts';

/** Values by the position of the argument. */
type Seeds = readonly (readonly unknown[])[];

const TEXTS = [
  '',
  'a',
  'abc',
  'Hello, World',
  ' a b ',
  'é😀',
  'ǅ',
  'İ',
  'ß',
  '\u0000',
  '\u2028',
  'a\tb\n',
  '%',
  '\\',
  '"',
  'foo/bar',
  'a.b.c',
  '00',
  '-1',
  '\ufeff',
  'ﬀ',
  'x'.repeat(40),
];

/** Numbers of any builtin. */
export const NUMBERS: readonly unknown[] = [
  0,
  1,
  -1,
  2,
  3,
  10,
  16,
  64,
  0.5,
  -2.5,
  1e21,
  1e-7,
  9_007_199_254_740_993n,
  18_446_744_073_709_551_616n,
  100,
  36,
  8,
  3.999,
  -0.0,
  255,
];

/** Anything, for what takes anything. */
export const ANYTHING: readonly unknown[] = [
  null,
  true,
  false,
  0,
  1.5,
  'a',
  '',
  [],
  [1, 'a', null],
  {},
  { a: 1 },
  { a: [{ b: 2 }] },
  [[1], [2]],
  ['b', 'a'],
  { b: 1, a: 2 },
  '1',
  [3, 1, 2],
  -7,
];

export const STRINGS: readonly unknown[] = TEXTS;

export const ARRAYS: readonly unknown[] = [
  [],
  [1],
  [1, 2, 3],
  ['a', 'b'],
  [null, false],
  [[1, [2, [3]]], 4],
  [{ a: 1 }],
  [3, 1, 2],
  ['b', 'a', 'b'],
  [1.5, 1, 1],
];

export const OBJECTS: readonly unknown[] = [...DOCUMENTS, { a: { b: 1 } }, { a: null }];

/** Every instant in a zone whose clock changes, and one instant in every zone. */
const ZONED = [
  ...ZONES.map((zone) => [1_700_000_000_000_000_000n, zone]),
  ...INSTANTS.flatMap((at) => [
    [at, 'Europe/Berlin'],
    [at, 'Australia/Lord_Howe'],
  ]),
];
const SIGNED = makeSignedSeeds();
const ALL_TOKENS = [...TOKENS, ...SIGNED.tokens];
const ALL_KEYS = ['s', '', '-----BEGIN CERTIFICATE-----', '{"kty":"oct","k":"cw"}', '{"keys":[]}'];

/** By name; a name that ends with a dot stands for all that begin with it. */
export const BUILTIN_SEEDS: Readonly<Record<string, Seeds>> = {
  'net.cidr_merge': [
    [CIDRS, CIDRS.slice(0, 3), ['10.0.0.0/9', '10.128.0.0/9'], ['10.0.0.1', '10.0.0.2'], []],
  ],
  'net.cidr_contains_matches': [
    [...CIDRS, CIDRS, { a: '10.0.0.0/8' }, [['10.0.0.0/8', 'x']]],
    [...ADDRESSES, ADDRESSES, { b: '10.0.0.1' }],
  ],
  'net.cidr_expand': [['10.1.2.0/30', '::1/128', '2001:db8::/126', '1.2.3.4', 'x', '10.0.0.0/33']],
  'net.': [CIDRS, ADDRESSES],
  'regex.globs_match': [SIMPLE_GLOBS, SIMPLE_GLOBS],
  'regex.replace': [
    TEXTS,
    PATTERNS,
    ['x', '$1', '$' + '{1}x', '$n', '$$', '$1x', '\\1', '', '$' + '{n}', '$'],
  ],
  'regex.template_match': [
    ['urn:foo:{.*}', '{a|b}', 'x{[0-9]+}y', '{', '}{', 'a', '<a>', '{}', '{{}}'],
    ['urn:foo:bar', 'a', 'x12y', '', 'b'],
    ['{', '<', '', '{{'],
    ['}', '>', '', '}}'],
  ],
  'regex.': [PATTERNS, TEXTS, [-1, 0, 1, 2, 1.5]],
  'glob.match': [GLOBS, [null, [], ['.'], ['/', '.'], [':'], ['ab']], GLOB_TEXTS],
  'glob.quote_meta': [GLOBS],
  'time.add_date': [INSTANTS, [0, 1, -1, 100, 1.5], [0, 1, 13, -13], [0, 1, 31, -400]],
  'time.parse_ns': [LAYOUTS, DATES],
  'time.parse_rfc3339_ns': [DATES],
  'time.parse_duration_ns': [DURATIONS],
  'time.format': [
    [
      ...INSTANTS,
      ...ZONED,
      ...LAYOUTS.map((layout) => [1_700_000_000_123_456_789n, 'Europe/Berlin', layout]),
      ...INSTANTS.map((at) => [
        at,
        'America/New_York',
        'Mon Jan _2 15:04:05.000000000 -07:00 2006',
      ]),
    ],
  ],
  'time.': [
    [...INSTANTS, ...ZONED],
    [...INSTANTS, ...ZONED],
  ],
  'semver.': [VERSIONS, VERSIONS],
  'units.': [UNITS],
  to_number: [
    [
      '1',
      '1.5',
      '-3',
      '1e3',
      '0x10',
      ' 1',
      '',
      '+1',
      '.5',
      '1.',
      '1_000',
      'Inf',
      'NaN',
      true,
      false,
      null,
      7,
      '00',
      '-0',
      '1e400',
      '０',
    ],
  ],
  'uri.': [URLS],
  'uuid.parse': [UUIDS],
  'base64.': [[...BASE64, ...TEXTS]],
  'base64url.': [[...BASE64, ...TEXTS]],
  'hex.': [[...HEX, ...TEXTS]],
  'urlquery.encode_object': [QUERY_OBJECTS],
  'urlquery.': [[...QUERIES, ...TEXTS]],
  'json.is_valid': [JSON_TEXTS],
  'json.unmarshal': [JSON_TEXTS],
  'json.patch': [DOCUMENTS, PATCHES],
  'json.filter': [DOCUMENTS, PATHS],
  'json.remove': [DOCUMENTS, PATHS],
  'json.verify_schema': [SCHEMAS],
  'json.match_schema': [[...DOCUMENTS, ...SCHEMA_DOCUMENTS], SCHEMAS],
  'json.marshal_with_options': [ANYTHING, MARSHAL_OPTIONS],
  'yaml.unmarshal': [YAML_TEXTS],
  'yaml.is_valid': [YAML_TEXTS],
  'graph.': [GRAPHS, STARTS],
  sprintf: [FORMATS, OPERANDS],
  'strings.render_template': [TEMPLATES, RENDERED],
  'strings.replace_n': [
    [{ a: 'b' }, { a: 'b', b: 'a' }, { '': 'x' }, {}, { ab: '1', a: '2' }, { é: 'e' }],
    TEXTS,
  ],
  'strings.split_n': [TEXTS, ['', '.', ' ', 'b', '/'], [-1, 0, 1, 2, 1.5]],
  substring: [TEXTS, [0, 1, -1, 2, 100, 1.5], [-1, 0, 1, 2, 100, -2]],
  'array.slice': [ARRAYS, [0, 1, -1, 2, 100, 1.5], [-1, 0, 1, 2, 100]],
  'numbers.range': [
    [0, 1, -1, 5, 1.5, 10],
    [0, 1, -1, 5, 2.5, 20],
  ],
  'numbers.range_step': [
    [0, 1, -1, 5],
    [0, 10, -5, 3],
    [1, 2, 0, -1, 1.5],
  ],
  'bits.': [
    [0, 1, 5, -7, 255, 1.5, 18_446_744_073_709_551_616n, -1],
    [0, 1, 3, -2, 64, 100, 2.5],
  ],
  format_int: [NUMBERS, [2, 8, 10, 16, 7, 36, 1.5]],
  'io.jwt.decode': [ALL_TOKENS],
  'io.jwt.decode_verify': [ALL_TOKENS, [...CONSTRAINTS, ...SIGNED.constraints]],
  'io.jwt.': [ALL_TOKENS, [...ALL_KEYS, ...SIGNED.keys]],
  'crypto.x509.parse_and_verify_certificates_with_options': [
    SIGNED.certificates,
    SIGNED.verifyOptions,
  ],
  'crypto.x509.parse_certificate_request': [[...SIGNED.requests, ...SIGNED.certificates]],
  'crypto.x509.parse_keypair': [SIGNED.certificates, [...SIGNED.privateKeys, SIGNED.leafKey]],
  'crypto.x509.parse_rsa_private_key': [SIGNED.privateKeys],
  'crypto.parse_private_keys': [
    [...SIGNED.privateKeys, SIGNED.leafKey, SIGNED.privateKeys.join('')],
  ],
  'crypto.x509.': [SIGNED.certificates],
  'crypto.hmac.': [TEXTS, TEXTS],
  'object.get': [OBJECTS, ['a', ['a'], ['a', 'b'], ['a', 0], [], 1, null], ANYTHING],
  'internal.template_string': [[]],
};
