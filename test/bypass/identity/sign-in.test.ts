/**
 * Sign-ins that end as somebody else's: the answer of another provider, of another sign-in, or one that was made for another client.
 * The command line refuses each before the gateway is asked, and the gateway refuses what a dishonest client would bring it. The
 * list only grows.
 */
import { generateKeyPairSync } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Loopback, openLoopback } from '../../../control/cli/login/loopback.ts';
import { createOidcClient } from '../../../control/cli/login/oidc-client.ts';
import { ControlError } from '../../../control/error.ts';
import {
  type CrookedProvider,
  type Lies,
  startCrookedProvider,
} from '../../support/crooked-provider.ts';
import {
  CLUSTER,
  CORP,
  makeBenchKeys,
  NOW,
  openIdentityBench,
} from '../../support/identity-bench.ts';

interface World {
  provider: CrookedProvider;
  other: CrookedProvider;
  loopback: Loopback;
}

const test = suite<World>('bypass/identity/sign-in');
test.before(async (world) => {
  world.provider = await startCrookedProvider();
  world.other = await startCrookedProvider();
});
test.before.each(async (world) => {
  world.provider.lies = {};
  world.loopback = await openLoopback();
});
test.after.each(({ loopback }) => loopback.close());
test.after(async ({ provider, other }) => {
  await provider.stop();
  await other.stop();
});

const optionOf = ({ issuer }: CrookedProvider) => ({
  name: 'corp',
  issuer,
  client_id: 'cli',
  scopes: ['openid', 'offline_access'],
});

/** The subject that was signed in, or the code of the fault and the sentence below it. */
async function signIn({ provider, loopback }: World, lies: Lies): Promise<string> {
  provider.lies = lies;
  try {
    const client = await createOidcClient(optionOf(provider));
    const begun = await client.begin(loopback);
    const answered = loopback.answer(begun.state, begun.finish);
    answered.catch(() => 'awaited below');
    const page = await fetch(begun.address);
    // A page that is not of this sign-in leaves the command waiting.
    if (page.status === 400 && (await page.text()).includes('not the sign-in'))
      return 'ignored by the loopback address';
    return (await answered).subject;
  } catch (error) {
    if (error instanceof ControlError) return `${error.code}: ${error.hint ?? error.message}`;
    throw error;
  }
}

const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const now = (): number => Math.floor(Date.now() / 1000);

test('what is right is taken for who it is', async (world) => {
  assert.is(await signIn(world, {}), 'ada');
  const [asked] = world.provider.asked;
  assert.match(asked?.get('code_verifier') ?? '', /^[A-Za-z0-9_-]{43,128}$/);
  assert.is(asked?.get('client_secret'), null);
});

/** Name, what the provider says, and what is told. */
const CASES: readonly [string, (world: World) => Lies, RegExp][] = [
  [
    'a discovery document of another issuer',
    ({ other }) => ({ discovery: { issuer: other.issuer } }),
    /^login\/provider: .*issuer/,
  ],
  [
    'a discovery document without an issuer',
    () => ({ discovery: { issuer: undefined } }),
    /^login\/provider: /,
  ],
  [
    'a page to sign in on over an open line',
    () => ({ discovery: { authorization_endpoint: 'http://evil.example/auth' } }),
    /^login\/provider: .*authorization_endpoint is no https address/,
  ],
  [
    'a token endpoint over an open line',
    () => ({ discovery: { token_endpoint: 'http://evil.example/token' } }),
    /^login\/provider: .*token_endpoint is no https address/,
  ],
  [
    'a page to sign in on that is a program of this machine',
    () => ({ discovery: { authorization_endpoint: 'file:///bin/sh' } }),
    /^login\/provider: .*authorization_endpoint/,
  ],
  ['the state of another sign-in', () => ({ answer: { state: 'forged' } }), /^ignored/],
  ['no state', () => ({ answer: { state: undefined } }), /^ignored/],
  ['an empty state', () => ({ answer: { state: '' } }), /^ignored/],
  [
    'mix-up: the answer names another issuer',
    ({ other }) => ({ answer: { iss: other.issuer } }),
    /^login\/provider: .*"iss"/,
  ],
  [
    'mix-up: the answer names no issuer, and this one always does',
    () => ({ answer: { iss: undefined } }),
    /^login\/provider: .*"iss"/,
  ],
  ['no code', () => ({ answer: { code: undefined } }), /^login\/provider: /],
  [
    'a person who said no',
    () => ({ answer: { code: undefined, error: 'access_denied' } }),
    /^login\/refused: .*access_denied/,
  ],
  [
    'a code beside an error',
    () => ({ answer: { error: 'access_denied' } }),
    /^login\/refused: .*access_denied/,
  ],
  [
    'an ID token beside the code',
    () => ({ answer: { id_token: 'e30.e30.e30' } }),
    /^login\/provider: /,
  ],
  [
    'the nonce of another sign-in',
    () => ({ claims: { nonce: 'other' } }),
    /^login\/provider: .*nonce/,
  ],
  ['no nonce', () => ({ claims: { nonce: undefined } }), /^login\/provider: .*nonce/],
  [
    'an ID token of another issuer',
    ({ other }) => ({ claims: { iss: other.issuer } }),
    /^login\/provider: .*"iss"/,
  ],
  [
    'an ID token for another client',
    () => ({ claims: { aud: 'other' } }),
    /^login\/provider: .*"aud"/,
  ],
  [
    'an ID token for several clients that was made for another',
    () => ({ claims: { aud: ['cli', 'other'], azp: 'other' } }),
    /^login\/provider: .*azp/,
  ],
  [
    'an ID token that has expired',
    () => ({ claims: { iat: now() - 900, exp: now() - 600 } }),
    /^login\/provider: .*"exp"/,
  ],
  [
    'an ID token that is not valid yet',
    () => ({ claims: { nbf: now() + 600 } }),
    /^login\/provider: .*"nbf"/,
  ],
  ['an ID token without an end', () => ({ claims: { exp: undefined } }), /^login\/provider: .*exp/],
  [
    'an ID token without a subject',
    () => ({ claims: { sub: undefined } }),
    /^login\/provider: .*sub/,
  ],
  [
    'an ID token signed by a stranger',
    () => ({ signWith: { key: stranger, alg: 'RS256' } }),
    /^login\/provider: .*signature/,
  ],
  [
    'an ID token without a signature',
    () => ({ header: { alg: 'none' } }),
    /^login\/provider: .*"alg"/,
  ],
  [
    'the public key as an HMAC secret',
    ({ provider }) => ({
      header: { alg: 'HS256' },
      signWith: {
        key: provider.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
        alg: 'HS256',
      },
    }),
    /^login\/provider: .*"alg"/,
  ],
  [
    'a key that the provider does not have',
    () => ({ header: { kid: 'k2' }, signWith: { key: stranger, alg: 'RS256' } }),
    /^login\/provider: /,
  ],
  ['no ID token', () => ({ tokens: { id_token: undefined } }), /^login\/provider: .*id_token/],
  [
    'a code that was used',
    () => ({ tokenStatus: 400, tokens: { error: 'invalid_grant' } }),
    /^login\/refused: .*invalid_grant/,
  ],
];

for (const [name, lie, told] of CASES)
  test(name, async (world) => {
    assert.match(await signIn(world, lie(world)), told);
  });

test('a renewal gives nobody else, and nothing when the provider no longer agrees', async (world) => {
  const { provider } = world;
  const client = await createOidcClient(optionOf(provider));
  const renew = async (lies: Lies): Promise<string> => {
    provider.lies = lies;
    return client.renew('r1', 'ada').then(
      ({ subject, refreshToken }) => `${subject} ${refreshToken}`,
      (error: unknown) => (error instanceof ControlError ? error.code : String(error)),
    );
  };
  assert.is(await renew({ claims: { nonce: undefined } }), 'ada r1');
  assert.is(
    await renew({ claims: { nonce: undefined }, tokens: { refresh_token: 'r2' } }),
    'ada r2',
  );
  assert.is(await renew({ claims: { nonce: undefined, sub: 'eve' } }), 'login/over');
  assert.is(await renew({ tokenStatus: 400, tokens: { error: 'invalid_grant' } }), 'login/over');
  assert.is(await renew({ tokens: { id_token: undefined } }), 'login/provider');
});

test('a page of another site reaches nothing at the loopback address', async ({ loopback }) => {
  const waiting = loopback.answer('right-state', async ({ searchParams }) =>
    searchParams.get('code'),
  );
  const { port } = new URL(loopback.redirectUri);
  const ask = async (path: string, init: RequestInit = {}, host = '127.0.0.1') =>
    (await fetch(`http://${host}:${port}${path}`, init)).status;
  assert.is(await ask('/callback?code=x&state=right-state', { method: 'POST' }), 404);
  // Its own name resolves to this machine; the name still stands in `Host`.
  assert.is(await ask('/callback?code=x&state=right-state', {}, 'localhost'), 404);
  assert.is(await ask('/callback?code=x&state=wrong-state'), 400);
  assert.is(await ask('/callback?code=x&state=wrong&state=right-state'), 400);
  assert.is(await ask('/elsewhere?code=x&state=right-state'), 404);
  assert.is(await ask('/callback?code=mine&state=right-state'), 200);
  assert.is(await waiting, 'mine');
  assert.is(await ask('/callback?code=late&state=right-state'), 400);
});

test('a sign-in that nobody ends is over', async () => {
  const loopback = await openLoopback(0, 20);
  let told = '';
  await loopback
    .answer('s', async () => 'x')
    .catch((error: unknown) => {
      told = error instanceof ControlError ? error.code : String(error);
    });
  loopback.close();
  assert.is(told, 'login/timeout');
});

const keys = makeBenchKeys();
const id = { aud: 'cli', iss: CORP, sub: 'ada', iat: NOW - 60, exp: NOW + 600 };

/** What a client of its own making brings to the token endpoint. */
const BROUGHT: readonly [string, Readonly<Record<string, unknown>>, object, string][] = [
  ['what is right', {}, {}, 'ada'],
  ['a token for workloads', { aud: 'sallyport' }, {}, 'identity/wrong-audience'],
  ['a token for another client', { aud: 'other' }, {}, 'identity/wrong-audience'],
  ['a token for several clients', { aud: ['cli', 'other'] }, {}, 'identity/wrong-audience'],
  ['one that was made for another', { azp: 'other' }, {}, 'identity/wrong-audience'],
  ['an access token', {}, { typ: 'at+jwt' }, 'identity/wrong-type'],
  ['a logout token', {}, { typ: 'logout+jwt' }, 'identity/wrong-type'],
  ['a sign-in of this morning', { iat: NOW - 3000 }, {}, 'identity/expired'],
  ['one that has expired', { exp: NOW - 31 }, {}, 'identity/expired'],
  ['one of tomorrow', { iat: NOW + 60 }, {}, 'identity/not-yet-valid'],
  ['one with a chain of its own', { act: { sub: 'bot' } }, {}, 'identity/foreign-chain'],
  ['no signature', {}, { alg: 'none' }, 'identity/wrong-algorithm'],
  ['one of an unknown issuer', { iss: 'https://evil.example' }, {}, 'identity/wrong-issuer'],
  ['one with the name of a workload', { sub: 'cluster:x' }, {}, 'identity/ambiguous-subject'],
];

for (const [name, claims, header, outcome] of BROUGHT)
  test(`at the gateway: ${name}`, async () => {
    const bench = openIdentityBench(keys);
    assert.is(await bench.signIn(bench.corp({ ...id, ...claims }, header as never)), outcome);
  });

test('at the gateway: the same subject at another provider is another person', async () => {
  const bench = openIdentityBench(keys);
  const token = bench.cluster({ aud: 'cli', iss: CLUSTER, sub: 'system:serviceaccount:prod:ada' });
  assert.is(await bench.signIn(token), 'cluster:system:serviceaccount:prod:ada');
});

test.run();
