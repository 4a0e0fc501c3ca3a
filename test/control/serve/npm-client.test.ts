/** The npm client of OPA, unchanged, against the decision service. */
import { OPAClient } from '@open-policy-agent/opa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startTestServe, stopServers, type TestServe } from '../../support/serve-server.ts';

const test = suite('control/serve/npm-client');
const TOKEN = 'a-token-of-some-length';
const POLICY = `package app

default allow := false

allow if input.user in data.staff

who := {"name": input.user}

odd := x if some x in input.xs
`;
const FILES = { 'app.policy': POLICY, 'data.json': '{"staff":["ada"]}' };

let serve: TestServe;
let client: OPAClient;
test.before(async () => {
  serve = await startTestServe(FILES, {
    defaultDecision: ['app', 'who'],
    tokens: { ask: TOKEN, change: undefined },
  });
  client = new OPAClient(serve.url, { headers: { authorization: `Bearer ${TOKEN}` } });
});
test.after(stopServers);

test('evaluate gives the value of a document, with and without input', async () => {
  assert.is(await client.evaluate('app/allow', { user: 'ada' }), true);
  assert.is(await client.evaluate('app/allow'), false);
  assert.equal(await client.evaluate('app/who', { user: 'ada' }), { name: 'ada' });
  assert.is(await client.evaluate('app/none', { user: 'ada' }), undefined);
  const level = await client.evaluate<{ user: string }, string>(
    'app/who',
    { user: 'ada' },
    { fromResult: (result) => JSON.stringify(result) },
  );
  assert.is(level, '{"name":"ada"}');
});

test('evaluateDefault asks the default decision', async () => {
  const answer = await client.evaluateDefault({ user: 'ada' });
  assert.equal(answer, { name: 'ada' });
});

test('evaluateBatch gives results by key, and faults beside them', async () => {
  const inputs = { good: { xs: [1] }, bad: { xs: [1, 2] } };
  const mixed = await client.evaluateBatch('app/odd', inputs);
  assert.is(mixed['good'], 1);
  assert.is((mixed['bad'] as { readonly code: string }).code, 'internal_error');
  const all = await client.evaluateBatch('app/allow', { a: { user: 'ada' }, b: { user: 'ben' } });
  assert.equal(all, { a: true, b: false });
});

test('a fault of the policy and a missing token reach the caller as errors', async () => {
  const fault = await client.evaluate('app/odd', { xs: [1, 2] }).catch((error: Error) => error);
  assert.instance(fault, Error);
  assert.match(String(fault), 'error(s) occurred while evaluating query');
  const stranger = new OPAClient(serve.url);
  const refused = await stranger.evaluate('app/allow').catch((error: Error) => error);
  assert.instance(refused, Error);
});

test('a request to compile is refused', async () => {
  const asked = client.getFilters('app/allow', { user: 'ada' }, { target: 'postgresql' });
  const refused = await asked.catch((error: Error) => error);
  assert.instance(refused, Error);
  assert.match(String(refused), /501|not compile/);
});

test.run();
