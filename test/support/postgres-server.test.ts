/**
 * The private test server itself: TLS, SCRAM, and an end that leaves nothing.
 */
import * as assert from 'node:assert/strict';
import pg from 'pg';
import { suite } from 'uvu';
import { startPostgres } from './postgres-server.ts';

const test = suite('support/postgres-server');

test('a private server answers over TLS with SCRAM, and is gone after stop', async () => {
  const server = await startPostgres({ tls: true });
  if (server === undefined) {
    console.log('SKIP: no PostgreSQL server binaries');
    return;
  }
  const { host, port, user, password, database } = server;
  const client = new pg.Client({
    host,
    port,
    user,
    password,
    database,
    ssl: { ca: server.certificate ?? '' },
  });
  await client.connect();
  const { rows } = await client.query(
    'select ssl, current_user as who from pg_stat_ssl where pid = pg_backend_pid()',
  );
  assert.deepEqual(rows, [{ ssl: true, who: 'postgres' }]);
  await client.end();
  const wrong = new pg.Client({ host, port, user, password: 'wrong', database });
  await assert.rejects(wrong.connect(), { code: '28P01' });
  await server.stop();
  const late = new pg.Client({ host, port, user, password, database });
  await assert.rejects(late.connect(), { code: 'ECONNREFUSED' });
});

test.run();
