/**
 * Builtins that OPA has and this engine refuses, each with what to write instead: those that make a decision depend on
 * something that is not recorded, those that sign, and those OPA itself has deprecated.
 */
import type { DiagnosticCode } from '../codes.ts';
import type { BuiltinSignature } from './signatures.ts';

export interface Refusal {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly help: string;
}

const REPLAY = 'a decision must give the same result when it is replayed';

const BY_NAME: ReadonlyMap<string, readonly [DiagnosticCode, string, string]> = new Map([
  [
    'http.send',
    [
      'refused/network',
      REPLAY,
      'fetch the document before the decision and give it as `input` or `data`',
    ],
  ],
  [
    'net.lookup_ip_addr',
    [
      'refused/network',
      REPLAY,
      'resolve the name before the decision and give the addresses as `input`',
    ],
  ],
  [
    'opa.runtime',
    ['refused/host-state', REPLAY, 'give what the policy needs of its surroundings as `data`'],
  ],
  ['rand.intn', ['refused/random', REPLAY, 'give a random number as part of `input`']],
  ['uuid.rfc4122', ['refused/random', REPLAY, 'give an identifier as part of `input`']],
  ['time.now_ns', ['refused/clock', REPLAY, 'read `input.context.now_ns`']],
  [
    'io.jwt.encode_sign',
    ['refused/signing', 'a policy holds no signing keys', 'sign outside the policy'],
  ],
  [
    'io.jwt.encode_sign_raw',
    ['refused/signing', 'a policy holds no signing keys', 'sign outside the policy'],
  ],
  [
    'providers.aws.sign_req',
    ['refused/signing', 'a policy holds no signing keys', 'sign the request outside the policy'],
  ],
  [
    'rego.parse_module',
    [
      'refused/parse-module',
      'policies do not parse policies here',
      'inspect policies with `sallyport lint`',
    ],
  ],
  ['all', ['refused/deprecated', 'it is deprecated', 'write `every x in xs { x }`']],
  ['any', ['refused/deprecated', 'it is deprecated', 'write `true in xs`']],
  ['re_match', ['refused/deprecated', 'it is deprecated', 'write `regex.match`']],
  ['set_diff', ['refused/deprecated', 'it is deprecated', 'write `a - b`']],
  ['net.cidr_overlap', ['refused/deprecated', 'it is deprecated', 'write `net.cidr_contains`']],
  [
    'cast_array',
    [
      'refused/deprecated',
      'it is deprecated',
      'test with `is_array`, convert with a comprehension',
    ],
  ],
  ['cast_boolean', ['refused/deprecated', 'it is deprecated', 'test with `is_boolean`']],
  ['cast_null', ['refused/deprecated', 'it is deprecated', 'test with `is_null`']],
  ['cast_object', ['refused/deprecated', 'it is deprecated', 'test with `is_object`']],
  [
    'cast_set',
    ['refused/deprecated', 'it is deprecated', 'test with `is_set`, convert with a comprehension'],
  ],
  ['cast_string', ['refused/deprecated', 'it is deprecated', 'test with `is_string`']],
]);

/** Names of the builtins that are refused one by one; beside them, all of `graphql.` and `rand.` are. */
export function refusedNames(): Iterable<string> {
  return BY_NAME.keys();
}

/** Why a builtin is refused; undefined when it is not. */
export function refusal(
  name: string,
  signature: BuiltinSignature | undefined,
): Refusal | undefined {
  const entry = BY_NAME.get(name);
  if (entry) return refuse(name, ...entry);
  if (name.startsWith('graphql.')) {
    return refuse(
      name,
      'refused/graphql',
      'GraphQL is not parsed here',
      'give the facts of the query as `input`',
    );
  }
  if (name.startsWith('rand.'))
    return refuse(name, 'refused/random', REPLAY, 'give a random number as part of `input`');
  if (signature?.deprecated) {
    return refuse(
      name,
      'refused/deprecated',
      'it is deprecated',
      'use the builtin that replaced it',
    );
  }
  return undefined;
}

function refuse(name: string, code: DiagnosticCode, why: string, help: string): Refusal {
  const message =
    code === 'refused/deprecated'
      ? `\`${name}\` is refused as in OPA 1.x: ${why}`
      : `\`${name}\`, which OPA supports, is refused here: ${why}`;
  return { code, message, help };
}
