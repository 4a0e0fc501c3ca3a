/** Policies that change while requests come in: none is dropped, none mixes two sets, a broken set never decides. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ask, startTestServe, stopServers } from '../../support/serve-server.ts';

const test = suite('control/serve/served-policies');
test.after(stopServers);
const CHANGER = 'a-token-for-changing-data';
const headers = { authorization: `Bearer ${CHANGER}` };

/** Three documents of one set and the data say the same number, or the sets were mixed. */
function files(version: number): Readonly<Record<string, string>> {
  return {
    'a.policy': `package a\n\nversion := ${version}\n`,
    'b.policy': `package b\n\nversion := ${version}\n`,
    'data.json': `{"d":{"version":${version}}}`,
    'all.policy': 'package all\n\nseen := [data.a.version, data.b.version, data.d.version]\n',
  };
}

test('reloads under load drop no request, mix no sets, and each answer names its revision', async () => {
  const serve = await startTestServe(files(0));
  const seen = new Map<string, Set<string>>();
  let stop = false;
  let asked = 0;
  const faults: string[] = [];
  const load = Array.from({ length: 8 }, async () => {
    while (!stop) {
      const { status, text } = await ask(`${serve.url}/v1/data/all/seen?provenance`);
      asked += 1;
      const answer = JSON.parse(text) as {
        readonly result: readonly number[];
        readonly provenance: { readonly revision: string };
      };
      if (status !== 200 || new Set(answer.result).size !== 1) faults.push(text);
      const versions = seen.get(answer.provenance.revision) ?? new Set();
      seen.set(answer.provenance.revision, versions.add(String(answer.result[0])));
    }
  });
  for (let version = 1; version <= 20; version += 1) {
    for (const [name, text] of Object.entries(files(version))) serve.write(name, text);
    serve.reload();
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  stop = true;
  await Promise.all(load);
  assert.equal(faults, []);
  // How many are asked while twenty sets come and go is the machine's affair.
  assert.ok(asked > 20, `${asked} requests`);
  assert.ok(seen.size > 3, `${seen.size} revisions`);
  for (const versions of seen.values()) assert.is(versions.size, 1);
  await serve.stop();
});

test('changes to data under load are seen whole, and requests go on', async () => {
  const serve = await startTestServe(
    { ...files(0), 'data.json': '{"d":{"version":0,"twin":0}}' },
    { tokens: { ask: undefined, change: CHANGER } },
  );
  let stop = false;
  const faults: string[] = [];
  const load = Array.from({ length: 4 }, async () => {
    while (!stop) {
      const { status, text } = await ask(`${serve.url}/v1/data/d`);
      const { result } = JSON.parse(text) as { readonly result: Record<string, number> };
      if (status !== 200 || result['version'] !== result['twin']) faults.push(text);
    }
  });
  for (let version = 1; version <= 50; version += 1) {
    const body = JSON.stringify(
      ['version', 'twin'].map((name) => ({ op: 'replace', path: `/${name}`, value: version })),
    );
    const { status } = await ask(`${serve.url}/v1/data/d`, { method: 'PATCH', body, headers });
    assert.is(status, 204);
  }
  stop = true;
  await Promise.all(load);
  assert.equal(faults, []);
  await serve.stop();
});

test('a set that does not compile never decides, and says so to who asks', async () => {
  const serve = await startTestServe(files(1));
  const { revision } = serve;
  const before = revision();
  serve.write('a.policy', 'package a\n\nversion := nobody\n');
  serve.reload();
  assert.is(revision(), before);
  assert.is((await ask(`${serve.url}/v1/data/a/version`)).text, '{"result":1}\n');
  assert.is((await ask(`${serve.url}/health`)).status, 200);
  assert.is((await ask(`${serve.url}/health?plugins`)).status, 500);
  assert.match((await ask(`${serve.url}/v1/status`)).text, '"error":');
  assert.is(serve.faults.length, 1);
  serve.write('a.policy', 'package a\n\nversion := 2\n');
  serve.reload();
  assert.is((await ask(`${serve.url}/health?plugins`)).status, 200);
  assert.is((await ask(`${serve.url}/v1/data/a/version`)).text, '{"result":2}\n');
  await serve.stop();
});

test('files that are watched are read again when they change', async () => {
  const serve = await startTestServe(files(1), { watch: true });
  await new Promise((resolve) => setTimeout(resolve, 100));
  serve.write('a.policy', 'package a\n\nversion := 7\n');
  let text = '';
  for (let tries = 0; tries < 100 && !text.includes('7'); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    text = (await ask(`${serve.url}/v1/data/a/version`)).text;
  }
  assert.is(text, '{"result":7}\n');
  await serve.stop();
});

test('changes survive a change of rules, and end with other data files', async () => {
  const serve = await startTestServe(files(1), { tokens: { ask: undefined, change: CHANGER } });
  const seen = async (): Promise<string> => (await ask(`${serve.url}/v1/data/d/version`)).text;
  const put = { method: 'PUT', body: '9', headers };
  assert.is((await ask(`${serve.url}/v1/data/d/version`, put)).status, 204);
  serve.write('a.policy', 'package a\n\nversion := 2\n');
  serve.reload();
  assert.is(await seen(), '{"result":9}\n');
  serve.write('data.json', '{"d":{"version":3}}');
  serve.reload();
  assert.is(await seen(), '{"result":3}\n');
  await serve.stop();
});

test('policies that no code can be made of are told: in the log, and to who asks', async () => {
  const serve = await startTestServe({
    'p.policy':
      'package p\n\nx := [a, b] if {\n\tk := input.k\n\t{k: a, "c": 1} = {k: 2, "c": b}\n}\n',
  });
  const status = async (): Promise<string> => (await ask(`${serve.url}/v1/status`)).text;
  const reason = 'two object patterns with keys that are no constants';
  assert.equal(serve.faults, ['policies are interpreted: answers are slow']);
  assert.match(await status(), `"interpreted":"${reason}"`);
  serve.write('p.policy', 'package p\n\nx := 1\n');
  serve.reload();
  assert.is(serve.faults.length, 1);
  assert.not.match(await status(), 'interpreted');
});

test.run();
