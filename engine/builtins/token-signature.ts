/** Whether a JWS signature is right: RFC 7518 algorithms on node:crypto. The algorithm must fit the kind of key. */
import { constants, createHmac, type KeyObject, timingSafeEqual, verify } from 'node:crypto';

export type SigningAlgorithm = `${'RS' | 'PS' | 'ES' | 'HS'}${256 | 384 | 512}` | 'EdDSA';

const CURVES: ReadonlySet<string> = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

/** True when `signature` is that of `message`; false for every mismatch, an unknown algorithm and a key of another kind. */
export function isSignedBy(
  key: KeyObject | Buffer,
  algorithm: string,
  message: Buffer,
  signature: Buffer,
): boolean {
  const match = /^([RPEH]S)(256|384|512)$/.exec(algorithm);
  if (match === null) {
    return (
      algorithm === 'EdDSA' && isAsymmetric(key, 'ed25519') && verify(null, message, key, signature)
    );
  }
  const hash = `sha${match[2]}`;
  switch (match[1]) {
    case 'HS':
      return Buffer.isBuffer(key) && isHmac(key, hash, message, signature);
    case 'ES':
      return isAsymmetric(key, 'ec') && isEcdsa(key, hash, message, signature);
    default: {
      if (!isAsymmetric(key, 'rsa')) return false;
      const isPss = match[1] === 'PS';
      const padding = isPss ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
      const salt = isPss ? { saltLength: constants.RSA_PSS_SALTLEN_AUTO } : {};
      return verify(hash, message, { key, padding, ...salt }, signature);
    }
  }
}

function isAsymmetric(key: KeyObject | Buffer, type: 'rsa' | 'ec' | 'ed25519'): key is KeyObject {
  return !Buffer.isBuffer(key) && key.asymmetricKeyType === type;
}

function isHmac(key: Buffer, hash: string, message: Buffer, signature: Buffer): boolean {
  const expected = createHmac(hash, key).update(message).digest();
  return expected.length === signature.length && timingSafeEqual(expected, signature);
}

function isEcdsa(key: KeyObject, hash: string, message: Buffer, signature: Buffer): boolean {
  if (!CURVES.has(key.asymmetricKeyDetails?.namedCurve ?? '')) return false;
  return verify(hash, message, { key, dsaEncoding: 'ieee-p1363' }, signature);
}
