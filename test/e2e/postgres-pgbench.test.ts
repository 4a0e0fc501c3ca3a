/** pgbench through the gateway in each of its protocols: no transaction may fail, and no action may be missing or open. */
import { execFile } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../support/gate-ports.ts';
import { startPostgresFixture } from '../support/postgres-fixture.ts';
import { TOKEN } from '../support/postgres-gateway.ts';

/** Seconds of each run; set PGBENCH_SECONDS for a long one. */
const SECONDS = process.env['PGBENCH_SECONDS'] ?? '3';
const CLIENTS = '8';

const fixture = await startPostgresFixture('test/e2e/postgres-pgbench');
const { gateway } = fixture;

const test = suite('e2e/postgres-pgbench');

function pgbench(
  ...args: readonly string[]
): Promise<{ readonly text: string; readonly ok: boolean }> {
  return new Promise((resolve) => {
    execFile(
      'pgbench',
      [...args],
      {
        env: {
          PATH: process.env['PATH'] ?? '',
          PGHOST: '127.0.0.1',
          PGPORT: String(gateway.port),
          PGUSER: 'me',
          PGPASSWORD: TOKEN,
          PGDATABASE: 'shop',
        },
      },
      (error, out, err) => resolve({ text: out + err, ok: error === null }),
    );
  });
}

test.before(async () => {
  const made = await pgbench('--initialize', '--quiet');
  assert.ok(made.ok, made.text);
});
test.after(() => fixture.stop());

for (const protocol of ['simple', 'extended', 'prepared']) {
  test(`${CLIENTS} clients with the ${protocol} protocol: every transaction succeeds and every action is finished`, async () => {
    gateway.bench.entries.length = 0;
    const { text, ok } = await pgbench('-n', '-c', CLIENTS, '-T', SECONDS, '-M', protocol);
    assert.ok(ok, text);
    assert.match(text, /number of failed transactions: 0 /);
    const transactions = Number(/actually processed: (\d+)/.exec(text)?.[1]);
    assert.ok(transactions > 0);
    const count = (type: string): number =>
      gateway.bench.entries.filter(({ entry }) => entry.type === type).length;
    await until(() => gateway.gate.sessions.size === 0);
    assert.ok(count('action.decided') >= 7 * transactions);
    assert.is(count('action.finished'), count('action.decided'));
    assert.equal(gateway.faults, []);
  });
}

test.run();
