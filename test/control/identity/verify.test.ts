/**
 * A token is accepted when everything about it is right, and refused, with a code of its own, for each thing that is not.
 */

import { createHmac, generateKeyPairSync } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { issueToken } from '../../../control/identity/issue.ts';
import { createRegistry } from '../../../control/identity/registry.ts';
import { TOKEN_TYPE } from '../../../control/identity/sign.ts';
import { createTokenVerifier, MAX_TOKEN_LENGTH } from '../../../control/identity/verify.ts';
import { isRefusal } from '../../../proxy/gate/refusal.ts';
import { issuer, maria, newTestKey, registry, signRaw } from './example-tokens.ts';

const verify = suite('control/identity/verify');

const NOW_MS = Date.UTC(2026, 0, 1);
const key = newTestKey();

function verifierAt(nowMs: number, more: { revoked?: string; failing?: boolean } = {}) {
  return createTokenVerifier({
    issuer,
    registry,
    publicKey: key.publicKey,
    clock: { nowNs: () => BigInt(nowMs) * 1_000_000n },
    isRevoked: (id) =>
      more.failing === true
        ? Promise.reject(new Error('disk'))
        : Promise.resolve(id === more.revoked),
  });
}

async function codeOf(token: string, verifier = verifierAt(NOW_MS)): Promise<string> {
  const outcome = await verifier.identify({ kind: 'bearer', token });
  return isRefusal(outcome) ? outcome.code : 'accepted';
}

const issue = (subject: string, onBehalfOf?: string) =>
  issueToken({ subject, onBehalfOf, lifetimeMs: 60_000 }, issuer, registry, key, {
    nowMs: NOW_MS,
    newId: () => 'token-1',
  });

const seconds = Math.floor(NOW_MS / 1000);
const goodClaims = {
  ...maria,
  iss: issuer.issuer,
  aud: issuer.audience,
  jti: 'x',
  iat: seconds,
  nbf: seconds,
  exp: seconds + 60,
};
const header = { alg: 'EdDSA', typ: TOKEN_TYPE };

verify('an issued token gives the identity back', async () => {
  const { token, expiresAt } = await issue('maria');
  const identity = await verifierAt(NOW_MS).identify({ kind: 'bearer', token });
  assert.equal(identity, {
    subject: 'maria',
    name: 'Maria',
    email: 'maria@example.com',
    kind: 'human',
    groups: ['engineers'],
    scopes: [],
    claims: {},
    issuer: 'sallyport',
    credential: {
      id: 'token-1',
      type: 'session',
      issued_at: '2026-01-01T00:00:00.000Z',
      expires_at: '2026-01-01T00:01:00.000Z',
      bound: false,
    },
    mfa: false,
    actors: [],
  });
  assert.is(expiresAt, '2026-01-01T00:01:00.000Z');
});

verify(
  'an agent that acts for somebody names both, and the chain ends with the person',
  async () => {
    const { token } = await issue('agent', 'maria');
    const identity = await verifierAt(NOW_MS).identify({ kind: 'bearer', token });
    assert.not(isRefusal(identity));
    if (isRefusal(identity)) return;
    assert.is(identity.subject, 'agent');
    assert.is(identity.kind, 'agent');
    assert.equal(identity.claims, { owner: 'olga' });
    assert.is(identity.on_behalf_of?.subject, 'maria');
    assert.equal(identity.on_behalf_of?.groups, ['engineers']);
    assert.equal(identity.actors, ['agent', 'maria']);
  },
);

verify('the control of these tests: the hand-made token is accepted', async () => {
  assert.is(await codeOf(signRaw(key, header, goodClaims)), 'accepted');
});

verify('an expired token is refused, with the skew allowed for', async () => {
  const { token } = await issue('maria');
  assert.is(await codeOf(token, verifierAt(NOW_MS + 64_000)), 'accepted');
  assert.is(await codeOf(token, verifierAt(NOW_MS + 66_000)), 'identity/expired');
});

verify('a token that is not valid yet is refused', async () => {
  const { token } = await issue('maria');
  assert.is(await codeOf(token, verifierAt(NOW_MS - 4000)), 'accepted');
  assert.is(await codeOf(token, verifierAt(NOW_MS - 6000)), 'identity/not-yet-valid');
});

verify('another issuer or audience is refused', async () => {
  assert.is(
    await codeOf(signRaw(key, header, { ...goodClaims, iss: 'evil' })),
    'identity/wrong-issuer',
  );
  assert.is(
    await codeOf(signRaw(key, header, { ...goodClaims, aud: 'other' })),
    'identity/wrong-audience',
  );
  assert.is(
    await codeOf(signRaw(key, header, { ...goodClaims, aud: ['other', issuer.audience] })),
    'identity/malformed',
  );
});

verify('a token without a signature is refused', async () => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  for (const alg of ['none', 'None', 'NONE'])
    assert.match(
      await codeOf(`${part({ ...header, alg })}.${part(goodClaims)}.`),
      /identity\/(wrong-algorithm|malformed)/,
    );
});

verify('the public key is no HMAC secret', async () => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = `${part({ ...header, alg: 'HS256' })}.${part(goodClaims)}`;
  const secret = key.publicKey.export({ type: 'spki', format: 'pem' });
  const signature = createHmac('sha256', secret).update(body).digest('base64url');
  assert.is(await codeOf(`${body}.${signature}`), 'identity/wrong-algorithm');
});

verify('a token of another type is refused', async () => {
  assert.is(
    await codeOf(signRaw(key, { alg: 'EdDSA', typ: 'JWT' }, goodClaims)),
    'identity/malformed',
  );
  assert.is(await codeOf(signRaw(key, { alg: 'EdDSA' }, goodClaims)), 'identity/malformed');
});

verify('a token signed by another key is refused', async () => {
  const other = generateKeyPairSync('ed25519');
  assert.is(await codeOf(signRaw(other, header, goodClaims)), 'identity/bad-signature');
});

verify('a token with any byte of its payload changed is refused', async () => {
  const [head = '', body = '', signature = ''] = signRaw(key, header, goodClaims).split('.');
  for (let at = 0; at < body.length; at += 7) {
    const changed = body.slice(0, at) + (body[at] === 'A' ? 'B' : 'A') + body.slice(at + 1);
    // What is no longer an object, or names another issuer, is told before the signature is looked at.
    assert.match(
      await codeOf(`${head}.${changed}.${signature}`),
      /^identity\/(bad-signature|malformed|wrong-issuer)$/,
      `byte ${at}`,
    );
  }
});

verify('what is no token, or too long for one, is refused', async () => {
  for (const token of ['', 'a', 'a.b', 'a.b.c', 'a.b.c.d.e', 'ü.ü.ü'])
    assert.is(await codeOf(token), 'identity/malformed', token);
  assert.is(await codeOf('a'.repeat(MAX_TOKEN_LENGTH + 1)), 'identity/oversized');
});

verify('a token without a claim, or with one too many, is refused', async () => {
  for (const claim of ['sub', 'exp', 'nbf', 'iat', 'jti', 'kind', 'groups', 'name']) {
    const { [claim as 'sub']: _, ...rest } = goodClaims;
    assert.is(await codeOf(signRaw(key, header, rest)), 'identity/malformed', claim);
  }
  assert.is(
    await codeOf(signRaw(key, header, { ...goodClaims, admin: true })),
    'identity/malformed',
  );
  assert.is(
    await codeOf(signRaw(key, header, { ...goodClaims, act: { sub: 'agent' } })),
    'identity/malformed',
  );
});

verify('a chain of actors is bounded', async () => {
  let act: object | undefined;
  for (let depth = 0; depth < 9; depth += 1)
    act = {
      sub: 'agent',
      name: 'Agent',
      kind: 'agent',
      groups: [],
      ...(act === undefined ? {} : { act }),
    };
  assert.is(await codeOf(signRaw(key, header, { ...goodClaims, act })), 'identity/chain-too-long');
});

verify('somebody who was taken out of the configuration is refused', async () => {
  const { token } = await issue('agent', 'maria');
  const verifier = createTokenVerifier({
    issuer,
    registry: createRegistry([...registry.values()].filter((one) => one.subject !== 'maria')),
    publicKey: key.publicKey,
    clock: { nowNs: () => BigInt(NOW_MS) * 1_000_000n },
    isRevoked: () => Promise.resolve(false),
  });
  assert.is(await codeOf(token, verifier), 'identity/unknown-subject');
});

verify('a revoked token is refused, and so is one that cannot be checked', async () => {
  const { token } = await issue('maria');
  assert.is(await codeOf(token, verifierAt(NOW_MS, { revoked: 'token-1' })), 'identity/revoked');
  assert.is(await codeOf(token, verifierAt(NOW_MS, { failing: true })), 'identity/unavailable');
});

verify.run();
