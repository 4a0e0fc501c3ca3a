/**
 * A person's ID token becomes a session once, recorded before; what renews it stays one sign-in; nothing is signed that could not be
 * recorded.
 */
import { generateKeyPairSync } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TokenClaims } from '../../../control/identity/claims.ts';
import { createPersonSessions } from '../../../control/identity/person-session.ts';
import { isRefusal, type Refusal, refuse } from '../../../proxy/gate/refusal.ts';

const test = suite('control/identity/person-session');
const NOW_MS = 1_800_000_000_000;
const SESSION_MS = 3_600_000;
const MALFORMED = refuse('unauthenticated', 'identity/malformed', 'no token');
const ADA: TokenClaims = {
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
};

function open(person: Partial<TokenClaims> = {}, isRecordable = true) {
  const used = new Map<string, number | undefined>();
  const events: string[] = [];
  const own = new Map<string, TokenClaims | Refusal>();
  const ids = ['s1', 's2', 's3'].values();
  const people = createPersonSessions({
    sessionMs: SESSION_MS,
    issuer: { issuer: 'sallyport', audience: 'sallyport', lifetimeMs: 1, maxLifetimeMs: 1 },
    key: generateKeyPairSync('ed25519'),
    store: {
      useOnce: async (id, _atMs, untilMs) => {
        const isFirst = !used.has(id);
        used.set(id, untilMs);
        return isFirst;
      },
    },
    record: async ({ detail }) => {
      events.push(detail);
      return isRecordable ? undefined : refuse('unavailable', 'journal/unavailable', 'no journal');
    },
    readSignIn: async (token) =>
      token.startsWith('id-token') ? { ...ADA, jti: token, ...person } : MALFORMED,
    readOwn: async ({ token }) => own.get(token) ?? MALFORMED,
    nowMs: () => NOW_MS,
    newId: () => ids.next().value ?? '',
  });
  return { people, events, own, used };
}

const codeOf = (outcome: unknown): string => (isRefusal(outcome) ? outcome.code : 'signed');

function claimsOf(outcome: { readonly token: string } | Refusal): TokenClaims {
  if (isRefusal(outcome)) throw new Error(outcome.code);
  const [, payload = ''] = outcome.token.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as TokenClaims;
}

test('an ID token becomes a short session of that person, once', async () => {
  const { people, events, used } = open();
  const claims = claimsOf(await people.byIdToken('id-token', undefined));
  assert.equal([claims.sub, claims.idp, claims.mfa], ['ada', 'https://corp.example', true]);
  assert.equal(claims.roots, ['id-token', 'login:s1']);
  assert.is(claims.exp * 1000, NOW_MS + SESSION_MS);
  assert.equal(events, ['ada signed in at https://corp.example']);
  assert.is(codeOf(await people.byIdToken('id-token', undefined)), 'identity/replayed');
  // The provider's clock may be half a minute behind: until then the token is still taken.
  assert.ok((used.get('id-token:id-token') ?? 0) > (ADA.exp + 30) * 1000);
});

test('a renewed session belongs to the sign-in it renews, an expired one begins anew', async () => {
  const { people, events, own } = open();
  const before = { ...ADA, jti: 's0', roots: ['corp:0', 'login:s0'] };
  own.set('before', before);
  own.set('expired', refuse('unauthenticated', 'identity/expired', 'over'));
  assert.equal(claimsOf(await people.byIdToken('id-token-1', 'before')).roots, [
    'id-token-1',
    'login:s0',
  ]);
  assert.equal(events, ['ada renewed a session by https://corp.example']);
  assert.equal(claimsOf(await people.byIdToken('id-token-2', 'expired')).roots?.[1], 'login:s2');
});

test('a session is not renewed by somebody else, for an agent, or after it was revoked', async () => {
  const { people, own } = open();
  own.set('olga', { ...ADA, sub: 'olga', roots: ['login:x'] });
  own.set('elsewhere', { ...ADA, idp: 'https://other.example', roots: ['login:x'] });
  own.set('delegated', {
    ...ADA,
    act: { sub: 'bot', name: 'Bot', kind: 'agent', groups: [] },
    roots: ['login:x'],
  });
  own.set('revoked', refuse('unauthenticated', 'identity/revoked', 'revoked'));
  for (const [previous, code] of [
    ['olga', 'identity/swapped-subject'],
    ['elsewhere', 'identity/swapped-subject'],
    ['delegated', 'identity/swapped-subject'],
    ['revoked', 'identity/revoked'],
    ['nonsense', 'identity/malformed'],
  ] as const)
    assert.is(codeOf(await people.byIdToken('id-token', previous)), code);
  assert.is(codeOf(await people.byIdToken('id-token', undefined)), 'signed');
});

test('the provider can end a session sooner, and cannot make it longer', async () => {
  const { people } = open();
  const evidence = { person: ADA, onceUntilMs: NOW_MS + 1 };
  const soon = await people.open({ ...evidence, onceId: 'a', notAfterMs: NOW_MS + 5000 });
  assert.is(claimsOf(soon).exp * 1000, NOW_MS + 5000);
  const late = await people.open({ ...evidence, onceId: 'b', notAfterMs: NOW_MS + 9e9 });
  assert.is(claimsOf(late).exp * 1000, NOW_MS + SESSION_MS);
});

test('a workload does not sign in, and what is too long or cannot be recorded is not signed', async () => {
  const service = open({ kind: 'service' }).people;
  assert.is(codeOf(await service.byIdToken('id-token', undefined)), 'identity/not-a-person');
  const crowd = open({ groups: Array.from({ length: 200 }, (_, n) => `group-${n}`.repeat(5)) });
  assert.is(codeOf(await crowd.people.byIdToken('id-token', undefined)), 'identity/oversized');
  assert.equal(crowd.events, []);
  const unrecorded = open({}, false).people;
  assert.is(codeOf(await unrecorded.byIdToken('id-token', undefined)), 'journal/unavailable');
  assert.is(codeOf(await open().people.byIdToken('other', undefined)), 'identity/malformed');
});

test.run();
