/**
 * Tokens that are bound to a key, presented by somebody who does not hold it; and tokens of this gateway that say what the
 * configuration does not. Each is refused, and for its own reason. The list only grows.
 */
import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KeyProof } from '../../../proxy/gate/ports.ts';
import {
  CLUSTER,
  type Claims,
  forge,
  type IdentityBench,
  makeBenchKeys,
  NOW,
  NOW_MS,
  openIdentityBench,
} from '../../support/identity-bench.ts';

const test = suite('bypass/identity/bound-tokens');
const keys = makeBenchKeys();
const holder = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const thief = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicJwk = holder.publicKey.export({ format: 'jwk' });
const jkt = await calculateJwkThumbprint(publicJwk as { kty: string }, 'sha256');
const certificate = createHash('sha256').update('a certificate').digest('base64url');
const URL_OF = 'https://shop.example/a/b';

interface ProofChange {
  readonly claims?: Claims;
  readonly header?: Claims;
  readonly key?: KeyObject;
}

function prove(token: string, change: ProofChange = {}): KeyProof {
  const proof = forge(
    { typ: 'dpop+jwt', alg: 'ES256', jwk: publicJwk, ...change.header },
    {
      jti: `p${Math.random()}`,
      htm: 'GET',
      htu: URL_OF,
      iat: NOW,
      ath: createHash('sha256').update(token).digest('base64url'),
      ...change.claims,
    },
    change.key ?? holder.privateKey,
    'ES256',
  );
  return { dpop: { proof, method: 'GET', url: URL_OF } };
}

test('the holder of the key is let in, and policies see that the token is bound', async () => {
  const bench = openIdentityBench(keys);
  const bound = bench.own({ cnf: { jkt } });
  assert.is((await bench.identify(bound, prove(bound))).credential.bound, true);
  const pinned = bench.own({ cnf: { 'x5t#S256': certificate } });
  assert.is((await bench.identify(pinned, { certificate })).credential.bound, true);
  assert.is((await bench.identify(bench.own())).credential.bound, false);
});

const PROOFS: readonly [string, ProofChange, string][] = [
  [
    'a proof by another key',
    { key: thief.privateKey, header: { jwk: thief.publicKey.export({ format: 'jwk' }) } },
    'identity/wrong-key',
  ],
  [
    'a proof that shows one key and is signed by another',
    { key: thief.privateKey },
    'identity/bad-signature',
  ],
  ['a proof for another method', { claims: { htm: 'POST' } }, 'identity/proof-mismatch'],
  [
    'a proof for another path',
    { claims: { htu: 'https://shop.example/a/c' } },
    'identity/proof-mismatch',
  ],
  [
    'a proof for another host',
    { claims: { htu: 'https://evil.example/a/b' } },
    'identity/proof-mismatch',
  ],
  [
    'a proof for another scheme',
    { claims: { htu: 'http://shop.example/a/b' } },
    'identity/proof-mismatch',
  ],
  ['a proof for no address', { claims: { htu: 'x' } }, 'identity/proof-mismatch'],
  ['a proof for another token', { claims: { ath: 'x' } }, 'identity/proof-mismatch'],
  ['a proof for no token', { claims: { ath: undefined } }, 'identity/proof-mismatch'],
  ['a proof of a minute ago', { claims: { iat: NOW - 61 } }, 'identity/proof-stale'],
  ['a proof of the future', { claims: { iat: NOW + 6 } }, 'identity/proof-stale'],
  ['a proof of no time', { claims: { iat: undefined } }, 'identity/proof-invalid'],
  ['a proof without an id', { claims: { jti: undefined } }, 'identity/proof-invalid'],
  ['a proof with an empty id', { claims: { jti: '' } }, 'identity/proof-invalid'],
  ['a token as a proof', { header: { typ: 'JWT' } }, 'identity/proof-invalid'],
  ['a proof without its key', { header: { jwk: undefined } }, 'identity/proof-invalid'],
  [
    'a proof with a private key in it',
    { header: { jwk: holder.privateKey.export({ format: 'jwk' }) } },
    'identity/proof-invalid',
  ],
  ['a proof signed with a shared secret', { header: { alg: 'HS256' } }, 'identity/wrong-algorithm'],
  ['an unsigned proof', { header: { alg: 'none' } }, 'identity/wrong-algorithm'],
];

for (const [name, change, code] of PROOFS)
  test(`refused: ${name}`, async () => {
    const bench = openIdentityBench(keys);
    const token = bench.own({ cnf: { jkt } });
    assert.is(await bench.outcome(token, prove(token, change)), code);
  });

test('refused: a proof shown twice, by whomever', async () => {
  const bench = openIdentityBench(keys);
  const token = bench.own({ cnf: { jkt } });
  const proof = prove(token);
  assert.is(await bench.outcome(token, proof), 'ada');
  assert.is(await bench.outcome(token, proof), 'identity/proof-replayed');
});

const COPIES: readonly [string, (bench: IdentityBench) => [string, KeyProof?], string][] = [
  [
    'a copy of a token that is bound to a DPoP key',
    (b) => [b.own({ cnf: { jkt } })],
    'identity/proof-missing',
  ],
  [
    'the same with a certificate instead',
    (b) => [b.own({ cnf: { jkt } }), { certificate }],
    'identity/proof-missing',
  ],
  [
    'a copy of a token that is bound to a certificate',
    (b) => [b.own({ cnf: { 'x5t#S256': certificate } })],
    'identity/proof-missing',
  ],
  [
    'the same with another certificate',
    (b) => [b.own({ cnf: { 'x5t#S256': certificate } }), { certificate: 'A'.repeat(43) }],
    'identity/wrong-key',
  ],
  [
    'bound to both, with one of them',
    (b) => [b.own({ cnf: { jkt, 'x5t#S256': certificate } }), { certificate }],
    'identity/proof-missing',
  ],
  [
    'an unbound token that is shown as a bound one',
    (b) => [b.own(), prove(b.own())],
    'identity/not-bound',
  ],
  [
    'a bound token of a provider, copied',
    (b) => [b.cluster({ cnf: { jkt } })],
    'identity/proof-missing',
  ],
  [
    'an empty proof',
    (b) => [b.own({ cnf: { jkt } }), { dpop: { proof: '', method: 'GET', url: URL_OF } }],
    'identity/proof-missing',
  ],
];

for (const [name, make, code] of COPIES)
  test(`refused: ${name}`, async () => {
    const bench = openIdentityBench(keys);
    assert.is(await bench.outcome(...make(bench)), code);
  });

const helper = {
  sub: 'cluster:system:serviceaccount:prod:helper',
  idp: CLUSTER,
  name: 'Helper',
  kind: 'agent',
  groups: ['agents'],
  owner: 'ada',
};
const CHAINS: readonly [string, Claims, string][] = [
  [
    'somebody of a provider that is no longer trusted',
    { idp: 'https://gone.example' },
    'identity/unknown-issuer',
  ],
  [
    'somebody of no provider who is not in the configuration',
    { idp: undefined },
    'identity/unknown-subject',
  ],
  ['an agent that is not registered', { kind: 'agent' }, 'identity/unknown-subject'],
  [
    'a registered agent that says it is a person',
    { ...helper, kind: 'human' },
    'identity/outdated',
  ],
  ['an agent under another owner', { ...helper, owner: 'eve' }, 'identity/outdated'],
  [
    'a local person with a group more',
    { sub: 'root', idp: undefined, groups: ['admins', 'dba'] },
    'identity/outdated',
  ],
  [
    'an actor that may not act for this person',
    { groups: [], sub: 'bob', act: helper },
    'identity/outdated',
  ],
  [
    'a person who acts for another',
    { act: { sub: 'root', name: 'Root', kind: 'human', groups: [] } },
    'identity/outdated',
  ],
  [
    'an actor that is not registered',
    { act: { ...helper, sub: 'cluster:other' } },
    'identity/unknown-subject',
  ],
  [
    'a swapped chain: the agent is the subject, the person acts',
    {
      ...helper,
      act: { sub: 'ada', idp: 'https://corp.example', name: 'Ada', kind: 'human', groups: [] },
    },
    'identity/outdated',
  ],
  ['an actor without a kind', { act: { sub: helper.sub } }, 'identity/malformed'],
  ['a claim that is not known', { admin: true }, 'identity/malformed'],
  ['a root that was revoked', { roots: ['consent:1'] }, 'identity/revoked'],
  ['a revoked actor token', { act: helper, roots: ['consent:2', 'consent:1'] }, 'identity/revoked'],
];

for (const [name, claims, code] of CHAINS)
  test(`refused: ${name}`, async () => {
    const bench = openIdentityBench(keys);
    bench.revoked.add('consent:1');
    assert.is(await bench.outcome(bench.own(claims)), code);
  });

test('an agent acts for a person within what both are allowed, and until its registration ends', async () => {
  const bench = openIdentityBench(keys);
  const token = bench.own({ act: helper, resources: ['shop'], exp: NOW + 200_000 });
  const identity = await bench.identify(token);
  assert.is(identity.subject, helper.sub);
  assert.is(identity.on_behalf_of?.subject, 'ada');
  assert.equal(identity.actors, [helper.sub, 'ada']);
  assert.is(await bench.outcome(token, undefined, 'payroll'), 'identity/out-of-reach');
  const elsewhere = bench.own({ act: helper, resources: ['other'] });
  assert.is(await bench.outcome(elsewhere, undefined, 'shop'), 'identity/out-of-consent');
  bench.clockMs = NOW_MS + 86_400_001;
  assert.is(await bench.outcome(token), 'identity/agent-expired');
});

test.run();
