/**
 * The whole path with real programs: `sallyport init` against a real PostgreSQL, `start`, psql through the gateway, an approval
 * from another terminal, then the record.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type PostgresServer, startPostgres } from '../../support/postgres-server.ts';
import { findFreePort, runCli, spawnCli, waitForOutput } from './run-cli.ts';

const run = suite('control/cli/gateway-run');

interface PsqlResult {
  readonly stdout: string;
  readonly stderr: string;
}

function psql(port: number, token: string, sql: string): Promise<PsqlResult> {
  return new Promise((resolve, reject) => {
    execFile(
      'psql',
      ['-h', '127.0.0.1', '-p', String(port), '-U', 'anybody', '-d', 'shop', '-At', '-c', sql],
      { env: { PATH: process.env['PATH'], PGPASSWORD: token } },
      (error, stdout, stderr) => {
        if (error !== null && error.code === 'ENOENT') reject(error);
        else resolve({ stdout, stderr });
      },
    );
  });
}

const server: PostgresServer | undefined = await startPostgres();
if (server === undefined) console.log('SKIP: no PostgreSQL server binaries on this machine');
else {
  const cwd = mkdtempSync(join(tmpdir(), 'sallyport-run-'));
  run.after(async () => {
    rmSync(cwd, { recursive: true });
    await server.stop();
  });

  run('a stranger to Sallyport guards a database, and everything is on record', async () => {
    const { host, port, user, password, database } = server;
    const url = new URL(`postgres://${user}@${host}:${port}/${database}`);
    url.password = password;
    const wrong = new URL(url);
    wrong.password = 'wrong';
    assert.is((await runCli(['init', '--postgres', wrong.href], { cwd })).code, 3);
    const init = await runCli(['init', '--postgres', url.href, '--name', 'shop'], { cwd });
    assert.equal([init.code, /reached PostgreSQL/.test(init.stdout)], [0, true]);

    const listen = await findFreePort();
    const api = await findFreePort();
    const file = join(cwd, 'sallyport.yaml');
    const text = readFileSync(file, 'utf8')
      .replace('127.0.0.1:15432', `127.0.0.1:${listen}`)
      .replace('127.0.0.1:7070', `127.0.0.1:${api}`);
    writeFileSync(file, text);
    const owner = /owner: "([^"]+)"/.exec(text)?.[1] ?? '';
    const tokenOf = async (...args: string[]): Promise<string> =>
      (await runCli(['token', ...args], { cwd })).stdout.trim();
    const [person, agent, approver] = await Promise.all([
      tokenOf(owner),
      tokenOf('assistant', '--for', owner),
      tokenOf('approver'),
    ]);

    const gateway = spawnCli(['start'], { cwd });
    const ended = new Promise<number | null>((resolve) => gateway.on('close', resolve));
    try {
      await waitForOutput(gateway, /running; Ctrl-C stops it/);
      assert.equal(await psql(listen, person, 'select 6 * 7'), { stdout: '42\n', stderr: '' });
      const dropped = await psql(listen, person, 'drop table pg_class');
      assert.match(dropped.stderr, /ERROR: {2}.*destroys data\nDETAIL: {2}destructive: /);
      assert.match((await psql(listen, 'forged', 'select 1')).stderr, /FATAL/);

      const blocked = await psql(listen, agent, 'create table made (id int)');
      assert.match(blocked.stderr, /agents do not change the schema/);
      const waiting = psql(listen, person, 'create table made (id int)');
      const env = { SALLYPORT_TOKEN: approver };
      let id: string | undefined;
      while (id === undefined) {
        const { stdout } = await runCli(['approvals', '--format', 'json'], { cwd, env });
        id = (JSON.parse(stdout) as { id: string }[])[0]?.id;
      }
      const own = await runCli(['approve', id], { cwd, env: { SALLYPORT_TOKEN: person } });
      assert.equal([own.code, /approval\/own-request/.test(own.stderr)], [1, true]);
      const yes = await runCli(['approve', id.slice(0, 8), '--note', 'go'], { cwd, env });
      assert.equal([yes.code, /create table made[\s\S]*\ngranted/.test(yes.stdout)], [0, true]);
      assert.is((await waiting).stdout, 'CREATE TABLE\n');

      const denied = psql(listen, person, 'create table more (id int)');
      let second: string | undefined;
      while (second === undefined) {
        const { stdout } = await runCli(['approvals', '--format', 'json'], { cwd, env });
        second = (JSON.parse(stdout) as { id: string }[])[0]?.id;
      }
      assert.is((await runCli(['deny', second, '--note', 'not today'], { cwd, env })).code, 0);
      assert.match((await denied).stderr, /denied by approver: not today/);

      const sleeping = psql(listen, person, 'select pg_sleep(60)');
      const authorization = `Bearer ${person}`;
      const busy = async (): Promise<boolean> => {
        const answer = await fetch(`http://127.0.0.1:${api}/v1/sessions`, {
          headers: { authorization },
        });
        const { sessions } = (await answer.json()) as {
          sessions: { ended_at?: string; actions: number }[];
        };
        return sessions.some((each) => each.ended_at === undefined && each.actions > 0);
      };
      while (!(await busy()));
      const revoked = await fetch(`http://127.0.0.1:${api}/v1/token/revoke`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: '{}',
      });
      assert.is(revoked.status, 200);
      assert.match((await sleeping).stderr, /FATAL: {2}the token was revoked/);
      assert.match(
        (await psql(listen, person, 'select 1')).stderr,
        /FATAL: {2}the token was revoked/,
      );

      const listed = JSON.parse(
        (await runCli(['sessions', '--format', 'json'], { cwd })).stdout,
      ) as {
        id: string;
        subject: string;
        held: number;
      }[];
      const session = listed.filter((each) => each.held === 1 && each.subject === owner).at(-1);
      const replay = await runCli(['replay', session?.id ?? ''], { cwd });
      assert.match(
        replay.stdout,
        /OPENED[\s\S]*HELD[\s\S]*granted #1 .* by approver[\s\S]*ALLOWED {2}#1 {2}create table made[\s\S]*CREATE TABLE[\s\S]*CLOSED/,
      );
    } finally {
      gateway.kill('SIGTERM');
    }
    assert.is(await ended, 0);
    const verified = await runCli(['verify'], { cwd });
    assert.equal([verified.code, /^ok: \d+ records/.test(verified.stdout)], [0, true]);
  });
}

run.run();
