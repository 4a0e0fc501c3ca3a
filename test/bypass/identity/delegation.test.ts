/**
 * An agent acts for a person only by the registry, the person's consent and both tokens; each way round that, tried against the
 * whole gateway in this process over its API.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfig } from '../../../control/config/load.ts';
import { type RunningGateway, startGateway } from '../../../control/gateway.ts';
import { newId } from '../../../control/identifier.ts';
import { sealCode } from '../../../control/identity/break-glass.ts';
import { issueToken } from '../../../control/identity/issue.ts';
import { createRegistry } from '../../../control/identity/registry.ts';
import { openSigningKey } from '../../../control/identity/signing-key.ts';
import { createLog } from '../../../control/log.ts';
import { readJournal } from '../../../proxy/journal/read.ts';

const { code: CODE, hash } = sealCode();
const CONFIG = `listen: {api: "127.0.0.1:0"}
resources: [{name: shop, type: http, url: "http://127.0.0.1:1"}, {name: wiki, type: http, url: "http://127.0.0.1:1"}]
identities:
  - {subject: ada, groups: [engineering]}
  - {subject: eve}
  - {subject: boss, groups: [sallyport-admins]}
  - {subject: batch, kind: service, acts_for: [ada]}
agents:
  - {subject: bot, owner: ada, purpose: answers mail, resources: [shop], expires: 2999-01-01}
  - {subject: sub, owner: ada, purpose: is called by bot, resources: [shop], expires: 2999-01-01, acts_for_groups: [engineering]}
  - {subject: old, owner: ada, purpose: is over, resources: [shop], expires: 2020-01-01}
delegation: {max_depth: 2, max_consent: 2h}
break_glass: [{subject: boss, hash: "${hash}"}]
`;

interface Context {
  folder: string;
  running: RunningGateway;
  own: (subject: string, ttlMs?: number, onBehalfOf?: string) => Promise<string>;
  call: (path: string, token: string, body?: object) => Promise<Answer>;
  exchange: (form: Readonly<Record<string, string>>) => Promise<Answer>;
  delegate: (subject: string, actor: string) => Promise<Answer>;
}
type Answer = Readonly<Record<string, unknown>> & { readonly status: number };

const test = suite<Context>('bypass/identity/delegation');
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

test.before.each(async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-delegation-'));
  mkdirSync(join(folder, 'policies'));
  writeFileSync(join(folder, 'policies', 'access.policy'), 'package access\n\nallow := true\n');
  writeFileSync(join(folder, 'sallyport.yaml'), CONFIG);
  const settings = loadConfig(join(folder, 'sallyport.yaml'));
  const running = await startGateway(settings, { log: createLog('silent'), watch: false });
  const base = `http://127.0.0.1:${running.addresses.api.port}`;
  const read = async (response: Response): Promise<Answer> => ({
    ...((await response.json()) as object),
    status: response.status,
  });
  const exchange: Context['exchange'] = async (form) =>
    read(
      await fetch(`${base}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
          subject_token_type: ACCESS_TOKEN,
          ...form,
        }),
      }),
    );
  Object.assign(context, {
    folder,
    running,
    exchange,
    own: async (subject: string, lifetimeMs?: number, onBehalfOf?: string) =>
      (
        await issueToken(
          { subject, onBehalfOf, lifetimeMs },
          settings.tokens,
          createRegistry(settings.identities),
          openSigningKey(settings.stateDir),
          { nowMs: Date.now(), newId },
        )
      ).token,
    call: async (path: string, token: string, body?: object) =>
      read(
        await fetch(`${base}${path}`, {
          headers: {
            authorization: `Bearer ${token}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
        }),
      ),
    delegate: (subject: string, actor: string) =>
      exchange({ subject_token: subject, actor_token: actor, actor_token_type: ACCESS_TOKEN }),
  });
});
test.after.each(async ({ running, folder }) => {
  await running.stop();
  rmSync(folder, { recursive: true });
});

const payloadOf = (token: unknown): Readonly<Record<string, unknown>> =>
  JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString());
const grant = (agent: string, more: object = {}) => ({ agent, lifetime_seconds: 3600, ...more });

test('with consent the agent gets a short token that names both, and it is recorded', async ({
  own,
  call,
  delegate,
  folder,
  running,
}) => {
  const ada = await own('ada');
  const consent = await call('/v1/consents', ada, grant('bot', { resources: ['shop'] }));
  const issued = await delegate(ada, await own('bot'));
  assert.is(issued.status, 200);
  const claims = payloadOf(issued['access_token']);
  assert.is(claims['sub'], 'ada');
  assert.equal(claims['act'], {
    sub: 'bot',
    name: 'bot',
    kind: 'agent',
    groups: [],
    owner: 'ada',
  });
  assert.equal(claims['resources'], ['shop']);
  assert.ok((claims['roots'] as string[]).includes(`consent:${consent['id']}`));
  assert.ok(Number(issued['expires_in']) <= 3600);
  await running.stop();
  const types: string[] = [];
  for await (const { entry } of readJournal(join(folder, '.sallyport', 'journal')))
    types.push(entry.type);
  assert.equal(types.slice(-2), ['identity.consented', 'identity.delegated']);
});

test('without consent, for another, or by whom the registry does not name: refused', async ({
  own,
  call,
  delegate,
}) => {
  const [ada, eve, bot] = [await own('ada'), await own('eve'), await own('bot')];
  assert.is((await delegate(ada, bot))['code'], 'consent/needed');
  assert.is((await call('/v1/consents', eve, grant('bot')))['code'], 'consent/not-offered');
  assert.is((await delegate(eve, bot))['code'], 'identity/not-delegated');
  assert.is((await call('/v1/consents', bot, grant('bot')))['code'], 'consent/not-a-person');
  assert.is((await call('/v1/consents', ada, grant('old')))['code'], 'consent/unknown-agent');
  const beyond = await call('/v1/consents', ada, grant('bot', { resources: ['wiki'] }));
  assert.is(beyond['code'], 'consent/resource');
  const long = await call('/v1/consents', ada, grant('bot', { lifetime_seconds: 7201 }));
  assert.is(long['code'], 'consent/lifetime');
  assert.is((await call('/v1/consents', ada, grant('bot'))).status, 200);
  assert.is((await delegate(bot, ada))['code'], 'identity/not-a-person', 'swapped');
  assert.is((await delegate(ada, ada))['code'], 'identity/circular-chain');
  assert.is((await delegate(ada, eve))['code'], 'identity/unknown-agent');
  assert.is((await delegate(ada, await own('sub')))['code'], 'consent/needed', 'another agent');
});

test('a chain grows by consent for each agent, in no circle and to its depth only', async ({
  own,
  call,
  delegate,
}) => {
  const ada = await own('ada');
  const [bot, sub] = [await own('bot'), await own('sub')];
  for (const agent of ['bot', 'sub', 'batch']) await call('/v1/consents', ada, grant(agent));
  const first = String((await delegate(ada, bot))['access_token']);
  assert.is((await delegate(first, bot))['code'], 'identity/circular-chain');
  assert.is((await delegate(ada, first))['code'], 'identity/actor-delegated');
  const second = await delegate(first, sub);
  const { act } = payloadOf(second['access_token']) as {
    act: { sub: string; act: { sub: string } };
  };
  assert.equal([act.sub, act.act.sub], ['sub', 'bot']);
  const third = await delegate(String(second['access_token']), await own('batch'));
  assert.is(third['code'], 'identity/chain-too-long');
});

test('what is exchanged ends with the consent, the token it was made from, and its time', async ({
  own,
  call,
  delegate,
}) => {
  const ada = await own('ada');
  const bot = await own('bot', 60_000);
  const consent = await call('/v1/consents', ada, grant('bot'));
  const issued = await delegate(ada, bot);
  const acting = String(issued['access_token']);
  assert.ok(Number(issued['expires_in']) <= 60, 'never longer than the token of the agent');
  assert.is((await call('/v1/sessions', acting)).status, 200);
  assert.is(
    (await call('/v1/consents', acting, grant('sub')))['code'],
    'consent/not-a-person',
    'an agent does not consent for whom it acts for',
  );
  const foreign = await call(`/v1/consents/${consent['id']}/revoke`, await own('eve'), {});
  assert.is(foreign['code'], 'consent/not-found');
  const ended = await call(`/v1/consents/${consent['id']}/revoke`, ada, {});
  assert.type(ended['revoked_at'], 'string');
  assert.is((await call('/v1/sessions', acting))['code'], 'identity/revoked');
  assert.is((await delegate(ada, bot))['code'], 'consent/needed');

  await call('/v1/consents', ada, grant('bot'));
  const again = String((await delegate(ada, bot))['access_token']);
  await call('/v1/token/revoke', ada, {});
  assert.is((await call('/v1/sessions', again))['code'], 'identity/revoked');
});

test('a person sees their own consents, an admin all, others none', async ({ own, call }) => {
  await call('/v1/consents', await own('ada'), grant('bot'));
  for (const [subject, count] of [
    ['ada', 1],
    ['boss', 1],
    ['eve', 0],
  ] as const) {
    const { consents } = await call('/v1/consents', await own(subject));
    assert.is((consents as unknown[]).length, count, subject);
  }
});

test('a request that could be read in two ways is read in none', async ({ own, exchange }) => {
  const ada = await own('ada');
  const odd = await exchange({ grant_type: 'password', subject_token: ada });
  assert.is(odd['error'], 'unsupported_grant_type');
  assert.is((await exchange({ subject_token: ada }))['error'], 'invalid_request');
  const extra = await exchange({ subject_token: ada, scope: 'all' });
  assert.is(extra['error'], 'invalid_request');
  const wrong = await exchange({
    subject_token: ada,
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
  });
  assert.is(wrong['code'], 'identity/wrong-issuer', 'a token of the gateway is no ID token');
});

test('a break-glass code signs in once', async ({ call }) => {
  assert.is((await call('/v1/sessions', CODE)).status, 200);
  assert.is((await call('/v1/sessions', CODE))['code'], 'identity/break-glass');
});

test.run();
