/**
 * What each builtin does, in a sentence or two, for people who read or write a call of it in an editor. The words name the parameters as
 * the signatures do. A builtin without a description does not compile.
 */
import type { BuiltinName } from './signatures.ts';

/** Builtins that are called by their names in a policy. */
export type DescribedBuiltin = Exclude<BuiltinName, `internal.${string}`>;

const REFUSED = 'It is refused here, because a decision made again must come out the same.';

const DESCRIPTIONS = {
  abs: 'The number without its sign.',
  and: 'What two sets have in common; the operator `&`.',
  'array.concat': 'The elements of `x`, then those of `y`.',
  'array.flatten': 'The elements, with those of arrays in it put in their places, one level deep.',
  'array.reverse': 'The elements from last to first.',
  'array.slice': 'The elements from index `start` up to, and without, index `stop`.',
  assign: 'Binds a new variable; the operator `:=`.',
  'base64.decode': 'The text a Base64 text stands for.',
  'base64.encode': 'The text in Base64.',
  'base64.is_valid': 'Whether a text is Base64.',
  'base64url.decode': 'The text a Base64url text stands for, padded or not.',
  'base64url.encode': 'The text in Base64url, padded.',
  'base64url.encode_no_pad': 'The text in Base64url without padding, as tokens have it.',
  'bits.and': 'The bits that are set in both whole numbers.',
  'bits.lsh': 'The bits of `x` moved left by `s`.',
  'bits.negate': 'Every bit of the whole number turned over.',
  'bits.or': 'The bits that are set in one of two whole numbers.',
  'bits.rsh': 'The bits of `x` moved right by `s`.',
  'bits.xor': 'The bits that are set in exactly one of two whole numbers.',
  ceil: 'The least whole number that is not below `x`.',
  concat: 'The texts of a collection as one, `delimiter` between them. The delimiter comes first.',
  contains: 'Whether `needle` stands anywhere in `haystack`.',
  count: 'How many elements a collection has, or how many characters a text.',
  'crypto.hmac.equal': 'Whether two authentication codes are equal, in a time that tells nothing.',
  'crypto.hmac.md5':
    'The HMAC of `x` by MD5 with `key`, in hex. MD5 is broken; for old systems only.',
  'crypto.hmac.sha1': 'The HMAC of `x` by SHA-1 with `key`, in hex.',
  'crypto.hmac.sha256': 'The HMAC of `x` by SHA-256 with `key`, in hex.',
  'crypto.hmac.sha512': 'The HMAC of `x` by SHA-512 with `key`, in hex.',
  'crypto.md5': 'The MD5 of a text, in hex. MD5 is broken; for old systems only.',
  'crypto.parse_private_keys':
    'The private keys of a PEM text, each as an object in the form of a JWK.',
  'crypto.sha1': 'The SHA-1 of a text, in hex. It does not hold against attackers any more.',
  'crypto.sha256': 'The SHA-256 of a text, in hex.',
  'crypto.x509.parse_and_verify_certificates':
    'Whether the certificates, from the root to the leaf, form a chain that is valid now; and the chain, from the leaf, where it is.',
  'crypto.x509.parse_and_verify_certificates_with_options':
    'The same as `crypto.x509.parse_and_verify_certificates`, with a name, a time or uses of the key to verify against.',
  'crypto.x509.parse_certificate_request': 'The parts of a request for a certificate (PKCS #10).',
  'crypto.x509.parse_certificates': 'The parts of each certificate of a PEM or Base64 text.',
  'crypto.x509.parse_keypair': 'The parts of a certificate with its private key.',
  'crypto.x509.parse_rsa_private_key': 'The RSA private key of a PEM text, as a JWK.',
  div: 'One number divided by another; the operator `/`. Nothing where `y` is 0.',
  endswith: 'Whether `search` ends with `base`. The longer text comes first.',
  eq: 'Makes both sides equal, binding variables where that is needed; the operator `=`.',
  equal: 'Whether two values are equal; the operator `==`.',
  floor: 'The greatest whole number that is not above `x`.',
  format_int: 'The whole part of a number as a text, in base 2, 8, 10 or 16.',
  'glob.match':
    'Whether `match` fits a pattern with `*`, `**`, `?`, `[a-z]` and `{a,b}`. `*` stops at a delimiter, `**` does not; `[]` means the delimiter `.`, `null` none.',
  'glob.quote_meta': 'The text as a pattern that fits that text alone.',
  'graph.reachable':
    'Every node that can be reached from `initial`; `graph` tells of each node its neighbours.',
  'graph.reachable_paths': 'Every path from `initial` to a node from which no new one is reached.',
  'graphql.is_valid': `Whether a GraphQL query fits a schema. ${REFUSED}`,
  'graphql.parse': `The syntax trees of a GraphQL query and a schema. ${REFUSED}`,
  'graphql.parse_and_verify': `The same, and whether the query fits the schema. ${REFUSED}`,
  'graphql.parse_query': `The syntax tree of a GraphQL query. ${REFUSED}`,
  'graphql.parse_schema': `The syntax tree of a GraphQL schema. ${REFUSED}`,
  'graphql.schema_is_valid': `Whether a GraphQL schema is valid. ${REFUSED}`,
  gt: 'Whether `x` is greater than `y`; the operator `>`.',
  gte: 'Whether `x` is `y` or greater; the operator `>=`.',
  'hex.decode': 'The text a hexadecimal text stands for.',
  'hex.encode': 'The bytes of a text in hex.',
  'http.send': `The answer to an HTTP request. ${REFUSED}`,
  indexof:
    'The index at which `needle` first stands in `haystack`, counted in characters; -1 where it does not.',
  indexof_n: 'Every index at which `needle` stands in `haystack`.',
  intersection: 'What all sets of a set have in common.',
  'io.jwt.decode':
    'Header, payload and signature of a JSON Web Token. Nothing is verified: never trust what it says by this alone.',
  'io.jwt.decode_verify':
    'Whether a JSON Web Token holds by `constraints` (`cert` or `secret`, `alg`, `iss`, `aud`, `time`), with its header and payload where it does.',
  'io.jwt.encode_sign': `Makes and signs a JSON Web Token. ${REFUSED}`,
  'io.jwt.encode_sign_raw': `Makes and signs a JSON Web Token of texts. ${REFUSED}`,
  'io.jwt.verify_eddsa':
    'Whether the EdDSA signature of a token is by the key of `certificate` (PEM, or a JWK set).',
  'io.jwt.verify_es256':
    'Whether the ES256 signature of a token is by the key of `certificate` (PEM, or a JWK set).',
  'io.jwt.verify_es384':
    'Whether the ES384 signature of a token is by the key of `certificate` (PEM, or a JWK set).',
  'io.jwt.verify_es512':
    'Whether the ES512 signature of a token is by the key of `certificate` (PEM, or a JWK set).',
  'io.jwt.verify_hs256': 'Whether the HS256 signature of a token is by `secret`.',
  'io.jwt.verify_hs384': 'Whether the HS384 signature of a token is by `secret`.',
  'io.jwt.verify_hs512': 'Whether the HS512 signature of a token is by `secret`.',
  'io.jwt.verify_ps256':
    'Whether the PS256 signature of a token is by the key of `certificate` (PEM, or a JWK set).',
  'io.jwt.verify_ps384':
    'Whether the PS384 signature of a token is by the key of `certificate` (PEM, or a JWK set).',
  'io.jwt.verify_ps512':
    'Whether the PS512 signature of a token is by the key of `certificate` (PEM, or a JWK set).',
  'io.jwt.verify_rs256':
    'Whether the RS256 signature of a token is by the key of `certificate` (PEM, or a JWK set).',
  'io.jwt.verify_rs384':
    'Whether the RS384 signature of a token is by the key of `certificate` (PEM, or a JWK set).',
  'io.jwt.verify_rs512':
    'Whether the RS512 signature of a token is by the key of `certificate` (PEM, or a JWK set).',
  is_array: 'Whether the value is an array.',
  is_boolean: 'Whether the value is a boolean.',
  is_null: 'Whether the value is `null`.',
  is_number: 'Whether the value is a number.',
  is_object: 'Whether the value is an object.',
  is_set: 'Whether the value is a set.',
  is_string: 'Whether the value is a string.',
  'json.filter': 'Only what lies at the paths: texts such as `a/b`, or arrays of keys.',
  'json.is_valid': 'Whether a text is JSON.',
  'json.marshal': 'The value as JSON; sets become arrays.',
  'json.marshal_with_options': 'The value as JSON, with an indent and a prefix for each line.',
  'json.match_schema':
    'Whether a document fits a JSON Schema, and what is wrong where it does not.',
  'json.patch': 'The value after the operations of a JSON Patch (RFC 6902), in their order.',
  'json.remove':
    'The object without what lies at the paths: texts such as `a/b`, or arrays of keys.',
  'json.unmarshal': 'The value a JSON text stands for.',
  'json.verify_schema': 'Whether a document is a JSON Schema, and what is wrong where it is not.',
  lower: 'The text in lower case.',
  lt: 'Whether `x` is less than `y`; the operator `<`.',
  lte: 'Whether `x` is `y` or less; the operator `<=`.',
  max: 'The greatest element; nothing for an empty collection.',
  min: 'The least element; nothing for an empty collection.',
  minus: 'One number less another, or a set without the elements of another; the operator `-`.',
  mul: 'Two numbers multiplied; the operator `*`.',
  neq: 'Whether two values differ; the operator `!=`.',
  'net.cidr_contains':
    'Whether an address, or a whole network, lies in the network `cidr`. The network comes first.',
  'net.cidr_contains_matches':
    'The pairs of keys of `cidrs` and `cidrs_or_ips` where the first holds the second.',
  'net.cidr_expand': 'Every address of a network. A large network is a large set.',
  'net.cidr_intersects': 'Whether two networks share an address.',
  'net.cidr_is_valid': 'Whether a text is a network, such as `10.0.0.0/8`.',
  'net.cidr_merge': 'The fewest networks that hold the same addresses.',
  'net.lookup_ip_addr': `The addresses of a name, by DNS. ${REFUSED}`,
  'numbers.range': 'The whole numbers from `a` to `b`, both among them, up or down.',
  'numbers.range_step': 'The same in steps of `step`.',
  'object.filter': 'The object with only the given keys.',
  'object.get':
    'What stands at `key`, or at the path an array gives; `default` where nothing does.',
  'object.keys': 'The keys of an object as a set.',
  'object.remove': 'The object without the given keys.',
  'object.subset':
    'Whether `super` has all of `sub`: its keys with values that do too, its elements, or, of arrays, the same run of elements.',
  'object.union':
    'Both objects as one; where both have a key `b` wins, and objects are joined all the way down.',
  'object.union_n': 'All objects as one; a later one wins.',
  'opa.runtime': `How the process was started. ${REFUSED}`,
  or: 'The elements of both sets; the operator `|`.',
  plus: 'The sum of two numbers; the operator `+`.',
  print:
    'Prints values while tests and `sallyport eval` run. It decides nothing and is always true.',
  product: 'The product of all numbers; 1 for none.',
  'providers.aws.sign_req': `Signs a request to AWS. ${REFUSED}`,
  'rand.intn': `A random whole number. ${REFUSED}`,
  'regex.find_all_string_submatch_n':
    'At most `number` matches of a pattern, each with its groups; -1 means all.',
  'regex.find_n': 'At most `number` matches of a pattern; -1 means all.',
  'regex.globs_match': 'Whether some text fits both patterns.',
  'regex.is_valid': 'Whether a text is a pattern (RE2).',
  'regex.match':
    'Whether a pattern (RE2) matches anywhere in a text; `^` and `$` bind it to the ends.',
  'regex.replace': 'The text with every match of a pattern replaced; `$1` is the first group.',
  'regex.split': 'The parts of a text between the matches of a pattern.',
  'regex.template_match':
    'Whether a text fits a template with patterns between delimiters, such as `urn:{.*}`.',
  'rego.metadata.chain':
    'The METADATA of this rule, then of its package and those above, with their paths.',
  'rego.metadata.rule': 'The METADATA of this rule.',
  'rego.parse_module': `The syntax tree of a policy. ${REFUSED}`,
  rem: 'What is left when `x` is divided by `y`; the operator `%`.',
  replace: 'The text with every `old` replaced by `new`.',
  round: 'The nearest whole number; halves go away from zero.',
  'semver.compare':
    '-1, 0 or 1 as version `a` is before, equal to or after `b` (Semantic Versioning).',
  'semver.is_valid': 'Whether a value is a version of Semantic Versioning.',
  sort: 'The elements in order, as an array.',
  split: 'The parts of a text between the places of `delimiter`.',
  sprintf: 'The values written into `format`: `%s` texts, `%d` whole numbers, `%v` anything.',
  startswith: 'Whether `search` begins with `base`. The longer text comes first.',
  'strings.any_prefix_match': 'Whether one of the texts of `search` begins with one of `base`.',
  'strings.any_suffix_match': 'Whether one of the texts of `search` ends with one of `base`.',
  'strings.count': 'How often `substring` stands in `search`, without overlaps.',
  'strings.render_template': 'A template of Go (`{{.name}}`) filled in with `vars`.',
  'strings.replace_n': 'The text with every key of `patterns` replaced by its value.',
  'strings.reverse': 'The characters from last to first.',
  'strings.split_n': 'At most `n` parts of a text between the places of `delimiter`.',
  substring:
    'The `length` characters from index `offset` on; a negative length means all the rest.',
  sum: 'The sum of all numbers; 0 for none.',
  'time.add_date': 'The time so many years, months and days later, in nanoseconds.',
  'time.clock':
    'Hour, minute and second of a time: nanoseconds for UTC, or `[ns, "Europe/Paris"]`.',
  'time.date': 'Year, month and day of a time: nanoseconds for UTC, or `[ns, "Europe/Paris"]`.',
  'time.diff': 'Years, months, days, hours, minutes and seconds between two times.',
  'time.format': 'A time as a text, by RFC 3339 or by a layout of Go: `[ns, zone, layout]`.',
  'time.now_ns':
    'The time in nanoseconds since 1970. It is refused here: read `input.context.now_ns`.',
  'time.parse_duration_ns': 'The nanoseconds of a duration such as `1h30m`.',
  'time.parse_ns': 'The nanoseconds of a time written in a layout of Go.',
  'time.parse_rfc3339_ns': 'The nanoseconds of a time such as `2026-01-31T12:00:00Z`.',
  'time.weekday':
    'The day of the week of a time, such as `Monday`: nanoseconds for UTC, or `[ns, zone]`.',
  to_number: 'The number a text writes; 1 and 0 for `true` and `false`, 0 for `null`.',
  trace: 'Notes a text in an explanation. It decides nothing and is always true.',
  trim: 'The text without the characters of `cutset` at both ends.',
  trim_left: 'The text without the characters of `cutset` at its beginning.',
  trim_prefix: 'The text without `prefix`, where it begins with that.',
  trim_right: 'The text without the characters of `cutset` at its end.',
  trim_space: 'The text without white space at both ends.',
  trim_suffix: 'The text without `suffix`, where it ends with that.',
  type_name:
    'The type of a value: `null`, `boolean`, `number`, `string`, `array`, `object` or `set`.',
  union: 'The elements of all sets of a set.',
  'units.parse':
    'The number a text such as `10K` or `100m` stands for; `m` is a thousandth, `M` a million.',
  'units.parse_bytes': 'The bytes a text such as `10KB` (thousands) or `10KiB` (1024s) stands for.',
  upper: 'The text in upper case.',
  'uri.is_valid': 'Whether a text is a URI.',
  'uri.parse':
    'The parts of a URI: `scheme`, `hostname`, `port`, `path`, `raw_query` and the like.',
  'urlquery.decode': 'The text a part of a query of a URL stands for.',
  'urlquery.decode_object': 'The names of a query of a URL, each with its values.',
  'urlquery.encode': 'The text as a part of a query of a URL.',
  'urlquery.encode_object': 'The object as a query of a URL.',
  'uuid.parse': 'The parts of a UUID: its version, its variant, its time where it holds one.',
  'uuid.rfc4122': `A random UUID. ${REFUSED}`,
  walk: 'Every value inside `x`, itself first, as `[path, value]`: `walk(x, [path, value])`.',
  'yaml.is_valid': 'Whether a text is YAML.',
  'yaml.marshal': 'The value as YAML.',
  'yaml.unmarshal': 'The value a YAML text stands for.',
} as const satisfies Readonly<Record<DescribedBuiltin, string>>;

/** What a builtin does; undefined for what is none of the engine's own. */
export function describeBuiltin(name: string): string | undefined {
  return isDescribed(name) ? DESCRIPTIONS[name] : undefined;
}

function isDescribed(name: string): name is DescribedBuiltin {
  return Object.hasOwn(DESCRIPTIONS, name);
}
