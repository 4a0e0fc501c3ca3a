import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startPostgresFixture } from '../../support/postgres-fixture.ts';
import { TOKEN } from '../../support/postgres-gateway.ts';

/** Milliseconds the gateway has to reach the target in this test; the sessions last several times as long. */
const DIAL_MS = 1_500;

const fixture = await startPostgresFixture('test/proxy/postgres/upstream', {
  limits: { dialMs: DIAL_MS },
});
const test = suite('proxy/postgres/upstream');
test.after(() => fixture.stop());

test('a session outlives the time the gateway had to reach the target', async () => {
  const { port } = fixture.gateway;
  const connection = { host: '127.0.0.1', port, user: 'me', password: TOKEN, database: 'shop' };
  const clients = Array.from({ length: 8 }, () => new pg.Client(connection));
  try {
    await Promise.all(clients.map((client) => client.connect()));
    await delay(3 * DIAL_MS);
    for (const client of clients)
      assert.equal((await client.query('select 6 * 7 as n')).rows, [{ n: 42 }]);
  } finally {
    await Promise.allSettled(clients.map((client) => client.end()));
  }
});

test.run();
