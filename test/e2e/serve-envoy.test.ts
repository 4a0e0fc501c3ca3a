/** A real Envoy asks the decision service about every request, and its target sees only those that a policy allowed. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findEnvoy, type RunningEnvoy, startEnvoy } from '../support/envoy.ts';
import { ask, startTestServe, stopServers, type TestServe } from '../support/serve-server.ts';

const test = suite('e2e/serve-envoy');
const TOKEN = 'a-token-of-some-length';
const POLICY = `package envoy.authz

default allow := false

http := input.attributes.request.http

user := http.headers["x-user"]

allow if {
	user == "ada"
	http.method == "GET"
	input.parsed_path[0] == "public"
}

allow := {"allowed": true, "headers": {"x-role": "dba"}} if user == "dora"

allow := {"allowed": false, "http_status": 401, "headers": {"www-authenticate": "Basic"}, "body": "who are you\\n"} if not user

allow := {"allowed": false, "http_status": 503} if user == "hopeful"

allow := {"allowed": true, "headers": {"x-role": "a\\r\\nx-more: b"}} if user == "splitter"

allow if {
	user == "payer"
	input.parsed_body.amount < 100
	not input.truncated_body
}

allow if {
	user == "seeker"
	input.parsed_query.q == ["a b", "c"]
	input.parsed_path == ["one", "t/wo"]
}

allow := x if {
	user == "torn"
	some x in [true, false]
}

allow if {
	user == "slow"
	some a in numbers.range(1, 5000)
	some b in numbers.range(1, 5000)
	a * b == -1
}
`;

const envoy = findEnvoy();
if (envoy === undefined) {
  console.log('SKIP: Envoy is not installed, so the checks it makes are not run through it');
  test('the policy of these tests compiles', async () => {
    const serve = await startTestServe({ 'authz.policy': POLICY });
    assert.match(serve.revision(), 'sha256:');
  });
} else {
  askThrough(envoy);
}
test.after(stopServers);

interface Seen {
  readonly line: string;
  readonly role: string | undefined;
  readonly token: string | undefined;
}

function askThrough(program: string): void {
  const seen: Seen[] = [];
  const target = createServer((request, response) => {
    seen.push({
      line: `${request.method} ${request.url}`,
      role: request.headers['x-role']?.toString(),
      token: request.headers['sallyport-token']?.toString(),
    });
    request.resume();
    response.end('from the target');
  });
  let serve: TestServe;
  let running: RunningEnvoy;
  test.before(async () => {
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    serve = await startTestServe(
      { 'authz.policy': POLICY },
      {
        tokens: { ask: TOKEN, change: undefined },
        limits: { bodyBytes: 65_536, inFlight: 64, decisionMs: 100, requestMs: 5_000 },
      },
    );
    running = await startEnvoy(program, {
      service: Number(new URL(serve.url).port),
      target: (target.address() as AddressInfo).port,
      token: TOKEN,
    });
  });
  test.before.each(() => {
    seen.length = 0;
  });
  test.after(async () => {
    await running?.stop();
    target.closeAllConnections();
    target.close();
  });

  const through = (path: string, user: string | undefined, init: RequestInit = {}) =>
    ask(`${running.url}${path}`, {
      ...init,
      headers: { ...init.headers, ...(user === undefined ? {} : { 'x-user': user }) },
    });

  test('what the policy allows reaches the target, once and unchanged', async () => {
    const answer = await through('/public/a?b=1', 'ada');
    assert.equal([answer.status, answer.text], [200, 'from the target']);
    assert.equal(
      seen.map(({ line }) => line),
      ['GET /public/a?b=1'],
    );
    assert.is(seen[0]?.token, undefined);
  });

  test('what it does not allow reaches nothing', async () => {
    for (const [path, user, method] of [
      ['/private', 'ada', 'GET'],
      ['/public', 'ada', 'POST'],
      ['/public', 'ben', 'GET'],
    ] as const) {
      const answer = await through(path, user, { method });
      assert.equal([answer.status, answer.text], [403, 'denied by policy\n'], path);
    }
    assert.equal(seen, []);
  });

  test('headers of the policy go to the target, and those of a denial to the client', async () => {
    assert.is((await through('/any', 'dora')).status, 200);
    assert.is(seen[0]?.role, 'dba');
    const denied = await through('/any', undefined);
    assert.equal([denied.status, denied.text], [401, 'who are you\n']);
    assert.is(denied.headers.get('www-authenticate'), 'Basic');
  });

  test('a role that the client claims is replaced by that of the policy', async () => {
    await through('/any', 'dora', { headers: { 'x-role': 'root' } });
    assert.is(seen[0]?.role, 'dba');
  });

  test('bodies, queries and escaped segments are what the policy sees', async () => {
    const pay = (amount: number, pad = '') => ({
      method: 'POST',
      body: JSON.stringify({ amount, pad }),
      headers: { 'content-type': 'application/json' },
    });
    assert.is((await through('/pay', 'payer', pay(5))).status, 200);
    assert.is((await through('/pay', 'payer', pay(500))).status, 403);
    assert.is((await through('/pay', 'payer', pay(5, 'x'.repeat(20_000)))).status, 403);
    assert.is((await through('/one/t%2Fwo?q=a+b&q=c', 'seeker')).status, 200);
    assert.is((await through('/one/t/wo?q=a+b&q=c', 'seeker')).status, 403);
  });

  test('what cannot be decided is denied, though Envoy lets failed checks pass', async () => {
    for (const user of ['hopeful', 'splitter', 'torn', 'slow']) {
      const answer = await through('/any', user);
      assert.is(answer.status, 403, user);
    }
    assert.is((await through('/%zz', 'dora')).status, 400);
    assert.equal(seen, []);
  });
}

test.run();
