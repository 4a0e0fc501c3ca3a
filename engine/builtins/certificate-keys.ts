/** Keys and signatures of certificates as Go's `crypto/x509` numbers and writes them. */
import type { KeyObject } from 'node:crypto';
import { fromInteger } from '../value/number.ts';
import { RegoObject } from '../value/object.ts';
import type { Value } from '../value/value.ts';
import { type DerValue, readDerMembers, readOid } from './der.ts';

const SIGNATURES: ReadonlyMap<string, number> = new Map([
  ['1.2.840.113549.1.1.4', 2],
  ['1.2.840.113549.1.1.5', 3],
  ['1.2.840.113549.1.1.11', 4],
  ['1.2.840.113549.1.1.12', 5],
  ['1.2.840.113549.1.1.13', 6],
  ['1.2.840.10040.4.3', 7],
  ['2.16.840.1.101.3.4.3.2', 8],
  ['1.2.840.10045.4.1', 9],
  ['1.2.840.10045.4.3.2', 10],
  ['1.2.840.10045.4.3.3', 11],
  ['1.2.840.10045.4.3.4', 12],
  ['1.3.101.112', 16],
]);
/** RSA-PSS names its hash among its parameters. */
const PSS = '1.2.840.113549.1.1.10';
const PSS_HASHES: readonly (readonly [oid: string, number: number])[] = [
  ['608648016503040201', 13],
  ['608648016503040202', 14],
  ['608648016503040203', 15],
];
const KEY_NUMBERS: ReadonlyMap<string, number> = new Map([
  ['rsa', 1],
  ['dsa', 2],
  ['ec', 3],
  ['ed25519', 4],
]);

/** Number of the algorithm of a signature; 0 for an unknown one. */
export function signatureNumber(algorithm: DerValue | undefined): number {
  const [id, parameters] = readDerMembers(algorithm?.contents ?? Buffer.alloc(0)) ?? [];
  if (id === undefined) return 0;
  const oid = readOid(id.contents);
  if (oid !== PSS) return SIGNATURES.get(oid) ?? 0;
  const hex = parameters?.contents.toString('hex') ?? '';
  return PSS_HASHES.find(([hash]) => hex.includes(hash))?.[1] ?? 0;
}

/** Number of the algorithm of a key. */
export function keyNumber(key: KeyObject): number {
  return KEY_NUMBERS.get(key.asymmetricKeyType ?? '') ?? 0;
}

const integer = (text = ''): Value =>
  fromInteger(BigInt(`0x${Buffer.from(text, 'base64url').toString('hex') || '0'}`));

/** A public key by the fields Go has for it. */
export function publicKeyValue(key: KeyObject): Value {
  const known = ['rsa', 'ec', 'ed25519'].includes(key.asymmetricKeyType ?? '');
  if (!known) return null;
  const { n, e, x, y } = key.export({ format: 'jwk' });
  if (n !== undefined && e !== undefined)
    return RegoObject.from([
      ['N', integer(n)],
      ['E', integer(e)],
    ]);
  if (x !== undefined && y !== undefined)
    return RegoObject.from([
      ['Curve', RegoObject.EMPTY],
      ['X', integer(x)],
      ['Y', integer(y)],
    ]);
  return Buffer.from(x ?? '', 'base64url').toString('base64');
}

/** A private key by the fields Go has for it. */
export function privateKeyValue(key: KeyObject): Value {
  const { n, e, d = '', p, q, dp, dq, qi, x = '', y } = key.export({ format: 'jwk' });
  if (n !== undefined) {
    return RegoObject.from([
      ['N', integer(n)],
      ['E', integer(e)],
      ['D', integer(d)],
      ['Primes', [integer(p), integer(q)]],
      [
        'Precomputed',
        RegoObject.from([
          ['Dp', integer(dp)],
          ['Dq', integer(dq)],
          ['Qinv', integer(qi)],
          ['CRTValues', []],
        ]),
      ],
    ]);
  }
  if (y === undefined)
    return Buffer.concat([d, x].map((part) => Buffer.from(part, 'base64url'))).toString('base64');
  return RegoObject.from([
    ['Curve', RegoObject.EMPTY],
    ['D', integer(d)],
    ['X', integer(x)],
    ['Y', integer(y)],
  ]);
}
