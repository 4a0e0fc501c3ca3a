/** The wire through the gateway against a real server: what fails, fails in the server too; what is decided is what runs. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decision, until } from '../support/gate-ports.ts';
import { startPostgresGateway, TOKEN } from '../support/postgres-gateway.ts';
import {
  bind,
  close,
  column,
  cstring,
  describe,
  execute,
  fields,
  message,
  parse,
  query,
  SYNC,
  signIn,
  TERMINATE,
  tags,
} from '../support/postgres-wire.ts';
import { ask, startWireFixture, states, status } from '../support/wire-session.ts';

const fixture = await startWireFixture('test/e2e/postgres-protocol');
const { gateway, server, upstream: target, decided, connect } = fixture;

const test = suite('e2e/postgres-protocol');

test.before(fixture.prepare);
test.before.each(fixture.reset);
test.after(() => fixture.stop());

test('a blocked statement is an error with its reasons, and the session goes on', async () => {
  const client = await connect();
  const answer = await ask(client, query('select * from secret_t'));
  assert.is(tags(answer), 'EZ');
  assert.is(status(answer), 'I');
  const error = fields(answer[0]?.body ?? Buffer.alloc(0));
  assert.is(error['C'], '42501');
  assert.is(error['D'], 'no-secrets: not this (access.block access.policy:7)');
  assert.equal(column(await ask(client, query('select b from open_t'))), ['one']);
  client.end();
});

test('DROP is blocked wherever it hides: alone, behind another statement, in DO, behind PREPARE; a modifying CTE too', async () => {
  const client = await connect();
  for (const text of [
    'drop table open_t',
    'select 1; drop table open_t',
    'do $$ begin drop table open_t; end $$',
    'with gone as (delete from secret_t returning *) select 1',
    '/**/DrOp/**/TaBlE open_t',
  ]) {
    assert.equal(states(await ask(client, query(text))), ['42501'], text);
  }
  assert.equal(column(await ask(client, query('select count(*) from open_t'))), ['1']);
  client.end();
});

test('a text that the grammar refuses is a syntax error and is recorded', async () => {
  const client = await connect();
  const before = gateway.bench.entries.length;
  assert.equal(states(await ask(client, query('selec 1'))), ['42601']);
  assert.ok(
    gateway.bench.entries
      .slice(before)
      .some(({ entry }) => entry.type === 'action.decided' && entry.input.class === 'unknown'),
  );
  client.end();
});

test('a block inside a transaction fails the transaction in the server too', async () => {
  const client = await connect();
  assert.is(status(await ask(client, query('begin'))), 'T');
  await ask(client, query("insert into open_t values (2,'two')"));
  const blocked = await ask(client, query('select * from secret_t'));
  assert.equal(states(blocked), ['42501']);
  assert.is(status(blocked), 'E');
  const after = await ask(client, query('select 1'));
  assert.equal(states(after), ['25P02']);
  const commit = await ask(client, query('commit'));
  assert.is(commit[0]?.body.toString(), 'ROLLBACK\0');
  assert.is(status(commit), 'I');
  assert.equal(column(await ask(client, query('select count(*) from open_t'))), ['1']);
  client.end();
});

test('a savepoint survives a block, as it survives any error', async () => {
  const client = await connect();
  await ask(client, query('begin'));
  await ask(client, query('savepoint s'));
  assert.is(status(await ask(client, query('select * from secret_t'))), 'E');
  assert.is(status(await ask(client, query('rollback to s'))), 'T');
  assert.equal(column(await ask(client, query('select b from open_t'))), ['one']);
  await ask(client, query('rollback'));
  client.end();
});

test('the extended protocol answers as the server does', async () => {
  const client = await connect();
  const answer = await ask(
    client,
    parse('s', 'select b from open_t where a = $1'),
    describe('S', 's'),
    bind('', 's', ['1']),
    describe('P', ''),
    execute(''),
    close('S', 's'),
    SYNC,
  );
  assert.is(tags(answer), '1tT2TDC3Z');
  assert.equal(column(answer), ['one']);
  const action = decided[0]?.action;
  assert.is(decided.length, 1);
  assert.equal(action?.kind === 'sql' && action.sql.parameters, ['1']);
  assert.is(action?.kind === 'sql' && action.sql.prepared, true);
  client.end();
});

test('a block in a pipeline rolls back what the pipeline did before and skips what comes behind, once', async () => {
  const client = await connect();
  const answer = await ask(
    client,
    parse('', "insert into open_t values (3,'three')"),
    bind('', ''),
    execute(''),
    parse('', 'select * from secret_t'),
    bind('', ''),
    execute(''),
    parse('', 'select 1'),
    bind('', ''),
    execute(''),
    SYNC,
  );
  assert.is(tags(answer), '12C1EZ');
  assert.equal(states(answer), ['42501']);
  assert.is(status(answer), 'I');
  assert.equal(column(await ask(client, query('select count(*) from open_t'))), ['1']);
  client.end();
});

test('an error of the server in a pipeline skips to Sync, and the next pipeline is answered in step', async () => {
  const client = await connect();
  client.send(
    parse('', 'select 1/0'),
    bind('', ''),
    execute(''),
    parse('', 'select 2'),
    bind('', ''),
    execute(''),
    SYNC,
    parse('', 'select 3'),
    bind('', ''),
    execute(''),
    SYNC,
  );
  const both = await client.until('Z', 2);
  assert.equal(states(both), ['22012']);
  assert.equal(column(both), ['3']);
  client.end();
});

test('an empty text and a comment are answered as the server answers them', async () => {
  const client = await connect();
  assert.is(tags(await ask(client, query(''))), 'IZ');
  assert.is(tags(await ask(client, query('-- nothing'))), 'IZ');
  assert.is(tags(await ask(client, parse('', ''), bind('', ''), execute(''), SYNC)), '12IZ');
  assert.is(decided.length, 0);
  client.end();
});

test('settings that would change how SQL is read are refused', async () => {
  const client = await connect();
  for (const text of [
    'set standard_conforming_strings = off',
    "set client_encoding = 'SJIS'",
    "select set_config('standard_conforming_strings', 'off', false)",
  ]) {
    assert.equal(states(await ask(client, query(text))), ['0A000'], text);
  }
  client.end();
});

test('a setting that slips through ends the session at once', async () => {
  const client = await connect();
  gateway.bench.decide = () => decision();
  client.send(
    query("do $$ begin perform set_config('standard_conforming_strings', 'off', false); end $$"),
  );
  await client.closed;
  assert.match(
    client.received().toString('latin1'),
    /standard_conforming_strings was changed to off/,
  );
});

test('COPY FROM STDIN streams after the decision, in both protocols, and fails cleanly', async () => {
  const client = await connect();
  client.send(query('copy open_t from stdin'));
  await client.until('G');
  const done = await ask(
    client,
    message('d', '10\tten\n'),
    message('d', '11\televen\n'),
    message('c'),
  );
  assert.is(done[0]?.body.toString(), 'COPY 2\0');
  client.send(parse('', 'copy open_t from stdin'), bind('', ''), execute(''), SYNC);
  await client.until('G');
  const again = await ask(client, message('d', '12\ttwelve\n'), message('c'), SYNC);
  assert.is(tags(again), 'CZ');
  client.send(query('copy open_t from stdin'));
  await client.until('G');
  assert.equal(states(await ask(client, message('f', cstring('no more')))), ['57014']);
  client.send(query('copy open_t from stdin'), message('d', 'bad\n'), message('c'), message('c'));
  assert.equal(states(await client.until('Z')), ['22P02']);
  const rows = await ask(client, query('copy (select a from open_t order by a) to stdout'));
  assert.is(tags(rows), 'HddddcCZ');
  assert.equal(states(await ask(client, query('copy secret_t from stdin'))), ['42501']);
  await ask(client, query('delete from open_t where a >= 10'));
  client.end();
});

test('a message that may not come during COPY ends the session', async () => {
  const client = await connect();
  client.send(query('copy open_t from stdin'));
  await client.until('G');
  client.send(query('select 1'));
  await client.closed;
  assert.match(client.received().toString('latin1'), /08P01/);
});

test('a pipeline longer than what may be in flight is answered whole and in order', async () => {
  const narrow = await startPostgresGateway({
    upstream: target,
    password: server.password,
    limits: { inFlight: 4, queuedBytes: 256 },
  });
  const { client } = await signIn(narrow.port, TOKEN);
  const steps = Array.from({ length: 200 }, (_, index) => [
    parse('', `select ${index}`),
    bind('', ''),
    execute(''),
  ]);
  const answer = await ask(client, ...steps.flat(), SYNC);
  assert.equal(
    column(answer),
    Array.from({ length: 200 }, (_, index) => String(index)),
  );
  client.end();
  await narrow.stop();
});

test('rows, bytes and tags are told to the gate', async () => {
  const client = await connect();
  const before = gateway.bench.entries.length;
  await ask(client, query('select generate_series(1,5); select 1'));
  await until(() =>
    gateway.bench.entries.slice(before).some(({ entry }) => entry.type === 'action.finished'),
  );
  const finished = gateway.bench.entries
    .slice(before)
    .flatMap(({ entry }) => (entry.type === 'action.finished' ? [entry.outcome] : []));
  assert.is(finished[0]?.rows, 6);
  assert.is(finished[0]?.status, 'ok');
  assert.is(finished[0]?.detail, 'SELECT 1');
  client.end();
});

test('a goodbye closes the session of the gate', async () => {
  const client = await connect();
  await ask(client, query('select 1'));
  client.send(TERMINATE);
  await client.closed;
  await until(() => gateway.gate.sessions.size === 0);
});

test('a target that ends a session is told, and so is an end by the gate', async () => {
  const client = await connect();
  const [pid] = column(await ask(client, query('select pg_backend_pid()')));
  const other = await connect();
  await ask(other, query(`select pg_terminate_backend(${pid})`));
  await client.closed;
  assert.match(client.received().toString('latin1'), /57P01/);
  const [id] = gateway.gate.sessions.keys();
  const { refuse } = await import('../../proxy/gate/refusal.ts');
  gateway.gate.endSession(id ?? '', refuse('unavailable', 'session/revoked', 'access was revoked'));
  await other.closed;
  assert.match(other.received().toString('latin1'), /57P01.*access was revoked/s);
});

test('protocol 3.2 has a long cancel key and works', async () => {
  const { client, hello } = await signIn(gateway.port, TOKEN, {}, 196_610);
  assert.is(hello.find(({ tag }) => tag === 'K')?.body.length, 36);
  assert.equal(column(await ask(client, query('select 7'))), ['7']);
  client.end();
});

test.run();
