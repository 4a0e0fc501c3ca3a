/**
 * Public keys to verify with: from a PEM certificate, a PEM public key, a JWK or a JWK set. Never reads files and never fetches.
 * OPA topdown/tokens.go; RFC 7517.
 */
import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { isArray, isObject } from '../value/compare.ts';
import { type BuiltinFault, builtinError, isFault } from '../value/fault.ts';
import { readJson } from '../value/json.ts';
import type { RegoObject } from '../value/object.ts';
import { toPlain } from '../value/plain.ts';
import type { Value } from '../value/value.ts';

export interface VerificationKey {
  /** Empty where the key names none. */
  readonly algorithm: string;
  readonly id: string;
  readonly key: KeyObject | Buffer;
}

const PEM = /-----BEGIN ([A-Z0-9 ]+)-----\r?\n([\s\S]*?)-----END \1-----\r?\n?/;
/** Members that are numbers or bytes; the encoding may be that of URLs or the other. */
const NUMBERS = ['n', 'e', 'x', 'y', 'k'] as const;
const BASE64 = /^[\w+/-]*={0,2}$/;
const ALGORITHMS = /^(?:[REPH]S(?:256|384|512)|EdDSA)$/;

/** The keys of a text, in its order. */
export function readVerificationKeys(source: string): readonly VerificationKey[] | BuiltinFault {
  const block = PEM.exec(source);
  const body = block?.[2]?.replace(/[ \t\r\n]/g, '') ?? '';
  return block === null || !isBase64(body) ? readKeySet(source) : readPem(source, block);
}

/** Without what is left out at its end; one character alone holds no byte. */
function isBase64(text: string): boolean {
  return BASE64.test(text) && text.replace(/=+$/, '').length % 4 !== 1;
}

function readPem(source: string, block: RegExpExecArray): VerificationKey[] | BuiltinFault {
  if (block.index + block[0].length < source.length) {
    return builtinError('extra data after a PEM certificate block');
  }
  const kind = block[1] ?? '';
  const isCertificate = kind === 'CERTIFICATE';
  if (!isCertificate && kind !== 'PUBLIC KEY') {
    return builtinError('failed to extract a Key from the PEM certificate');
  }
  try {
    const key = isCertificate ? new X509Certificate(block[0]).publicKey : createPublicKey(block[0]);
    return [{ algorithm: '', id: '', key }];
  } catch (error) {
    // Malformed DER is the text's fault; node reports it only by throwing.
    const reason = error instanceof Error ? error.message : String(error);
    return builtinError(
      `failed to parse a PEM ${isCertificate ? 'certificate' : 'public key'}: ${reason}`,
    );
  }
}

function readKeySet(source: string): VerificationKey[] | BuiltinFault {
  const invalid = (reason: string): BuiltinFault =>
    builtinError(`failed to parse a JWK key (set): ${reason}`);
  const reading = readJson(source);
  if (!reading.ok) return invalid(reading.message);
  if (!isObject(reading.value)) return invalid('not an object');
  const listed = reading.value.get('keys');
  const members: readonly Value[] = isArray(listed) ? listed : [reading.value];
  const keys: VerificationKey[] = [];
  for (const member of members) {
    if (!isObject(member)) return invalid('a key is not an object');
    const key = readJwk(member);
    if (isFault(key)) return invalid(key.message);
    if (key.algorithm === '' || ALGORITHMS.test(key.algorithm)) keys.push(key);
  }
  return keys;
}

function readJwk(member: RegoObject): VerificationKey | BuiltinFault {
  const textOf = (name: string): string => {
    const value = member.get(name);
    return typeof value === 'string' ? value : '';
  };
  const malformed = NUMBERS.find((name) => !isBase64(textOf(name)));
  if (malformed !== undefined) return builtinError(`failed to decode \`${malformed}\``);
  const names = { algorithm: textOf('alg'), id: textOf('kid') };
  if (textOf('kty') === 'oct') return { ...names, key: Buffer.from(textOf('k'), 'base64url') };
  const plain = toPlain(member);
  if (plain === null || typeof plain !== 'object' || Array.isArray(plain)) {
    return builtinError('not an object');
  }
  try {
    return { ...names, key: createPublicKey({ key: plain, format: 'jwk' }) };
  } catch (error) {
    // As above: a malformed key is reported by throwing.
    return builtinError(error instanceof Error ? error.message : String(error));
  }
}
