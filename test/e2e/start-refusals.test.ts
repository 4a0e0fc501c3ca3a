/**
 * What stops `sallyport start`, as an operator meets it: one coded sentence with what to do, a settled exit code, nothing half
 * open; and what must not stop a gateway that runs already.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CliResult, runCli } from '../control/cli/run-cli.ts';
import {
  ALLOW_ALL,
  type GatewayFolder,
  type GatewayProcess,
  makeGatewayFolder,
  startGatewayProcess,
} from '../support/gateway-process.ts';

const refusals = suite<{ folder: GatewayFolder; running: GatewayProcess[] }>('e2e/start-refusals');

const CONFIG = `listen: {postgres: "127.0.0.1:0", http: "127.0.0.1:0", api: "127.0.0.1:0"}
resources:
  - {name: shop, type: postgres, host: 127.0.0.1, port: 1, user: app}
identities:
  - {subject: ana, groups: [sallyport-admins]}
`;

refusals.before.each((context) => {
  context.folder = makeGatewayFolder(CONFIG);
  context.running = [];
});
refusals.after.each(async ({ folder, running }) => {
  for (const gateway of running) await gateway.end('SIGTERM');
  folder.remove();
});

const start = ({ dir }: GatewayFolder): Promise<CliResult> => runCli(['start'], { cwd: dir });

/** The last two lines: the coded sentence and what to do about it. */
function assertCoded({ stderr }: CliResult, message: RegExp, hint: RegExp): void {
  const [sentence = '', advice = ''] = stderr.trimEnd().split('\n').slice(-2);
  assert.match(sentence, message);
  assert.match(advice, hint);
}

refusals('a policy that does not compile is shown where it fails', async ({ folder }) => {
  folder.write(
    'policies/access.policy',
    'package access\n\nallow if input.identity.knd == "human"\n',
  );
  const refused = await start(folder);
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /policies\/access\.policy:3:\d+/);
  assert.match(refused.stderr, /^ *3 \| *allow if input\.identity\.knd == "human"\n.*\^+/m);
  assert.match(refused.stderr, /kind/);
  assertCoded(refused, /^error\[policy\/invalid\]: the policies have an error$/, /sallyport check/);
  assert.equal([refused.stdout, readdirSync(folder.dir).includes('.sallyport')], ['', false]);
});

refusals('a broken policy on reload leaves the old one in force, loudly', async (context) => {
  const { folder } = context;
  const gateway = await startGatewayProcess(folder);
  context.running.push(gateway);
  const api = `http://127.0.0.1:${gateway.ports['api']}`;
  const headers = { authorization: `Bearer ${await folder.token('ana')}` };
  const policy = async (): Promise<Record<string, unknown>> => {
    const response = await fetch(`${api}/v1/policy`, { headers });
    return (await response.json()) as Record<string, unknown>;
  };
  const before = await policy();
  assert.is(before['error'], undefined);
  folder.write('policies/access.policy', `${ALLOW_ALL}\nallow if nope\n`);
  await gateway.saw(/"level":"error".*THE NEW POLICIES ARE NOT USED/);
  assert.match(gateway.output(), /policies\/access\.policy:5:10/);
  const broken = await policy();
  assert.is(broken['revision'], before['revision']);
  assert.match(JSON.stringify(broken['error']), /nope/);
  folder.write('policies/access.policy', `${ALLOW_ALL}\nallow if input.action.class == "read"\n`);
  await gateway.saw(/new policies decide/);
  const mended = await policy();
  assert.is(mended['error'], undefined);
  assert.is.not(mended['revision'], before['revision']);
});

refusals('a wrong key names its place and the nearest right key', async ({ folder }) => {
  folder.write('sallyport.yaml', CONFIG.replace('resources:', 'resorces:'));
  const refused = await start(folder);
  assert.is(refused.code, 2);
  assert.match(refused.stderr, /sallyport\.yaml:2:1/);
  assert.match(refused.stderr, /resorces/);
  assert.match(refused.stderr, /`resources`/);
  assert.match(refused.stderr, /error\[config\/invalid\]: /);
});

refusals('a taken port, of either protocol or the API, is named', async ({ folder }) => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    for (const listener of ['postgres', 'http', 'api']) {
      folder.write(
        'sallyport.yaml',
        CONFIG.replace(`${listener}: "127.0.0.1:0"`, `${listener}: "127.0.0.1:${port}"`),
      );
      const refused = await start(folder);
      assert.is(refused.code, 3);
      const sentence = new RegExp(
        `^error\\[listen/address-in-use\\]: .*127\\.0\\.0\\.1:${port} is `,
      );
      assertCoded(refused, sentence, /^ {2}help: \S/);
    }
  } finally {
    await new Promise((resolve) => taken.close(resolve));
  }
});

refusals('a second gateway on the same state is refused, the first goes on', async (context) => {
  const { folder } = context;
  const gateway = await startGatewayProcess(folder);
  context.running.push(gateway);
  const refused = await start(folder);
  assert.is(refused.code, 3);
  assertCoded(
    refused,
    new RegExp(`^error\\[journal/unavailable\\]: .* in use by process ${gateway.child.pid}$`),
    /Stop the other gateway/,
  );
  const health = await fetch(`http://127.0.0.1:${gateway.ports['api']}/healthz`);
  assert.is(health.status, 200);
  // The first gateway's address must still be found by the commands that ask it.
  const env = { SALLYPORT_TOKEN: await folder.token('ana') };
  assert.is((await runCli(['approvals'], { cwd: folder.dir, env })).code, 0);
});

refusals('a damaged journal stops the start, names the record and what to do', async (context) => {
  const { folder } = context;
  assert.is(await (await startGatewayProcess(folder)).end('SIGTERM'), 0);
  const path = join(folder.journal, 'journal-00000001.seg');
  const bytes = readFileSync(path);
  const at = bytes.indexOf('policy.loaded');
  bytes[at] = 0x50;
  writeFileSync(path, bytes);
  const refused = await start(folder);
  assert.is(refused.code, 1);
  assertCoded(
    refused,
    /^error\[journal\/damaged\]: .*journal-00000001\.seg, record 0, byte \d+: .*\(bad-frame\)$/,
    /^ {2}help: Nothing was changed\. Run `sallyport verify`/,
  );
  assert.equal(readFileSync(path), bytes);
  const verified = await runCli(['verify'], { cwd: folder.dir });
  assert.is(verified.code, 1);
  rmSync(path);
  assertCoded(await start(folder), /^error\[journal\/damaged\]: /, /sallyport verify/);
});

refusals('folders that cannot be written stop the start', async ({ folder }) => {
  folder.write('occupied', '');
  for (const [keys, code] of [
    ['state: occupied/state', 'state/not-writable'],
    ['journal: {dir: occupied}', 'journal/unavailable'],
    ['journal: {dir: occupied/journal}', 'journal/unavailable'],
  ] as const) {
    folder.write('sallyport.yaml', `${CONFIG}${keys}\n`);
    const refused = await start(folder);
    assert.is(refused.code, 3, keys);
    assertCoded(refused, new RegExp(`^error\\[${code}\\]: .*occupied`), /^ {2}help: \S/);
  }
});

refusals.run();
