/**
 * Assertions that nobody made, that were made for somebody else, or that were taken apart and put together again around one that is
 * genuine. Each is refused, and for its own reason. The list only grows.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Refusal } from '../../../proxy/gate/refusal.ts';
import {
  ACS,
  type Attack,
  AUDIENCE,
  answer,
  begin,
  CALLBACK,
  codeOf,
  finish,
  key,
  newKey,
  open,
  partner,
  request,
  signatureOf,
  state,
  stranger,
  verifier,
  withoutSignature,
} from '../../support/saml-desk.ts';
import {
  encode,
  IDP,
  rightParts,
  signElement,
  writeAssertion,
  writeResponse,
} from '../../support/saml-idp.ts';

const test = suite('bypass/identity/saml');
test('what is right is taken for who it is, with a code that is good once', async () => {
  const desk = open();
  const back = new URL(await answer(desk, { parts: { sessionEndsMs: 60_000 } }));
  assert.is(`${back.origin}${back.pathname}`, CALLBACK);
  assert.is(back.searchParams.get('state'), state);
  const [evidence] = desk.signedIn;
  assert.equal(evidence?.person.sub, 'corp:ada@example.com');
  assert.equal(evidence?.person.groups, ['engineering']);
  assert.equal([evidence?.person.idp, evidence?.person.email], [IDP, 'ada@example.com']);
  assert.ok((evidence?.notAfterMs ?? 0) > Date.now() + 50_000);
  const redemption = { code: codeOf(back.href), verifier, redirectUri: CALLBACK };
  const signed = desk.saml.redeem(redemption);
  assert.is('token' in signed && signed.token, 'token-of-corp:ada@example.com');
  assert.is((desk.saml.redeem(redemption) as Refusal).code, 'login/code');
});

test('the second certificate of the provider is believed, and a response signed as a whole', async () => {
  assert.match(await answer(open(), { by: newKey }), CALLBACK);
  const signed = await answer(open(), { response: (xml) => signElement(xml, 'Response', key) });
  assert.match(signed, /code=/);
});

/** Name, attack, code of the refusal. */
const ATTACKS: readonly [string, Attack, string][] = [
  ['no signature at all', { wrap: (_, own) => own({}) }, 'identity/bad-signature'],
  [
    'a signature around the response only',
    {
      wrap: (_, own) => own({}),
      response: (xml) => signElement(xml, 'Response', key),
    },
    'identity/bad-signature',
  ],
  ['the key of a stranger', { by: stranger }, 'identity/bad-signature'],
  [
    'the key of a stranger, which it brings itself',
    { by: stranger, signature: { keyInfo: stranger.certificate } },
    'identity/bad-signature',
  ],
  [
    'a changed name',
    { wrap: (signed) => signed.replace('ada@example.com<', 'eve@example.com<') },
    'identity/bad-signature',
  ],
  [
    'a changed group',
    { wrap: (signed) => signed.replace('>all<', '>admins<') },
    'identity/bad-signature',
  ],
  [
    'wrapping: a forged assertion before the genuine one',
    { wrap: (signed, own) => own({ nameId: 'eve@example.com' }) + signed },
    'identity/bad-signature',
  ],
  [
    'wrapping: a forged assertion after the genuine one',
    { wrap: (signed, own) => signed + own({ nameId: 'eve@example.com' }) },
    'identity/bad-signature',
  ],
  [
    'wrapping: the genuine one inside the forged one',
    {
      wrap: (signed, own) =>
        own({ nameId: 'eve@example.com' }).replace('</saml:Subject>', `</saml:Subject>${signed}`),
    },
    'identity/bad-signature',
  ],
  [
    'wrapping: the genuine one inside the signature of the forged one',
    {
      wrap: (signed, own) =>
        own({ nameId: 'eve@example.com' }).replace(
          '</saml:Issuer>',
          `</saml:Issuer>${signatureOf(signed).replace('</Signature>', `<Object>${withoutSignature(signed)}</Object></Signature>`)}`,
        ),
    },
    'identity/bad-signature',
  ],
  [
    'wrapping: the same id twice',
    {
      parts: { id: '_same' },
      wrap: (signed, own) =>
        `${own({ id: '_same', nameId: 'eve@example.com' }).replace(
          '</saml:Issuer>',
          `</saml:Issuer>${signatureOf(signed)}`,
        )}<saml:Advice>${withoutSignature(signed)}</saml:Advice>`,
    },
    'identity/bad-signature',
  ],
  [
    'wrapping: the genuine one in an extension of the response',
    {
      wrap: (signed, own) =>
        `<samlp:Extensions>${signed}</samlp:Extensions>${own({ nameId: 'eve@example.com' })}`,
    },
    'identity/bad-signature',
  ],
  [
    'the signature of another assertion',
    {
      wrap: (signed, own) =>
        own({ nameId: 'eve@example.com' }).replace(
          '</saml:Issuer>',
          `</saml:Issuer>${signatureOf(signed)}`,
        ),
    },
    'identity/bad-signature',
  ],
  [
    'two signatures in one assertion',
    { wrap: (signed) => signed.replace('</Signature>', `</Signature>${signatureOf(signed)}`) },
    'identity/bad-signature',
  ],
  [
    'a comment in the name, put in after it was signed',
    { wrap: (signed) => signed.replace('ada@', 'a<!-- -->da@') },
    'identity/malformed',
  ],
  [
    'a comment in the name that the provider signed: eve owns ada@example.com.evil.example',
    { parts: { nameId: 'ada@example.com<!---->.evil.example' } },
    'identity/malformed',
  ],
  [
    'a CDATA section in the name',
    { parts: { nameId: 'ada@example.com<![CDATA[.evil.example]]>' } },
    'identity/malformed',
  ],
  [
    'a processing instruction in the name',
    { wrap: (signed) => signed.replace('ada@', 'a<?x y?>da@') },
    'identity/malformed',
  ],
  [
    'a document type with an entity',
    { response: (xml) => `<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]>${xml}` },
    'identity/malformed',
  ],
  [
    'entities that multiply',
    { response: (xml) => `<!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>${xml}` },
    'identity/malformed',
  ],
  [
    'a signature with SHA-1',
    { signature: { algorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' } },
    'identity/wrong-algorithm',
  ],
  [
    'a digest with SHA-1',
    { signature: { digest: 'http://www.w3.org/2000/09/xmldsig#sha1' } },
    'identity/wrong-algorithm',
  ],
  [
    'an HMAC with the certificate as its secret',
    {
      wrap: (signed) =>
        signed.replace(
          'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
          'http://www.w3.org/2000/09/xmldsig#hmac-sha1',
        ),
    },
    'identity/wrong-algorithm',
  ],
  [
    'an algorithm spelt with a character reference',
    { wrap: (signed) => signed.replace('xmldsig-more#rsa-sha256', 'xmldsig-more#rsa-sha25&#54;') },
    'identity/wrong-algorithm',
  ],
  [
    'a transform that selects what is signed',
    {
      wrap: (signed) =>
        signed.replace(
          'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
          'http://www.w3.org/TR/1999/REC-xpath-19991116',
        ),
    },
    'identity/wrong-algorithm',
  ],
  ['another audience', { parts: { audience: 'https://other.example' } }, 'identity/wrong-audience'],
  ['no audience', { parts: { audience: '' } }, 'identity/wrong-audience'],
  [
    'the audience of another provider of this gateway',
    { parts: { audience: partner.spEntityId } },
    'identity/wrong-audience',
  ],
  [
    'another recipient',
    { parts: { recipient: 'https://other.example/acs' } },
    'identity/wrong-recipient',
  ],
  ['another issuer', { parts: { issuer: 'https://other.example' } }, 'identity/wrong-issuer'],
  ['an answer to another request', { parts: { inResponseTo: '_other' } }, 'identity/not-asked-for'],
  [
    'an answer to no request, in a response that names one',
    { parts: { inResponseTo: undefined } },
    'identity/not-asked-for',
  ],
  ['expired', { parts: { issuedMs: -400_000, notOnOrAfterMs: -40_000 } }, 'identity/expired'],
  [
    'made too long ago, whatever it says itself',
    { parts: { issuedMs: -700_000, notBeforeMs: -700_000 } },
    'identity/expired',
  ],
  ['not valid yet', { parts: { notBeforeMs: 120_000 } }, 'identity/not-yet-valid'],
  ['made in the future', { parts: { issuedMs: 120_000 } }, 'identity/not-yet-valid'],
  ['a session that is over', { parts: { sessionEndsMs: -1000 } }, 'identity/expired'],
  [
    'confirmed by a key that nobody shows',
    { parts: { method: 'urn:oasis:names:tc:SAML:2.0:cm:holder-of-key' } },
    'identity/malformed',
  ],
  ['another version', { parts: { version: '1.1' } }, 'identity/malformed'],
  ['an empty name', { parts: { nameId: '' } }, 'identity/malformed'],
  [
    'a name that the provider may not give',
    { parts: { nameId: 'root@other.example' } },
    'identity/subject-not-allowed',
  ],
  ['a name of spaces', { parts: { nameId: ' ada@example.com' } }, 'identity/no-subject'],
  [
    'an encrypted assertion',
    { wrap: () => '<saml:EncryptedAssertion><x/></saml:EncryptedAssertion>' },
    'identity/malformed',
  ],
  [
    'a failure',
    { wrap: () => '', response: (xml) => xml.replace('status:Success', 'status:Responder') },
    'identity/denied',
  ],
  ['no assertion', { wrap: () => '' }, 'identity/malformed'],
  ['no XML', { response: () => 'hello' }, 'identity/malformed'],
  ['XML of another kind', { response: () => '<a xmlns="b"/>' }, 'identity/not-asked-for'],
  ['more parts than sense', { wrap: (s) => s + '<x/>'.repeat(6000) }, 'identity/oversized'],
];

for (const [name, attack, code] of ATTACKS)
  test(`${name}: ${code}`, async () => {
    const desk = open();
    const back = new URL(await answer(desk, attack));
    assert.equal(desk.signedIn, []);
    assert.equal(desk.refused, [code]);
    assert.is(back.searchParams.get('code'), null);
    assert.is(back.searchParams.get('error'), 'access_denied');
  });

test('an assertion is good once, in the same sign-in and in another', async () => {
  const desk = open();
  const { requestId, relayState } = await begin(desk.saml);
  const assertion = writeAssertion(rightParts({ audience: AUDIENCE, recipient: ACS, requestId }));
  const signed = signElement(assertion, 'Assertion', key);
  const response = encode(writeResponse(signed, { inResponseTo: requestId, destination: ACS }));
  assert.match(await finish(desk, 'corp', relayState, response), /code=/);
  assert.is(await finish(desk, 'corp', relayState, response), 'identity/not-asked-for');
  const second = await begin(desk.saml);
  assert.match(await finish(desk, 'corp', second.relayState, response), /identity%2Fnot-asked-for/);
  const third = await begin(desk.saml);
  const renamed = encode(
    writeResponse(signed, { inResponseTo: third.requestId, destination: ACS }),
  );
  assert.match(await finish(desk, 'corp', third.relayState, renamed), /identity%2Fnot-asked-for/);
  assert.is(desk.signedIn.length, 1);
});

test('what one provider says is not shown as the word of another', async () => {
  const desk = open();
  const { requestId, relayState } = await begin(desk.saml, 'partner');
  const asked = { audience: partner.spEntityId, recipient: partner.acsUrl, requestId };
  const signed = signElement(writeAssertion(rightParts(asked)), 'Assertion', key);
  const response = encode(
    writeResponse(signed, { inResponseTo: requestId, destination: partner.acsUrl }),
  );
  assert.match(await finish(desk, 'partner', relayState, response), /identity%2Fbad-signature/);
  // A sign-in that was begun with one provider is not finished at the address of the other.
  const begun = await begin(desk.saml, 'partner');
  assert.is(await finish(desk, 'corp', begun.relayState, response), 'identity/not-asked-for');
  assert.equal(desk.signedIn, []);
});

test('nobody begins a sign-in that ends elsewhere than at a program on their own machine', async () => {
  const { saml } = open();
  for (const redirectUri of [
    'https://evil.example/callback',
    'http://127.0.0.1.evil.example:80/callback',
    'http://127.0.0.1:80@evil.example/callback',
    'http://127.0.0.1:80/callback?next=https://evil.example',
    'http://127.0.0.1:80/other',
    'http://localhost:80/callback',
    'http://127.0.0.1:0/callback',
  ])
    assert.is(
      ((await saml.begin('corp', { ...request, redirectUri })) as Refusal).code,
      'login/request',
    );
  for (const odd of [{ challenge: 'plain' }, { state: 'a b' }, { state: '' }])
    assert.is(
      ((await saml.begin('corp', { ...request, ...odd })) as Refusal).code,
      'login/request',
    );
  assert.is(((await saml.begin('nobody', request)) as Refusal).code, 'login/unknown-provider');
});

test('a code is worth nothing without the secret, for another program, or late', async () => {
  const right = { verifier, redirectUri: CALLBACK };
  for (const wrong of [
    { verifier: 'x'.repeat(43) },
    { redirectUri: 'http://127.0.0.1:4712/callback' },
    { code: 'guessed' },
  ]) {
    const desk = open();
    const code = codeOf(await answer(desk));
    assert.is((desk.saml.redeem({ code, ...right, ...wrong }) as Refusal).code, 'login/code');
    // A code that was shown wrongly is burnt.
    const burnt = 'code' in wrong ? 'token' : 'refused';
    assert.ok(burnt in desk.saml.redeem({ code, ...right }));
  }
  const desk = open();
  const code = codeOf(await answer(desk));
  desk.clockMs += 61_000;
  assert.is((desk.saml.redeem({ code, ...right }) as Refusal).code, 'login/code');
});

test('a sign-in that nobody finishes is forgotten', async () => {
  const desk = open();
  const { relayState } = await begin(desk.saml);
  desk.clockMs += 601_000;
  assert.is(await finish(desk, 'corp', relayState, 'x'), 'identity/not-asked-for');
});

test.run();
