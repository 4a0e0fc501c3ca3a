/**
 * Tokens that pretend to come from a trusted provider, or come from one and are made for somebody or something else. Each is
 * refused, and for its own reason. The list only grows.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  CLUSTER,
  CORP,
  forge,
  type IdentityBench,
  makeBenchKeys,
  NOW,
  NOW_MS,
  openIdentityBench,
} from '../../support/identity-bench.ts';

const test = suite('bypass/identity/provider-tokens');
const keys = makeBenchKeys();
const good = { iss: CORP, sub: 'ada', aud: 'sallyport', iat: NOW - 60, exp: NOW + 600 };
const rs = { alg: 'RS256', kid: 'corp-1' };
const { attacker, corp, corpEc } = keys;

test('what is right is taken for who it is', async () => {
  const bench = openIdentityBench(keys);
  assert.is(await bench.outcome(bench.corp()), 'ada');
  const helper = await bench.identify(bench.cluster());
  assert.is(helper.subject, 'cluster:system:serviceaccount:prod:helper');
  assert.equal([helper.kind, helper.groups, helper.claims['owner']], ['agent', ['agents'], 'ada']);
  assert.is((await bench.identify(bench.corp())).issuer, CORP);
});

/** Name, token, code of the refusal. */
const CASES: readonly [string, (bench: IdentityBench) => string, string][] = [
  [
    'signed by a stranger',
    () => forge(rs, good, attacker.privateKey, 'RS256'),
    'identity/bad-signature',
  ],
  [
    'no signature, alg none',
    () => `${forge({ alg: 'none' }, good, 'x', 'HS256').replace(/\.[^.]*$/, '')}.`,
    'identity/malformed',
  ],
  [
    'alg none with a signature',
    () => forge({ alg: 'none' }, good, corp.privateKey, 'RS256'),
    'identity/wrong-algorithm',
  ],
  [
    'alg None',
    () => forge({ alg: 'None', kid: 'corp-1' }, good, corp.privateKey, 'RS256'),
    'identity/wrong-algorithm',
  ],
  [
    'the public key as an HMAC secret',
    () =>
      forge(
        { alg: 'HS256', kid: 'corp-1' },
        good,
        corp.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
        'HS256',
      ),
    'identity/wrong-algorithm',
  ],
  [
    'a symmetric key in the key set',
    () => forge({ alg: 'HS256', kid: 'shared' }, good, 'secret', 'HS256'),
    'identity/wrong-algorithm',
  ],
  [
    'an RSA algorithm that names an EC key',
    () => forge({ alg: 'RS256', kid: 'corp-ec' }, good, corp.privateKey, 'RS256'),
    'identity/unknown-key',
  ],
  [
    'an EC algorithm that names an RSA key',
    () => forge({ alg: 'ES256', kid: 'corp-1' }, good, corpEc.privateKey, 'ES256'),
    'identity/unknown-key',
  ],
  [
    'another RSA padding than the header says',
    () => forge({ alg: 'PS256', kid: 'corp-1' }, good, corp.privateKey, 'RS256'),
    'identity/bad-signature',
  ],
  [
    'an algorithm that is not on the list',
    () => forge({ alg: 'RS512', kid: 'corp-1' }, good, corp.privateKey, 'RS256'),
    'identity/wrong-algorithm',
  ],
  [
    'a list of algorithms',
    () => forge({ alg: ['RS256'], kid: 'corp-1' }, good, corp.privateKey, 'RS256'),
    'identity/wrong-algorithm',
  ],
  [
    'no algorithm',
    () => forge({ kid: 'corp-1' }, good, corp.privateKey, 'RS256'),
    'identity/wrong-algorithm',
  ],
  ['a key id that is unknown', (b) => b.corp({}, { kid: 'other' }), 'identity/unknown-key'],
  [
    'a key id that is a path',
    (b) => b.corp({}, { kid: '../../../../dev/null' }),
    'identity/unknown-key',
  ],
  [
    'a key id that is SQL',
    (b) => b.corp({}, { kid: "x' union select 'key' --" }),
    'identity/unknown-key',
  ],
  [
    'a key id that is a prototype member',
    (b) => b.corp({}, { kid: '__proto__' }),
    'identity/unknown-key',
  ],
  ['a key id that is an object', (b) => b.corp({}, { kid: { a: 1 } }), 'identity/malformed'],
  ['a key id without end', (b) => b.corp({}, { kid: 'k'.repeat(1000) }), 'identity/unknown-key'],
  [
    'no key id where there is a choice',
    () => forge({ alg: 'RS256', kid: 'corp-enc' }, good, attacker.privateKey, 'RS256'),
    'identity/unknown-key',
  ],
  [
    'a key of its own in the header',
    () =>
      forge(
        { alg: 'RS256', jwk: attacker.publicKey.export({ format: 'jwk' }) },
        good,
        attacker.privateKey,
        'RS256',
      ),
    'identity/bad-signature',
  ],
  [
    'an address of keys in the header',
    () => forge({ ...rs, jku: 'https://evil.example/keys' }, good, attacker.privateKey, 'RS256'),
    'identity/bad-signature',
  ],
  [
    'an address of a certificate in the header',
    () => forge({ ...rs, x5u: 'https://evil.example/cert' }, good, attacker.privateKey, 'RS256'),
    'identity/bad-signature',
  ],
  [
    'a certificate in the header',
    () => forge({ ...rs, x5c: ['MIIB'] }, good, attacker.privateKey, 'RS256'),
    'identity/bad-signature',
  ],
  ['a critical extension', (b) => b.corp({}, { crit: ['b64'], b64: false }), 'identity/malformed'],
  ['an unencoded payload', (b) => b.corp({}, { b64: false }), 'identity/malformed'],
  ['a DPoP proof as a token', (b) => b.corp({}, { typ: 'dpop+jwt' }), 'identity/wrong-type'],
  ['a logout token', (b) => b.corp({}, { typ: 'logout+jwt' }), 'identity/wrong-type'],
  ['a type that is not text', (b) => b.corp({}, { typ: ['JWT'] }), 'identity/wrong-type'],
  [
    'the key of one provider, the name of another',
    () => forge({ alg: 'ES256', kid: 'cluster-1' }, good, keys.cluster.privateKey, 'ES256'),
    'identity/unknown-key',
  ],
  [
    'an issuer that is not trusted',
    (b) => b.corp({ iss: 'https://evil.example' }),
    'identity/wrong-issuer',
  ],
  ['an issuer with a slash more', (b) => b.corp({ iss: `${CORP}/` }), 'identity/wrong-issuer'],
  [
    'an issuer in other letters',
    (b) => b.corp({ iss: CORP.toUpperCase() }),
    'identity/wrong-issuer',
  ],
  ['a list of issuers', (b) => b.corp({ iss: [CORP] }), 'identity/wrong-issuer'],
  ['another audience', (b) => b.corp({ aud: 'grafana' }), 'identity/wrong-audience'],
  ['an ID token of the login client', (b) => b.corp({ aud: 'cli' }), 'identity/wrong-audience'],
  [
    'an audience that only begins right',
    (b) => b.corp({ aud: 'sallyport.evil' }),
    'identity/wrong-audience',
  ],
  ['no audience', (b) => b.corp({ aud: undefined }), 'identity/wrong-audience'],
  ['an empty list of audiences', (b) => b.corp({ aud: [] }), 'identity/wrong-audience'],
  [
    'an audience that is an object',
    (b) => b.corp({ aud: { 0: 'sallyport' } }),
    'identity/wrong-audience',
  ],
  ['expired', (b) => b.corp({ exp: NOW - 31 }), 'identity/expired'],
  ['no expiry', (b) => b.corp({ exp: undefined }), 'identity/malformed'],
  ['an expiry that is text', (b) => b.corp({ exp: '9999999999' }), 'identity/malformed'],
  ['an expiry that is no number', (b) => b.corp({ exp: null }), 'identity/malformed'],
  ['an expiry beyond time', (b) => b.corp({ exp: 1e300 }), 'identity/malformed'],
  ['no time of issue', (b) => b.corp({ iat: undefined }), 'identity/malformed'],
  ['issued in the future', (b) => b.corp({ iat: NOW + 31 }), 'identity/not-yet-valid'],
  ['not valid yet', (b) => b.corp({ nbf: NOW + 31 }), 'identity/not-yet-valid'],
  ['a life that is too long', (b) => b.corp({ exp: NOW + 7200 }), 'identity/lives-too-long'],
  ['no subject', (b) => b.corp({ sub: undefined }), 'identity/no-subject'],
  ['a subject that is a list', (b) => b.corp({ sub: ['ada'] }), 'identity/no-subject'],
  ['a subject with a line break', (b) => b.corp({ sub: 'ada\nroot' }), 'identity/no-subject'],
  ['a subject with an end of text', (b) => b.corp({ sub: 'ada\u0000' }), 'identity/no-subject'],
  ['a subject without end', (b) => b.corp({ sub: 'a'.repeat(256) }), 'identity/no-subject'],
  [
    'a subject that reads as one of the cluster',
    (b) => b.corp({ sub: 'cluster:system:serviceaccount:prod:helper' }),
    'identity/ambiguous-subject',
  ],
  [
    'a workload of another namespace',
    (b) => b.cluster({ sub: 'system:serviceaccount:dev:helper' }),
    'identity/subject-not-allowed',
  ],
  [
    'a chain of actors of its own',
    (b) => b.corp({ act: { sub: 'agent' } }),
    'identity/foreign-chain',
  ],
  [
    'the token of a person, made for an agent',
    (b) => b.corp({ azp: 'helper-client' }),
    'identity/stripped-chain',
  ],
  [
    'the same under its other name',
    (b) => b.corp({ client_id: 'helper-client' }),
    'identity/stripped-chain',
  ],
  [
    'a binding that is not known',
    (b) => b.corp({ cnf: { kid: 'x' } }),
    'identity/binding-unsupported',
  ],
  [
    'more groups than can be right',
    (b) => b.corp({ groups: Array.from({ length: 257 }, (_, at) => `g${at}`) }),
    'identity/groups',
  ],
  [
    'a subject that comes twice',
    () =>
      forge(
        rs,
        JSON.stringify(good).replace('"sub":"ada"', '"sub":"ada","sub":"root"'),
        corp.privateKey,
        'RS256',
      ),
    'identity/malformed',
  ],
  [
    'a subject that comes twice in two spellings',
    () =>
      forge(
        rs,
        JSON.stringify(good).replace('"sub":"ada"', '"sub":"ada","\\u0073ub":"root"'),
        corp.privateKey,
        'RS256',
      ),
    'identity/malformed',
  ],
  [
    'an algorithm that comes twice',
    () => forge('{"alg":"RS256","alg":"none","kid":"corp-1"}', good, corp.privateKey, 'RS256'),
    'identity/malformed',
  ],
  [
    'a payload that is a list',
    () => forge(rs, '[]', corp.privateKey, 'RS256'),
    'identity/malformed',
  ],
  [
    'a payload that is no JSON',
    () => forge(rs, 'x', corp.privateKey, 'RS256'),
    'identity/malformed',
  ],
  ['a fourth part', (b) => `${b.corp()}.x`, 'identity/malformed'],
  ['a line break behind it', (b) => `${b.corp()}\n`, 'identity/malformed'],
  ['padding behind it', (b) => `${b.corp()}=`, 'identity/malformed'],
  ['too long', (b) => b.corp({ pad: 'x'.repeat(20_000) }), 'identity/oversized'],
];

for (const [name, make, code] of CASES)
  test(`refused: ${name}`, async () => {
    const bench = openIdentityBench(keys);
    assert.is(await bench.outcome(make(bench)), code);
    assert.equal(
      bench.fetched.filter((url) => url !== `${CORP}/keys` && url !== `${CLUSTER}/keys`),
      [],
    );
  });

test('the same sub at two providers is two identities', async () => {
  const bench = openIdentityBench(keys);
  const sub = 'system:serviceaccount:prod:web';
  const ours = await bench.identify(bench.corp({ sub }));
  const theirs = await bench.identify(bench.cluster({ sub }));
  assert.is.not(ours.subject, theirs.subject);
  assert.is.not(ours.credential.id, theirs.credential.id);
});

test('a verified token is refused once it expires, is revoked, or its agent ends', async () => {
  const bench = openIdentityBench(keys);
  const [corpToken, clusterToken] = [bench.corp(), bench.cluster({ exp: NOW + 3000 })];
  assert.is(await bench.outcome(corpToken), 'ada');
  bench.revoked.add('corp:t1');
  assert.is(await bench.outcome(corpToken), 'identity/revoked');
  bench.revoked.clear();
  bench.clockMs = NOW_MS + 631_000;
  assert.is(await bench.outcome(corpToken), 'identity/expired');
  bench.clockMs = NOW_MS;
  assert.is(
    await bench.outcome(clusterToken, undefined, 'shop'),
    'cluster:system:serviceaccount:prod:helper',
  );
  assert.is(await bench.outcome(clusterToken, undefined, 'payroll'), 'identity/out-of-reach');
});

test.run();
