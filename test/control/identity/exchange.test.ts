/**
 * A person's ID token becomes a session once, recorded before; nothing is signed that could not be recorded.
 */
import { generateKeyPairSync } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TokenClaims } from '../../../control/identity/claims.ts';
import { createTokenExchange } from '../../../control/identity/exchange.ts';
import { createRegistry } from '../../../control/identity/registry.ts';
import { isRefusal, refuse } from '../../../proxy/gate/refusal.ts';

const test = suite('control/identity/exchange');
const NOW_MS = 1_800_000_000_000;
const MALFORMED = refuse('unauthenticated', 'identity/malformed', 'no token');

function open(person: Partial<TokenClaims> = {}, isRecordable = true) {
  const used = new Set<string>();
  const events: string[] = [];
  const claims: TokenClaims = {
    iss: 'https://corp.example',
    aud: '',
    jti: 'corp:1',
    iat: NOW_MS / 1000,
    nbf: NOW_MS / 1000,
    exp: NOW_MS / 1000 + 600,
    sub: 'ada',
    idp: 'https://corp.example',
    name: 'Ada',
    kind: 'human',
    groups: ['engineering'],
    mfa: true,
    ...person,
  };
  const exchange = createTokenExchange({
    rules: { lifetimeMs: 60_000, maxConsentMs: 60_000, maxDepth: 2 },
    issuer: { issuer: 'sallyport', audience: 'sallyport', lifetimeMs: 3_600_000, maxLifetimeMs: 1 },
    key: generateKeyPairSync('ed25519'),
    registry: createRegistry([]),
    consents: { findStanding: async () => undefined },
    store: {
      useOnce: async (id) => {
        const isFirst = !used.has(id);
        used.add(id);
        return isFirst;
      },
    },
    record: async ({ type, subject }) => {
      events.push(`${type} ${subject}`);
      return isRecordable ? undefined : refuse('unavailable', 'journal/unavailable', 'no journal');
    },
    read: async () => MALFORMED,
    readSignIn: async (token) => (token === 'id-token' ? claims : MALFORMED),
    nowMs: () => NOW_MS,
    newId: () => 'session-1',
  });
  return { exchange, events };
}

const codeOf = (outcome: unknown): string => (isRefusal(outcome) ? outcome.code : 'signed');

test('an ID token becomes a session of that person that ends with it, once', async () => {
  const { exchange, events } = open();
  const signed = await exchange.signIn('id-token');
  if (isRefusal(signed)) throw new Error(signed.code);
  const claims = JSON.parse(
    Buffer.from(signed.token.split('.')[1] ?? '', 'base64url').toString(),
  ) as TokenClaims;
  assert.equal([claims.sub, claims.idp, claims.mfa], ['ada', 'https://corp.example', true]);
  assert.equal(claims.roots, ['corp:1']);
  assert.is(signed.expiresAtMs, NOW_MS + 3_600_000);
  assert.equal(events, ['identity.signed-in ada']);
  assert.is(codeOf(await exchange.signIn('id-token')), 'identity/replayed');
});

test('a workload does not sign in, and what cannot be recorded is not signed', async () => {
  const service = open({ kind: 'service' }).exchange;
  assert.is(codeOf(await service.signIn('id-token')), 'identity/not-a-person');
  assert.is(codeOf(await open({}, false).exchange.signIn('id-token')), 'journal/unavailable');
  assert.is(codeOf(await open().exchange.signIn('other')), 'identity/malformed');
});

test.run();
