/** The decision service over real HTTP, by itself: what it answers, what it refuses, and what it never does. */
import { readFileSync } from 'node:fs';
import { request as rawRequest } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ask, startTestServe, stopServers, type TestServe } from '../../support/serve-server.ts';

const test = suite('control/serve/server');
const TOKEN = 'a-token-of-some-length';
const CHANGER = 'another-token-for-data';

const POLICY = `package app

default allow := false

allow if input.user in data.staff

sizes contains n if some n in [1, 2]

main := {"user": input.user}

slow if {
	some a in numbers.range(1, 3000)
	some b in numbers.range(1, 3000)
	a * b == -1
}

at := time.now_ns()
`;
const FILES = { 'app.policy': POLICY, 'data.json': '{"staff":["ada"],"names":{"1":"one"}}' };

let serve: TestServe;
test.before(async () => {
  serve = await startTestServe(FILES, { defaultDecision: ['app', 'main'] });
});
test.after(stopServers);

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  ask(`${serve.url}${path}`, { method: 'POST', body: JSON.stringify(body), headers });

test('a document is answered with its value, an undefined one without a result', async () => {
  const answer = await post('/v1/data/app/allow', { input: { user: 'ada' } });
  assert.equal([answer.status, answer.type], [200, 'application/json']);
  assert.is(answer.text, '{"result":true}\n');
  assert.is((await post('/v1/data/app/main', { input: {} })).text, '{}\n');
  assert.is((await post('/', { user: 'ben' })).text, '{"user":"ben"}\n');
  assert.is((await post('/v0/data/app/main', {})).status, 404);
});

test('the instant is that of the server', async () => {
  const before = BigInt(Date.now()) * 1_000_000n;
  const { text } = await post('/v1/data/app/at', { input: {} });
  const at = BigInt(/\d{19}/.exec(text)?.[0] ?? 0);
  assert.ok(at >= before && at <= before + 60_000_000_000n);
});

test('a gzipped body is unpacked, and one that grows too large is refused', async () => {
  const headers = { 'content-encoding': 'gzip' };
  const send = (body: Buffer) =>
    ask(`${serve.url}/v1/data/app/allow`, { method: 'POST', body: new Uint8Array(body), headers });
  assert.is((await send(gzipSync('{"input":{"user":"ada"}}'))).text, '{"result":true}\n');
  assert.is((await send(gzipSync(`{"input":"${'x'.repeat(200_000)}"}`))).status, 413);
  assert.is((await send(Buffer.from('{"input":{}}'))).status, 400);
});

test('what is no request is refused with a code, never answered', async () => {
  const refused = async (path: string, init: RequestInit): Promise<readonly [number, string]> => {
    const { status, text } = await ask(`${serve.url}${path}`, init);
    return [status, (JSON.parse(text) as { readonly code: string }).code];
  };
  const body = (text: string): RequestInit => ({ method: 'POST', body: text });
  assert.equal(await refused('/v1/data/app/allow', body('{')), [400, 'invalid_parameter']);
  assert.equal(await refused('/v1/data/app/allow', body('[]')), [400, 'invalid_parameter']);
  const bytes = { method: 'POST', body: new Uint8Array([0x22, 0xff, 0x22]) };
  assert.equal(await refused('/v1/data/app/allow', bytes), [400, 'invalid_parameter']);
  const large = body(`{"input":"${'x'.repeat(70_000)}"}`);
  assert.equal(await refused('/v1/data/app/allow', large), [413, 'invalid_parameter']);
  assert.equal(await refused('/v1/data/a%22b', {}), [400, 'invalid_parameter']);
  assert.equal(await refused('/v1/data/a%zz', {}), [400, 'invalid_parameter']);
  assert.equal(await refused(`/v1/data/${'a/'.repeat(70)}`, {}), [400, 'invalid_parameter']);
  assert.equal(await refused('/v1/elsewhere', {}), [404, 'resource_not_found']);
  assert.equal(await refused('/v1/policies/x', { method: 'PUT' }), [405, 'invalid_operation']);
  const data = { method: 'PUT', body: '1' };
  assert.equal(await refused('/v1/data/staff', data), [403, 'unauthorized']);
  assert.is((await ask(`${serve.url}/v1/query`, { method: 'DELETE' })).status, 405);
});

test('/v1/compile is refused with a code that says what to do instead', async () => {
  for (const path of ['/v1/compile', '/v1/compile/app/allow']) {
    const { status, text } = await post(path, { query: 'data.app.allow == true' });
    assert.is(status, 501);
    assert.match(text, 'serve/compile-unsupported');
    assert.match(text, 'POST /v1/data/PATH');
  }
});

test('an evaluation that takes too long ends as a fault', async () => {
  const brief = await startTestServe(FILES, {
    limits: { bodyBytes: 65_536, inFlight: 8, decisionMs: 30, requestMs: 5_000 },
  });
  const { status, text } = await ask(`${brief.url}/v1/data/app/slow`);
  await brief.stop();
  assert.is(status, 500);
  assert.match(text, 'eval_limit_error');
});

test('requests beyond the bound are refused, and later ones answered', async () => {
  const small = await startTestServe(FILES, {
    limits: { bodyBytes: 65_536, inFlight: 2, decisionMs: 1_000, requestMs: 5_000 },
  });
  const { port } = new URL(small.url);
  const held = [1, 2].map(() => {
    const open = rawRequest({ port, method: 'POST', path: '/v1/data', host: '127.0.0.1' });
    open.on('error', () => undefined);
    open.write('{');
    return open;
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  const refused = await ask(`${small.url}/v1/data/app/allow`);
  assert.is(refused.status, 503);
  assert.is(refused.headers.get('retry-after'), '1');
  const envoy = await ask(`${small.url}/envoy/x`);
  assert.is(envoy.status, 403, 'Envoy could take a 5xx for leave to let it pass');
  for (const open of held) open.destroy();
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.is((await ask(`${small.url}/v1/data/app/allow`)).status, 200);
  await small.stop();
});

test('with a token nothing but the probes is told to others', async () => {
  const guarded = await startTestServe(FILES, { tokens: { ask: TOKEN, change: CHANGER } });
  const status = async (path: string, token?: string, init: RequestInit = {}) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return (await ask(`${guarded.url}${path}`, { ...init, headers })).status;
  };
  const paths = [
    '/v1/data/app/allow',
    '/v1/policies',
    '/v1/status',
    '/metrics',
    '/v1/query?q=1',
    '/x',
  ];
  for (const path of paths) {
    assert.is(await status(path), 401, path);
    assert.is(await status(path, `${TOKEN}x`), 401, path);
  }
  for (const path of paths.slice(0, -1)) assert.is(await status(path, TOKEN), 200, path);
  assert.is(await status('/health'), 200);
  const put = { method: 'PUT', body: '["ben"]' };
  assert.is(await status('/v1/data/staff', TOKEN, put), 401);
  assert.is(await status('/v1/data/staff', CHANGER, put), 204);
  const envoy = await ask(`${guarded.url}/envoy/x`, { headers: { 'sallyport-token': 'wrong' } });
  assert.is(envoy.status, 401);
  await guarded.stop();
});

test('without a token a page of another site cannot ask by its own name', async () => {
  const { port } = new URL(serve.url);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const headers = { host: 'rebound.example' };
    const asked = rawRequest({ port, host: '127.0.0.1', path: '/v1/data', headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on('error', reject).end();
  });
  assert.is(status, 421);
});

test('a batch is answered input by input, by one revision', async () => {
  const { status, text } = await post('/v1/batch/data/app/allow', {
    inputs: { a: { user: 'ada' }, b: { user: 'ben' } },
  });
  assert.is(status, 200);
  assert.is(text, '{"responses":{"a":{"result":true},"b":{"result":false}}}\n');
  assert.is((await post('/v1/batch/data/app/allow', { inputs: [] })).status, 400);
  const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, at) => [`i${at}`, 1]));
  assert.is((await post('/v1/batch/data/app/allow', { inputs: many })).status, 400);
});

test('metrics count requests by route and status', async () => {
  const { text } = await ask(`${serve.url}/metrics`);
  assert.match(text, /http_request_duration_seconds_count\{[^}]*handler="v1\/data"[^}]*\} \d/);
  assert.match(text, /sallyport_serve_policy_loads_total\{outcome="swapped"\} 1/);
});

test('a decision log holds every decision, and what cannot be logged is not decided', async () => {
  const logged = await startTestServe(FILES, { decisionLog: join(serve.folder, 'log.jsonl') });
  const answer = await ask(`${logged.url}/v1/data/app/allow`, {
    method: 'POST',
    body: '{"input":{"user":"ada"}}',
  });
  await logged.stop();
  const [line = ''] = readFileSync(join(serve.folder, 'log.jsonl'), 'utf8').split('\n');
  const decision = JSON.parse(line) as Readonly<Record<string, unknown>>;
  const { decision_id: id } = JSON.parse(answer.text) as { readonly decision_id: string };
  assert.is(decision['decision_id'], id);
  assert.equal(decision['input'], { user: 'ada' });
  assert.is(decision['result'], true);
  assert.is(decision['path'], 'data.app.allow');
  const full = await startTestServe(FILES, { decisionLog: '/dev/full' });
  const refused = await ask(`${full.url}/v1/data/app/allow`);
  await full.stop();
  assert.is(refused.status, 500);
  assert.not.match(refused.text, 'result');
});

test('an explanation names the rule and the expression that failed', async () => {
  const { text } = await post('/v1/data/app/allow?explain=full&pretty', { input: { user: 'ben' } });
  const { explanation } = JSON.parse(text) as { readonly explanation: readonly string[] };
  assert.match(explanation.join('\n'), 'data.app.allow (');
  assert.match(explanation.join('\n'), 'input.user in data.staff');
});

test.run();
