/**
 * Identities, a key and a way of signing whatever one likes, for the tests of tokens.
 */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createRegistry } from '../../../control/identity/registry.ts';
import type { SigningKey } from '../../../control/identity/signing-key.ts';

export const issuer = {
  issuer: 'sallyport',
  audience: 'sallyport',
  lifetimeMs: 3_600_000,
  maxLifetimeMs: 86_400_000,
} as const;

export const maria = {
  sub: 'maria',
  name: 'Maria',
  email: 'maria@example.com',
  kind: 'human',
  groups: ['engineers'],
} as const;

const base = { email: undefined, groups: [], owner: undefined, actsFor: [] } as const;

export const registry = createRegistry([
  {
    ...base,
    subject: 'maria',
    name: 'Maria',
    email: 'maria@example.com',
    kind: 'human',
    groups: ['engineers'],
  },
  { ...base, subject: 'olga', name: 'Olga', kind: 'human' },
  { ...base, subject: 'agent', name: 'Agent', kind: 'agent', owner: 'olga', actsFor: ['maria'] },
]);

export function newTestKey(): SigningKey {
  return generateKeyPairSync('ed25519');
}

/** A compact JWS over any header and payload, made without the library under test. */
export function signRaw(
  key: { readonly privateKey: KeyObject },
  header: object,
  payload: object,
): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = `${part(header)}.${part(payload)}`;
  return `${body}.${sign(null, Buffer.from(body), key.privateKey).toString('base64url')}`;
}
