/**
 * The gateway as a whole, in this process: what stops a start, what a reload may change, and that a stop leaves nothing behind.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfig } from '../../control/config/load.ts';
import { type RunningGateway, startGateway } from '../../control/gateway.ts';
import { createLog, type Log } from '../../control/log.ts';

interface Context {
  folder: string;
  running: RunningGateway[];
}

const gateway = suite<Context>('control/gateway');

const POLICY =
  'package access\n\ndefault allow := false\n\nallow if input.identity.kind == "human"\n';
const silent = createLog('silent');

gateway.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'sallyport-gateway-'));
  context.running = [];
  mkdirSync(join(context.folder, 'policies'));
  writeFileSync(join(context.folder, 'policies', 'access.policy'), POLICY);
  configure(context.folder, '127.0.0.1:0');
});
gateway.after.each(async (context) => {
  for (const each of context.running) await each.stop();
  rmSync(context.folder, { recursive: true });
});

function configure(folder: string, api: string): void {
  writeFileSync(
    join(folder, 'sallyport.yaml'),
    `listen: {postgres: "127.0.0.1:0", http: "127.0.0.1:0", api: "${api}"}\nidentities: [{subject: ana}]\n`,
  );
}

async function start(context: Context, log: Log = silent, watch = false): Promise<RunningGateway> {
  const settings = loadConfig(join(context.folder, 'sallyport.yaml'));
  const started = await startGateway(settings, { log, watch });
  context.running.push(started);
  return started;
}

async function codeOf(starting: Promise<unknown>): Promise<string> {
  try {
    await starting;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code);
    throw error;
  }
  return 'started';
}

const get = async (running: RunningGateway, path: string) => {
  const response = await fetch(`http://127.0.0.1:${running.addresses.api.port}${path}`);
  return { status: response.status, text: await response.text() };
};

gateway('it starts, is healthy, counts, and stops', async (context) => {
  const running = await start(context);
  assert.equal(JSON.parse((await get(running, '/healthz')).text), {
    healthy: true,
    checks: { journal: 'ok', store: 'ok', policy: 'ok', issuers: 'ok', credentials: 'ok' },
  });
  assert.is((await get(running, '/readyz')).status, 200);
  const metrics = (await get(running, '/metrics')).text;
  for (const name of [
    'sallyport_sessions_open 0',
    'sallyport_journal_appends_total{durability="synced",outcome="ok"} 1',
    'sallyport_connections{listener="postgres"} 0',
    'sallyport_connections{listener="http"} 0',
  ])
    assert.ok(metrics.includes(name), name);
  assert.ok((running.addresses.postgres?.port ?? 0) > 0);
  assert.ok(existsSync(join(context.folder, '.sallyport', 'gateway.json')));
  await running.stop();
  assert.not(existsSync(join(context.folder, '.sallyport', 'gateway.json')));
  let refused = false;
  await get(running, '/healthz').catch(() => {
    refused = true;
  });
  assert.ok(refused);
});

gateway('a second start on the same folder goes on where the first stopped', async (context) => {
  await (await start(context)).stop();
  const again = await start(context);
  assert.is((await get(again, '/healthz')).status, 200);
});

gateway('two gateways do not share a journal', async (context) => {
  await start(context);
  assert.is(await codeOf(start(context)), 'journal/unavailable');
});

gateway(
  'policies that do not compile stop the start before anything is written',
  async (context) => {
    writeFileSync(
      join(context.folder, 'policies', 'access.policy'),
      'package access\n\nallow if nope\n',
    );
    assert.is(await codeOf(start(context)), 'policy/invalid');
    assert.not(existsSync(join(context.folder, '.sallyport')));
  },
);

gateway('a folder without policies stops the start', async (context) => {
  rmSync(join(context.folder, 'policies', 'access.policy'));
  assert.is(await codeOf(start(context)), 'policy/not-found');
});

gateway(
  'a taken port is one coded error, and the next start finds everything free',
  async (context) => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    configure(context.folder, `127.0.0.1:${port}`);
    assert.is(await codeOf(start(context)), 'listen/address-in-use');
    await new Promise((resolve) => taken.close(resolve));
    assert.is(await codeOf(start(context)), 'started');
  },
);

gateway('a journal that was altered stops the start', async (context) => {
  await (await start(context)).stop();
  const dir = join(context.folder, '.sallyport', 'journal');
  const segment = readdirSync(dir).find((name) =>
    readFileSync(join(dir, name)).includes('policy.loaded'),
  );
  assert.ok(segment);
  const path = join(dir, segment ?? '');
  const bytes = readFileSync(path);
  bytes[bytes.indexOf('policy.loaded')] = 0x50;
  writeFileSync(path, bytes);
  assert.is(await codeOf(start(context)), 'journal/damaged');
});

gateway('a key that others can read stops the start', async (context) => {
  const state = join(context.folder, '.sallyport');
  mkdirSync(state);
  writeFileSync(join(state, 'token-signing-key.pem'), 'x', { mode: 0o644 });
  assert.is(await codeOf(start(context)), 'state/key-exposed');
});

gateway('a reload swaps a good set, and never a broken one', async (context) => {
  const lines: string[] = [];
  const keep = (_facts: object, message: string): void => void lines.push(message);
  const running = await start(context, { debug: keep, info: keep, warn: keep, error: keep });
  const path = join(context.folder, 'policies', 'access.policy');
  assert.is(await running.reload(), 'unchanged');

  writeFileSync(path, `${POLICY}\nallow if nope\n`);
  assert.is(await codeOf(running.reload()), 'policy/invalid');
  assert.ok(lines.some((line) => line.startsWith('THE NEW POLICIES ARE NOT USED')));
  assert.match((await get(running, '/healthz')).text, /the policies have an error/);

  writeFileSync(path, `${POLICY}\nallow if input.identity.kind == "service"\n`);
  assert.is(await running.reload(), 'swapped');
  assert.match((await get(running, '/healthz')).text, /"policy":"ok"/);
  assert.match((await get(running, '/metrics')).text, /policy_loads_total{outcome="refused"} 1/);
});

gateway('a change of a policy file is taken up without being asked', async (context) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const log: Log = {
    ...silent,
    debug: () => undefined,
    warn: () => undefined,
    error: () => undefined,
    info: (_facts, message) => {
      if (message === 'new policies decide') resolve();
    },
  };
  await start(context, log, true);
  writeFileSync(join(context.folder, 'policies', 'more.policy'), 'package more\n\nx := 1\n');
  await promise;
});

gateway.run();
