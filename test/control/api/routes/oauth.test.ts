/**
 * The token endpoint: what it hands on, and for which address a proof has to be.
 */
import fastify from 'fastify';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { acceptForms } from '../../../../control/api/form-body.ts';
import type { ApiPorts } from '../../../../control/api/ports.ts';
import { registerOauthRoutes } from '../../../../control/api/routes/oauth.ts';
import type { Delegation } from '../../../../control/identity/exchange.ts';
import { refuse } from '../../../../proxy/gate/refusal.ts';

const oauth = suite('control/api/routes/oauth');
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS = 'urn:ietf:params:oauth:token-type:access_token';
const ID = 'urn:ietf:params:oauth:token-type:id_token';
const REFUSED = refuse('unauthenticated', 'identity/malformed', 'this is not a token');
const SIGNED = { token: 'signed', id: 's1', expiresAtMs: 61_000 };

type Form = Readonly<Record<string, string>>;

async function ask(form: Form, more: { readonly url?: string; readonly dpop?: string } = {}) {
  const asked: unknown[] = [];
  const app = fastify();
  acceptForms(app);
  registerOauthRoutes(app, {
    exchange: {
      delegate: async (request: Delegation) => {
        asked.push(request.proof?.dpop?.url ?? 'unproven');
        return REFUSED;
      },
    },
    signIn: {
      url: more.url,
      offer: [],
      people: {
        byIdToken: async (idToken: string, previous: string | undefined) => {
          asked.push([idToken, previous]);
          return SIGNED;
        },
      },
      saml: {
        redeem: (redemption: unknown) => {
          asked.push(redemption);
          return SIGNED;
        },
      },
    },
    nowMs: () => 1000,
  } as unknown as ApiPorts);
  const response = await app.inject({
    method: 'POST',
    url: '/oauth/token',
    headers: {
      host: 'gate.internal:7070',
      'content-type': 'application/x-www-form-urlencoded',
      ...(more.dpop === undefined ? {} : { dpop: more.dpop }),
    },
    payload: new URLSearchParams(form).toString(),
  });
  await app.close();
  return { asked, status: response.statusCode, body: response.json() as Form };
}

const delegation = {
  grant_type: EXCHANGE,
  subject_token: 'a',
  subject_token_type: ACCESS,
  actor_token: 'b',
  actor_token_type: ACCESS,
};

oauth('a proof is for the address that clients know, and not for another', async () => {
  assert.equal((await ask(delegation, { dpop: 'proof' })).asked, [
    'http://gate.internal:7070/oauth/token',
  ]);
  const reached = await ask(delegation, { dpop: 'proof', url: 'https://gate.example' });
  assert.equal(reached.asked, ['https://gate.example/oauth/token']);
  assert.equal((await ask(delegation)).asked, ['unproven']);
});

oauth('an ID token signs in, and renews the session that comes with it', async () => {
  const form = { grant_type: EXCHANGE, subject_token: 'id', subject_token_type: ID };
  const first = await ask(form);
  assert.equal(first.asked, [['id', undefined]]);
  assert.equal(
    [first.status, first.body['access_token'], first.body['expires_in']],
    [200, 'signed', 60],
  );
  assert.equal((await ask({ ...form, session_token: 'old' })).asked, [['id', 'old']]);
});

oauth('a code is redeemed with its secret and its address, and with nothing missing', async () => {
  const form = {
    grant_type: 'authorization_code',
    code: 'c',
    code_verifier: 'v'.repeat(43),
    redirect_uri: 'http://127.0.0.1:1/callback',
  };
  const { asked, body } = await ask(form);
  assert.equal(asked, [
    { code: 'c', verifier: 'v'.repeat(43), redirectUri: 'http://127.0.0.1:1/callback' },
  ]);
  assert.is(body['access_token'], 'signed');
  for (const name of ['code', 'code_verifier', 'redirect_uri'] as const) {
    const rest = Object.fromEntries(Object.entries(form).filter(([key]) => key !== name));
    const refused = await ask(rest);
    assert.equal([refused.asked, refused.body['error']], [[], 'invalid_request']);
  }
});

oauth('other grants, and an exchange without a subject, are refused', async () => {
  assert.is((await ask({ grant_type: 'password' })).body['error'], 'unsupported_grant_type');
  assert.is((await ask({ grant_type: EXCHANGE })).body['error'], 'invalid_request');
  const refused = await ask(delegation);
  assert.equal([refused.status, refused.body['code']], [400, 'identity/malformed']);
});

oauth.run();
