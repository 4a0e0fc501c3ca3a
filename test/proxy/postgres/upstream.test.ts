import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startPostgresGateway, TOKEN } from '../../support/postgres-gateway.ts';
import { startPostgres } from '../../support/postgres-server.ts';

/** Milliseconds the gateway has to reach the target in this test; the session then lasts several times as long. */
const DIAL_MS = 400;

const server = await startPostgres();
const test = suite('proxy/postgres/upstream');

if (server === undefined) {
  console.log('SKIP: test/proxy/postgres/upstream: no PostgreSQL server binaries');
} else {
  test.after(() => server.stop());

  test('a session outlives the time the gateway had to reach the target', async () => {
    const gateway = await startPostgresGateway({
      upstream: {
        kind: 'postgres',
        host: server.host,
        port: server.port,
        database: server.database,
        user: server.user,
        password: { id: 'target' },
        tls: 'disable',
        ca: undefined,
      },
      password: server.password,
      limits: { dialMs: DIAL_MS },
    });
    const clients = Array.from(
      { length: 8 },
      () =>
        new pg.Client({
          host: '127.0.0.1',
          port: gateway.port,
          user: 'me',
          password: TOKEN,
          database: 'shop',
        }),
    );
    try {
      await Promise.all(clients.map((client) => client.connect()));
      await delay(3 * DIAL_MS);
      for (const client of clients)
        assert.equal((await client.query('select 6 * 7 as n')).rows, [{ n: 42 }]);
    } finally {
      await Promise.allSettled(clients.map((client) => client.end()));
      await gateway.stop();
    }
  });
}

test.run();
