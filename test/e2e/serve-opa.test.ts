/**
 * The decision service beside OPA's own server: the same policies, the same requests, the same answers. Faults are compared by status
 * and code, which clients go by; their sentences are each server's own. What differs on purpose is listed at the end.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ChildServer, findFreePort, startChildServer } from '../support/child-server.ts';
import { findOpa } from '../support/opa.ts';
import {
  type Answer,
  ask,
  startTestServe,
  stopServers,
  type TestServe,
} from '../support/serve-server.ts';

const test = suite('e2e/serve-opa');
const opa = findOpa();
const TOKEN = 'a-token-for-changing-data';

const POLICY = `package app

default allow := false

allow if input.user == "ada"

ratio := 1 / input.d

missing := input.nope

members contains x if some x in input.xs

odd := x if some x in [1, 2]

double(x) := x * 2

exact := [1.50, 123456789012345678901234567890, 1e3, input.n]

nested.deep.value := "<&>\\u2028é"

by_name[name] := size if {
	some name, size in input.sizes
}
`;
const HEALTH = 'package system.health\n\nlive if input.plugins_ready\n';
const MAIN = 'package system\n\nmain := {"hello": input.user}\n';
const DATA = '{"lists":{"a":[1,2,{"k":"<v>"}],"names":{"ada":{"level":3}}},"app":{"extra":3}}';

interface Location {
  readonly file?: string;
  readonly row?: number;
  readonly col?: number;
}

type Request = readonly [path: string, init?: RequestInit];
const post = (path: string, body: string): Request => [path, { method: 'POST', body }];
const write = (method: string, path: string, body: string): Request => [path, { method, body }];

/** Answered alike to the last byte. */
const SAME: readonly Request[] = [
  ['/v1/data/app/allow'],
  post('/v1/data/app/allow', '{"input":{"user":"ada"}}'),
  post('/v1/data/app/allow', '{"input":{"user":"ben"}}'),
  post('/v1/data/app/allow', '{"input":null}'),
  post('/v1/data/app/allow', '{}'),
  post('/v1/data/app/allow', ''),
  post('/v1/data/app/allow', 'null'),
  post('/v1/data/app/missing', '{"input":{}}'),
  post('/v1/data/nobody', '{"input":{}}'),
  post('/v1/data/lists', '{"input":{}}'),
  post('/v1/data/app/ratio', '{"input":{"d":0}}'),
  post('/v1/data/app/ratio', '{"input":{"d":4}}'),
  post('/v1/data/app/exact', '{"input":{"n":1.10}}'),
  post('/v1/data/app/nested', '{"input":{}}'),
  post('/v1/data/app/by_name', '{"input":{"sizes":{"b":2,"a":1}}}'),
  post('/v1/data/app/by_name/b', '{"input":{"sizes":{"b":2,"a":1}}}'),
  post('/v1/data/app/members', '{"input":{"xs":["b","a",{},[],{"x":{}},null,true,1.0]}}'),
  post('/v1/data/app/members?pretty', '{"input":{"xs":["b","a",{},[],{"x":{}}]}}'),
  post('/v1/data/app/members/b', '{"input":{"xs":["b","a"]}}'),
  post('/v1/data/app/members/z', '{"input":{"xs":["b","a"]}}'),
  ['/v1/data/app/allow?input={"user":"ada"}&pretty'],
  ['/v1/data/app/allow?input={"user":"ada"}&pretty=false'],
  ['/v1/data/app/extra'],
  ['/v1/data/lists/a/2?pretty=true'],
  ['/v1/data/lists/a/7'],
  ['/v1/data/lists/names/ada/level'],
  post('/', '{"user":"ada"}'),
  post('/v0/data/app/allow', '{"user":"ada"}'),
  post('/v0/data/lists/a/2', '{}'),
  ['/health'],
  ['/health?bundles'],
  ['/health?plugins=true'],
  ['/health/live'],
  ['/health/ready'],
  ['/v1/query?q=data.lists.a%5Bi%5D%20%3D%20x'],
  post('/v1/query', '{"query":"x = input.a; y := data.lists.a[i]","input":{"a":1}}'),
  post('/v1/query?pretty', '{"query":"x = data.app.allow","input":{"user":"ada"}}'),
  post('/v1/query', '{"query":"data.app.missing = x"}'),
  ['/v1/query', { method: 'DELETE' }],
  ['/v1/data', { method: 'OPTIONS' }],
  ['/v1/data', { method: 'DELETE' }],
];

/** Answered by the same status and code. */
const SAME_FAULT: readonly Request[] = [
  post('/v1/data/app/odd', '{"input":{}}'),
  post('/v1/data/app', '{"input":{}}'),
  post('/v1/data/app/ratio?strict-builtin-errors', '{"input":{"d":0}}'),
  post('/v1/data/app/ratio?strict-builtin-errors=true', '{"input":{"d":0}}'),
  post('/v1/data/app/allow', '{bad'),
  post('/v1/data/app/allow', '[1]'),
  post('/v1/data/app/allow', '"x"'),
  ['/v1/data/app/allow?input={bad'],
  ['/v1/data/app/double'],
  post('/v0/data/app/missing', '{}'),
  post('/v0/data/nobody', '{}'),
  post('/v0/data/app/allow', '{bad'),
  ['/v1/query'],
  post('/v1/query', '{"query":"x = "}'),
  post('/v1/query', '{"query":"nobody(1)"}'),
  post('/v1/query', '{"query":"x"}'),
  post('/v1/query', '{bad'),
  ['/v1/policies/nobody'],
];

/** Changes to the data, in this order; each is followed by a look at what is there. */
const CHANGES: readonly Request[] = [
  write('PUT', '/v1/data/lists/b', '[1]'),
  write('PUT', '/v1/data/x/y/z', '{"q":1}'),
  write('PUT', '/v1/data/x/y/z/q/r', '{"q":1}'),
  write('PUT', '/v1/data/lists/a/0', '"zero"'),
  write('PUT', '/v1/data/lists/a/9', '"nine"'),
  write('PUT', '/v1/data/app/allow', 'true'),
  write('PUT', '/v1/data/app/other', 'true'),
  write('PUT', '/v1/data', '[1]'),
  write('PUT', '/v1/data/lists/c', '{bad'),
  write('PUT', '/v1/data/lists/c', ''),
  write(
    'PATCH',
    '/v1/data/lists',
    '[{"op":"add","path":"/a/0","value":"first"},{"op":"add","path":"a/-","value":{"k~1":1}},{"op":"replace","path":"b","value":{"k":1}},{"op":"remove","path":"/b/k"}]',
  ),
  write('PATCH', '/v1/data/lists', '[{"op":"move","path":"/a/0","value":"first"}]'),
  write(
    'PATCH',
    '/v1/data/lists',
    '[{"op":"add","path":"/ok","value":1},{"op":"remove","path":"/no"}]',
  ),
  write('PATCH', '/v1/data/lists', '[{"op":"replace","path":"/nope","value":1}]'),
  write('PATCH', '/v1/data/lists', '[{"op":"add","path":"/p/q","value":1}]'),
  write('PATCH', '/v1/data/lists', '[{"op":"add","path":"/a/77","value":1}]'),
  write('PATCH', '/v1/data/lists', '[{"op":"add","path":"/a/x","value":1}]'),
  write('PATCH', '/v1/data/lists', '{"op":"add"}'),
  write('PATCH', '/v1/data/lists', '[{"op":"add","path":"","value":1}]'),
  write('DELETE', '/v1/data/nobody', ''),
  write('DELETE', '/v1/data/lists', ''),
  ['/v1/data/x', { method: 'PUT', body: '1', headers: { 'if-none-match': '*' } }],
];

if (opa === undefined) {
  console.log('SKIP: the real OPA is not installed, so its server is not compared with');
  test('the requests are well formed', () => {
    for (const [path] of [...SAME, ...SAME_FAULT, ...CHANGES]) assert.ok(path.startsWith('/'));
  });
} else {
  compareWith(opa);
}

function compareWith(program: string): void {
  let theirs: ChildServer;
  let theirUrl = '';
  let ours: TestServe;
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-opa-'));
  test.before(async () => {
    const files = {
      'app.rego': POLICY,
      'health.rego': HEALTH,
      'main.rego': MAIN,
      'data.json': DATA,
    };
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    theirUrl = `http://127.0.0.1:${await findFreePort()}`;
    const args = ['run', '--server', '--log-level', 'error', '--addr', theirUrl.slice(7), folder];
    theirs = await startChildServer(program, args, `${theirUrl}/health`);
    ours = await startTestServe(files, { tokens: { ask: undefined, change: TOKEN } });
  });
  test.after(async () => {
    await theirs?.stop();
    await stopServers();
    rmSync(folder, { recursive: true, force: true });
  });

  const both = async ([path, init = {}]: Request): Promise<readonly [Answer, Answer]> => {
    const headers = { ...init.headers, authorization: `Bearer ${TOKEN}` };
    return Promise.all([
      ask(`${theirUrl}${path}`, init),
      ask(`${ours.url}${path}`, { ...init, headers }),
    ]);
  };
  const name = ([path, init]: Request): string =>
    `${init?.method ?? 'GET'} ${path} ${init?.body ?? ''}`.slice(0, 110);
  const shape = ({ status, type, text }: Answer): readonly unknown[] => [status, type, text];
  const fault = ({ status, type, text }: Answer): readonly unknown[] => {
    const { code, errors } = JSON.parse(text) as {
      readonly code?: string;
      readonly errors?: readonly { readonly code: string; readonly location?: Location }[];
    };
    const { file = '', row, col } = errors?.[0]?.location ?? {};
    return [status, type, code, errors?.[0]?.code, basename(file), row, col];
  };

  for (const request of SAME)
    test(`alike: ${name(request)}`, async () => {
      const [their, our] = await both(request);
      assert.equal(shape(our), shape(their));
    });

  for (const request of SAME_FAULT)
    test(`refused alike: ${name(request)}`, async () => {
      const [their, our] = await both(request);
      assert.ok(their.status >= 400);
      assert.equal(fault(our), fault(their));
    });

  test('metrics and provenance have members of the same names', async () => {
    const request = post('/v1/data/app/allow?metrics&provenance', '{"input":{}}');
    const [their, our] = (await both(request)).map(
      ({ text }) => JSON.parse(text) as Readonly<Record<string, object>>,
    );
    assert.equal(Object.keys(our ?? {}), Object.keys(their ?? {}));
    const timers = (answer: typeof our) =>
      Object.keys(answer?.['metrics'] ?? {}).filter((key) => key.startsWith('timer_'));
    for (const timer of timers(our)) assert.ok(timer.startsWith('timer_'));
    assert.ok(timers(our).includes('timer_rego_query_eval_ns'));
    for (const member of Object.keys(their?.['provenance'] ?? {}))
      assert.ok(Object.keys(our?.['provenance'] ?? {}).includes(member), member);
  });

  test('changes to data are made and refused alike, one after the other', async () => {
    for (const request of CHANGES) {
      const [their, our] = await both(request);
      const compare = their.text === '' ? shape : fault;
      assert.equal(compare(our), compare(their), name(request));
      for (const path of [
        '/v1/data/lists',
        '/v1/data/x',
        '/v1/data/app/other',
        '/v1/data/app/allow',
      ]) {
        const [left, right] = await both([path]);
        assert.is(right.text, left.text, `${path} after ${name(request)}`);
      }
    }
  });

  test('what differs on purpose: stricter, or not offered', async () => {
    const [their, our] = await both(post('/v1/data/app/allow', '{"input":{}} trailing'));
    assert.equal([their.status, our.status], [200, 400]);
    const [theirFalse, ourFalse] = await both(post('/v1/query', '{"query":"1 == 2"}'));
    assert.equal([theirFalse.text, ourFalse.text], ['{"result":[{}]}\n', '{}\n']);
    const [theirQuote, ourQuote] = await both(['/v1/data/app/a%22b']);
    assert.equal([theirQuote.status, ourQuote.status], [500, 400]);
    const compile = post('/v1/compile', '{"query":"data.app.allow == true"}');
    const [theirCompile, ourCompile] = await both(compile);
    assert.equal([theirCompile.status, ourCompile.status], [200, 501]);
  });
}

test.run();
