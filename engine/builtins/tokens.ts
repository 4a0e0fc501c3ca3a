/**
 * `io.jwt.decode`, `io.jwt.verify_*`, `io.jwt.decode_verify`. OPA topdown/tokens.go; RFC 7515, 7519. Signing is refused: a decision
 * makes no credentials. Time is the decision's own unless a constraint gives it.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { bytesOf, textOf } from '../value/bytes.ts';
import { isArray, isObject } from '../value/compare.ts';
import { type BuiltinFault, builtinError, isFault } from '../value/fault.ts';
import { readJson } from '../value/json.ts';
import { compareNumbers, isNumber, parseNumber, toDouble } from '../value/number.ts';
import { RegoObject } from '../value/object.ts';
import type { RegoNumber, Value } from '../value/value.ts';
import type { BuiltinContext, BuiltinFunction } from './context.ts';
import { decodeBase64Url } from './encodings.ts';
import { formatFloat } from './go-float.ts';
import { builtin, object, text } from './operand.ts';
import { isSignedBy } from './token-signature.ts';
import { readVerificationKeys, type VerificationKey } from './verification-keys.ts';

/** Tokens inside tokens that are followed. */
export const MAX_TOKEN_NESTING = 8;

interface Token {
  readonly header: RegoObject;
  readonly signedText: string;
  readonly payload: string;
  readonly signature: string;
}

const failure = (what: string, fault: BuiltinFault): BuiltinFault =>
  builtinError(`${what}: ${fault.message}`);

function splitToken(source: string): readonly [string, string, string] | BuiltinFault {
  if (!source.includes('.')) return builtinError('encoded JWT had no period separators');
  const parts = source.split('.');
  const [header = '', payload = '', signature = ''] = parts;
  if (parts.length === 3) return [header, payload, signature];
  return builtinError(`encoded JWT must have 3 sections, found ${parts.length}`);
}

function readToken(source: string): Token | BuiltinFault {
  const parts = splitToken(source);
  if (isFault(parts)) return parts;
  const [encodedHeader, payload, signature] = parts;
  const decoded = decodeBase64Url(encodedHeader);
  if (isFault(decoded)) return failure('JWT header had invalid encoding', decoded);
  const header = readObject(textOf(decoded));
  if (isFault(header)) return failure('bad JWT header', header);
  if (header.has('enc')) return builtinError('JWT is a JWE object, which is not supported');
  return { header, signedText: `${encodedHeader}.${payload}`, payload, signature };
}

function readObject(source: string): RegoObject | BuiltinFault {
  const reading = readJson(source);
  if (!reading.ok) return builtinError(`invalid JSON: ${reading.message}`);
  return isObject(reading.value)
    ? reading.value
    : builtinError('decoded JSON type was not an Object');
}

function readPayload(token: Token): string | BuiltinFault {
  const decoded = decodeBase64Url(token.payload);
  if (isFault(decoded)) return failure('JWT payload had invalid encoding', decoded);
  return textOf(decoded);
}

function decode(source: string, depth = 0): Value | BuiltinFault {
  const token = readToken(source);
  if (isFault(token)) return token;
  const payload = readPayload(token);
  if (isFault(payload)) return payload;
  if (token.header.get('cty') === 'JWT' && depth < MAX_TOKEN_NESTING) {
    return decode(payload.replace(/^["']+|["']+$/g, ''), depth + 1);
  }
  const claims = readObject(payload);
  if (isFault(claims)) return claims;
  const signature = decodeBase64Url(token.signature);
  if (isFault(signature)) return failure('JWT signature had invalid encoding', signature);
  return [token.header, claims, signature.toString('hex')];
}

/** A header member that must be a string if it is there. */
function headerText(header: RegoObject, name: string): string | BuiltinFault {
  const value = header.get(name);
  if (value === undefined) return '';
  return typeof value === 'string' ? value : builtinError(`${name}: must be a string`);
}

/** The key the token names, else every key whose algorithm fits. */
function candidates(
  keys: readonly VerificationKey[],
  id: string,
  algorithm: string,
): readonly VerificationKey[] {
  const named = id === '' ? undefined : keys.find((key) => key.id === id);
  if (named !== undefined) return [named];
  return keys.filter((key) => key.algorithm === '' || key.algorithm === algorithm);
}

const verifyAsymmetric = (algorithm: string): BuiltinFunction =>
  builtin([text, text], (_ctx, source, certificate) => {
    const parts = splitToken(source);
    if (isFault(parts)) return parts;
    const keys = readVerificationKeys(certificate);
    if (isFault(keys)) return keys;
    const signature = decodeBase64Url(parts[2]);
    if (isFault(signature)) return signature;
    const token = readToken(source);
    if (isFault(token)) return token;
    const id = headerText(token.header, 'kid');
    if (isFault(id)) return id;
    const claimed = headerText(token.header, 'alg');
    if (isFault(claimed)) return claimed;
    const message = bytesOf(token.signedText);
    return candidates(keys, id, claimed).some((key) =>
      isSignedBy(key.key, algorithm, message, signature),
    );
  });

const verifySecret = (hash: string): BuiltinFunction =>
  builtin([text, text], (_ctx, source, secret) => {
    const parts = splitToken(source);
    if (isFault(parts)) return parts;
    const signature = decodeBase64Url(parts[2]);
    if (isFault(signature)) return signature;
    const expected = createHmac(hash, bytesOf(secret))
      .update(bytesOf(`${parts[0]}.${parts[1]}`))
      .digest();
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  });

interface Constraints {
  keys: readonly VerificationKey[] | undefined;
  secret: string;
  alg: string;
  iss: string;
  aud: string;
  /** Nanoseconds since 1970. */
  time: number;
}

function readConstraints(ctx: BuiltinContext, source: RegoObject): Constraints | BuiltinFault {
  const constraints: Constraints = {
    keys: undefined,
    secret: '',
    alg: '',
    iss: '',
    aud: '',
    time: -1,
  };
  for (const [name, value] of source) {
    const fault = readConstraint(constraints, name, value);
    if (fault !== undefined) return fault;
  }
  if (constraints.keys !== undefined && constraints.secret !== '') {
    return builtinError('duplicate key constraints');
  }
  if (constraints.keys === undefined && constraints.secret === '') {
    return builtinError('no key constraint');
  }
  if (constraints.time >= 0) return constraints;
  if (ctx.nowNs === undefined) return builtinError('the host gave no time of the decision');
  return { ...constraints, time: Number(ctx.nowNs) };
}

function readConstraint(
  constraints: Constraints,
  name: Value,
  value: Value,
): BuiltinFault | undefined {
  if (name === 'time') {
    if (!isNumber(value)) return builtinError('token time constraint: must be a number');
    constraints.time = toDouble(value);
    return constraints.time < 0
      ? builtinError('token time constraint: must not be negative')
      : undefined;
  }
  if (name !== 'cert' && name !== 'secret' && name !== 'alg' && name !== 'iss' && name !== 'aud') {
    return builtinError(`unknown token validation constraint: ${String(name)}`);
  }
  if (typeof value !== 'string') return builtinError(`${name} constraint: must be a string`);
  if (name !== 'cert') {
    constraints[name] = value;
    return undefined;
  }
  const keys = readVerificationKeys(value);
  if (isFault(keys)) return keys;
  constraints.keys = keys;
  return undefined;
}

/** A critical header that is not understood, or no algorithm at all, makes a token invalid (RFC 7515, 4.1.11). */
function isUsableHeader(header: RegoObject, algorithm: string): boolean | BuiltinFault {
  const crit = header.get('crit');
  if (crit !== undefined && !isArray(crit)) return builtinError('crit: must be a list');
  if (crit !== undefined && crit.length === 0) return builtinError('crit: must be a nonempty list');
  const known = new Set<Value>(['alg', 'kid', 'typ', 'cty', 'crit']);
  const unknown = (crit ?? []).some((name) => !known.has(name) && header.has(name));
  return algorithm !== '' && !unknown;
}

/** The innermost token once every signature on the way holds; `undefined` when one does not. */
function openToken(
  source: string,
  constraints: Constraints,
  depth = 0,
): { readonly token: Token; readonly payload: string } | undefined | BuiltinFault {
  const token = readToken(source);
  if (isFault(token)) return token;
  const [algorithm, id, type] = ['alg', 'kid', 'cty'].map((name) => headerText(token.header, name));
  if (isFault(algorithm)) return algorithm;
  if (isFault(id)) return id;
  if (isFault(type)) return type;
  const isUsable = isUsableHeader(token.header, algorithm ?? '');
  if (isFault(isUsable)) return isUsable;
  if (!isUsable || (constraints.alg !== '' && constraints.alg !== algorithm)) return undefined;
  const signature = decodeBase64Url(token.signature);
  if (isFault(signature)) return signature;
  const keys = constraints.keys ?? [{ algorithm: '', id: '', key: bytesOf(constraints.secret) }];
  const message = bytesOf(token.signedText);
  const isSigned = candidates(keys, id ?? '', algorithm ?? '').some((key) =>
    isSignedBy(key.key, algorithm ?? '', message, signature),
  );
  if (!isSigned) return undefined;
  const payload = readPayload(token);
  if (isFault(payload)) return payload;
  if (type?.toUpperCase() !== 'JWT') return { token, payload };
  return depth < MAX_TOKEN_NESTING
    ? openToken(payload, constraints, depth + 1)
    : builtinError(`token exceeds the limit of ${MAX_TOKEN_NESTING} nested tokens`);
}

function meetsClaims(claims: RegoObject, constraints: Constraints): boolean | BuiltinFault {
  if (constraints.iss !== '' && claims.get('iss') !== constraints.iss) return false;
  const audience = claims.get('aud');
  if (audience === undefined ? constraints.aud !== '' : !isFor(audience, constraints.aud))
    return false;
  const now: RegoNumber = parseNumber(formatFloat(constraints.time / 1_000_000_000, 'g', -1)) ?? 0;
  const expires = claims.get('exp');
  if (expires !== undefined) {
    if (!isNumber(expires)) return builtinError('exp value must be a number');
    if (compareNumbers(now, expires) >= 0) return false;
  }
  const starts = claims.get('nbf');
  if (starts !== undefined) {
    if (!isNumber(starts)) return builtinError('nbf value must be a number');
    if (compareNumbers(now, starts) < 0) return false;
  }
  return true;
}

const isFor = (audience: Value, wanted: string): boolean =>
  isArray(audience) ? audience.includes(wanted) : audience === wanted;

export const TOKENS = {
  'io.jwt.decode': builtin([text], (_ctx, source) => decode(source)),
  'io.jwt.verify_rs256': verifyAsymmetric('RS256'),
  'io.jwt.verify_rs384': verifyAsymmetric('RS384'),
  'io.jwt.verify_rs512': verifyAsymmetric('RS512'),
  'io.jwt.verify_ps256': verifyAsymmetric('PS256'),
  'io.jwt.verify_ps384': verifyAsymmetric('PS384'),
  'io.jwt.verify_ps512': verifyAsymmetric('PS512'),
  'io.jwt.verify_es256': verifyAsymmetric('ES256'),
  'io.jwt.verify_es384': verifyAsymmetric('ES384'),
  'io.jwt.verify_es512': verifyAsymmetric('ES512'),
  'io.jwt.verify_eddsa': verifyAsymmetric('EdDSA'),
  'io.jwt.verify_hs256': verifySecret('sha256'),
  'io.jwt.verify_hs384': verifySecret('sha384'),
  'io.jwt.verify_hs512': verifySecret('sha512'),
  'io.jwt.decode_verify': builtin([text, object], (ctx, source, raw) => {
    const unverified = [false, RegoObject.EMPTY, RegoObject.EMPTY];
    const constraints = readConstraints(ctx, raw);
    if (isFault(constraints)) return constraints;
    const opened = openToken(source, constraints);
    if (isFault(opened)) return opened;
    if (opened === undefined) return unverified;
    const claims = readObject(opened.payload);
    if (isFault(claims)) return claims;
    const isMet = meetsClaims(claims, constraints);
    if (isFault(isMet)) return isMet;
    return isMet ? [true, opened.token.header, claims] : unverified;
  }),
} satisfies Readonly<Record<string, BuiltinFunction>>;
