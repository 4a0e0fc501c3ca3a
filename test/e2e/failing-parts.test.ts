/**
 * What clients are told when a part behind the gateway fails: a target that is down, a journal that cannot be written. Each gets
 * an error of its own protocol, at once, and nothing reaches a target unrecorded.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import pg from 'pg';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ActionDecided } from '../../proxy/gate/record.ts';
import { readJournal } from '../../proxy/journal/read.ts';
import { CLI_MAIN, type CliResult, findFreePort, runCli } from '../control/cli/run-cli.ts';
import {
  describeShop,
  type GatewayFolder,
  type GatewayProcess,
  makeGatewayFolder,
  startGatewayProcess,
  watchProcess,
} from '../support/gateway-process.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { runProgram } from '../support/run-program.ts';

const parts = suite('e2e/failing-parts');

/** Bytes the journal may grow to before its disk is full. */
const DISK_BYTES = 256 * 1024;
/** Statements that fill it many times over; each is recorded with its text. */
const MAX_STATEMENTS = 2_000;
const IDENTITIES = 'identities: [{subject: ana, groups: [sallyport-admins]}]\n';

function psql(port: number | undefined, token: string, sql: string) {
  const args = ['-h', '127.0.0.1', '-p', String(port), '-U', 'ana', '-At', '-c', sql, 'shop'];
  return runProgram('psql', args, { PGPASSWORD: token });
}

function curl(gateway: GatewayProcess, token: string, ...args: string[]) {
  return runProgram('curl', [
    ...['-s', '-i', '-H', 'Host: web.localhost', '-H', `Authorization: Bearer ${token}`],
    ...[...args, `http://127.0.0.1:${gateway.ports['http']}/things`],
  ]);
}

parts('a target that is down is told in the protocol of the client, and in the log', async () => {
  const closed = await findFreePort();
  const folder =
    makeGatewayFolder(`listen: {postgres: "127.0.0.1:0", http: "127.0.0.1:0", api: "127.0.0.1:0"}
resources:
  - {name: shop, type: postgres, host: 127.0.0.1, port: ${closed}, user: app}
  - {name: web, type: http, url: "http://127.0.0.1:${closed}"}
${IDENTITIES}`);
  const gateway = await startGatewayProcess(folder);
  try {
    const token = await folder.token('ana');
    const sql = await psql(gateway.ports['postgres'], token, 'select 1');
    assert.is(sql.code, 2);
    assert.match(sql.stderr, /FATAL: {2}.*cannot be reached/);
    const http = await curl(gateway, token);
    assert.match(http.stdout, /^HTTP\/1\.1 502 [\s\S]*content-type: application\/problem\+json/i);
    assert.match(http.stdout, /"code":"target\/unreachable"/);
    await gateway.saw(/"resource":"shop".*"code":"target\/unreachable"/);
    await gateway.saw(/"resource":"web".*"code":"target\/unreachable"/);
  } finally {
    assert.is(await gateway.end('SIGTERM'), 0);
    folder.remove();
  }
});

/** A gateway whose journal lies on a disk of `DISK_BYTES`; `stop` frees the disk. */
interface SmallDisk {
  readonly name: string;
  start(folder: GatewayFolder): Promise<GatewayProcess>;
  free(folder: GatewayFolder): void;
}

/** The limit of file sizes stands for a full disk where nothing may be mounted. */
const fileLimit: SmallDisk = {
  name: 'a file-size limit',
  start(folder) {
    const script = `trap '' XFSZ; ulimit -f ${DISK_BYTES / 1024}; exec "$0" "$@"`;
    const child = spawn('bash', ['-c', script, process.execPath, CLI_MAIN, 'start'], {
      cwd: folder.dir,
      env: { PATH: process.env['PATH'], NODE_DISABLE_COMPILE_CACHE: '1' },
    });
    return watchProcess(child, /running; Ctrl-C stops it/);
  },
  free: () => undefined,
};

const tinyDisk: SmallDisk = {
  name: 'a full disk',
  start(folder) {
    mkdirSync(folder.journal, { recursive: true, mode: 0o700 });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', folder.journal]);
    return startGatewayProcess(folder);
  },
  free: (folder) => void execFileSync('umount', [folder.journal]),
};

const insert = (id: number): string => `insert into filled values (${id})`;

/** Texts of the statements that the journal says were let through. */
async function recordedStatements(journal: string): Promise<ReadonlySet<string>> {
  const texts = new Set<string>();
  for await (const { entry } of readJournal(journal, { types: ['action.decided'] })) {
    const { verdict, input } = entry as ActionDecided;
    if (verdict === 'allow') texts.add(input.text ?? '');
  }
  return texts;
}

function mayMount(): boolean {
  try {
    const folder = makeGatewayFolder('');
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder.dir], { stdio: 'pipe' });
    execFileSync('umount', [folder.dir]);
    folder.remove();
    return true;
  } catch {
    return false;
  }
}

const server = await startPostgres();
if (server === undefined) console.log('SKIP: no PostgreSQL server binaries on this machine');
else {
  parts.after(() => server.stop());
  for (const disk of mayMount() ? [fileLimit, tinyDisk] : [fileLimit])
    parts(
      `a journal stopped by ${disk.name} stops all traffic, and none goes unrecorded`,
      async () => {
        let verified: CliResult;
        let served = 0;
        const web = createServer((_request, response) => {
          served += 1;
          response.end('{}');
        });
        await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
        const address = web.address();
        const webPort = typeof address === 'object' && address !== null ? address.port : 0;
        const folder =
          makeGatewayFolder(`listen: {postgres: "127.0.0.1:0", http: "127.0.0.1:0", api: "127.0.0.1:0"}
resources:
${describeShop(server)}  - {name: web, type: http, url: "http://127.0.0.1:${webPort}"}
${IDENTITIES}`);
        const token = await folder.token('ana');
        const direct = new pg.Client({ ...server });
        await direct.connect();
        await direct.query('create table if not exists filled (id int); truncate filled');
        const filled = async (): Promise<readonly number[]> =>
          (await direct.query<{ id: number }>('select id from filled')).rows.map(({ id }) => id);
        const gateway = await disk.start(folder);
        const client = new pg.Client({
          host: '127.0.0.1',
          port: gateway.ports['postgres'] ?? 0,
          user: 'ana',
          password: token,
          database: 'shop',
        });
        let refusal: { code?: string; message?: string } | undefined;
        // The journal may fail between two statements, by its head: the session then ends with a FATAL nobody waited for.
        client.on('error', (error: Error) => {
          refusal ??= error;
        });
        try {
          await client.connect();
          let written = 0;
          for (; refusal === undefined && written < MAX_STATEMENTS; written += 1)
            await client.query(insert(written)).catch((error: unknown) => {
              refusal ??= error as { code: string; message: string };
            });
          assert.match(refusal?.code ?? 'none', /^(53|57|58)/, 'an insert is refused');
          assert.match(refusal?.message ?? '', /journal|record/);
          const rows = await filled();
          const recorded = await recordedStatements(folder.journal);
          assert.ok(rows.length > 0);
          for (const id of rows) assert.ok(recorded.has(insert(id)), `${id} has no record`);

          const late = await psql(
            gateway.ports['postgres'],
            token,
            'insert into filled values (-1)',
          );
          assert.is.not(late.code, 0);
          assert.match(late.stderr, /(FATAL|ERROR): {2}/);
          const before = served;
          assert.match((await curl(gateway, token)).stdout, /^HTTP\/1\.1 503 [\s\S]*"code":"/);
          assert.is(served, before);
          await gateway.saw(/"level":"error".*the journal cannot be written; all traffic stops/);
          const health = await fetch(`http://127.0.0.1:${gateway.ports['api']}/healthz`);
          assert.is(health.status, 503);
          assert.match(await health.text(), /"healthy":false.*"journal":"[^"]*(ENOSPC|EFBIG)/);
          assert.equal(await filled(), rows);
        } finally {
          await client.end().catch(() => undefined);
          await gateway.end('SIGTERM');
          await direct.end();
          await new Promise((resolve) => web.close(resolve));
          verified = await runCli(['verify'], { cwd: folder.dir });
          disk.free(folder);
          folder.remove();
        }
        // What was recorded before the disk was full is whole.
        assert.is(verified.code, 0, verified.stdout);
      },
    );
}

parts.run();
