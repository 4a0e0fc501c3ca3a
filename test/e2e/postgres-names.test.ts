/** Prepared statements, portals and cursors through the gateway: what is decided is what the name stands for when it runs. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decision } from '../support/gate-ports.ts';
import {
  bind,
  column,
  describe,
  execute,
  FLUSH,
  int16,
  int32,
  message,
  parse,
  query,
  SYNC,
  tags,
} from '../support/postgres-wire.ts';
import { ask, startWireFixture, states, status } from '../support/wire-session.ts';

const fixture = await startWireFixture('test/e2e/postgres-names');
const { gateway, decided, blockWhen, connect } = fixture;

const test = suite('e2e/postgres-names');

test.before(fixture.prepare);
test.before.each(fixture.reset);
test.after(() => fixture.stop());

test('a blocked statement is never planned: Bind and Describe of a portal do not reach the server', async () => {
  const client = await connect();
  client.send(parse('s', 'select * from secret_t'), bind('', 's'), describe('P', ''), FLUSH);
  assert.is(tags(await client.until('E')), '1E');
  assert.is(tags(await ask(client, SYNC)), 'Z');
  client.end();
});

test('every Execute is decided: a policy that changed after Bind blocks the next rows', async () => {
  const client = await connect();
  await ask(client, query('begin'));
  client.send(parse('', 'select generate_series(1,10)'), bind('p', ''), execute('p', 4), FLUSH);
  assert.equal(column(await client.until('s')), ['1', '2', '3', '4']);
  gateway.bench.decide = () => decision({ effect: 'block', reasons: [] });
  const more = await ask(client, execute('p', 4), SYNC);
  assert.equal(states(more), ['42501']);
  assert.is(status(more), 'E');
  client.end();
});

test('a failed Parse does not change what its name stands for, pipelined or not', async () => {
  const client = await connect();
  gateway.bench.decide = (input) => {
    decided.push(input);
    return decision();
  };
  await ask(client, parse('s', 'select a from secret_t'), SYNC);
  client.send(parse('s', 'select b from open_t'), SYNC, bind('', 's'), execute(''), SYNC);
  const both = await client.until('Z', 2);
  assert.equal(states(both), ['42P05']);
  assert.equal(column(both), ['9']);
  assert.is(decided.at(-1)?.action.text, 'select a from secret_t');
  client.end();
});

test('PREPARE and the protocol share names: what is decided is what the name stands for now', async () => {
  const client = await connect();
  gateway.bench.decide = (input) => {
    decided.push(input);
    return decision();
  };
  await ask(client, parse('s', 'select b from open_t'), SYNC);
  await ask(client, query('deallocate s; prepare s as select b from secret_t'));
  const answer = await ask(client, bind('', 's'), execute(''), SYNC);
  assert.equal(column(answer), ['s']);
  const action = decided.at(-1)?.action;
  assert.equal(action?.kind === 'sql' && action.sql.statements[0]?.tables.map(({ name }) => name), [
    'secret_t',
  ]);
  client.end();
});

test('EXECUTE is decided with the facts of what was prepared, and blocked when nobody knows it', async () => {
  const client = await connect();
  assert.equal(states(await ask(client, query('prepare bad as select b from secret_t'))), [
    '42501',
  ]);
  gateway.bench.decide = () => decision();
  await ask(client, query('prepare bad as select b from secret_t'));
  gateway.bench.decide = blockWhen((statement) =>
    statement.tables.some((t) => t.name === 'secret_t'),
  );
  assert.equal(states(await ask(client, query('execute bad'))), ['42501']);
  assert.equal(states(await ask(client, query('execute unheard'))), ['42501']);
  await ask(client, query('prepare good as select b from open_t'));
  assert.equal(column(await ask(client, query('execute good'))), ['one']);
  client.end();
});

test('FETCH of a cursor is decided with the facts of its query', async () => {
  const client = await connect();
  await ask(client, query('begin; declare c cursor for select b from open_t'));
  assert.equal(column(await ask(client, query('fetch all from c'))), ['one']);
  const action = decided.at(-1)?.action;
  assert.equal(action?.kind === 'sql' && action.sql.statements[0]?.tables.map(({ name }) => name), [
    'open_t',
  ]);
  client.end();
});

test('a portal that SQL replaced is not executed under its old name', async () => {
  const client = await connect();
  gateway.bench.decide = () => decision();
  await ask(client, query('begin'));
  await ask(client, parse('', 'select b from open_t'), bind('c', ''), SYNC);
  await ask(client, query('close c; declare c cursor for select b from secret_t'));
  assert.equal(states(await ask(client, execute('c'), SYNC)), ['34000']);
  client.end();
});

test('unknown statements and portals, several commands in one Parse, and function calls are errors', async () => {
  const client = await connect();
  assert.equal(states(await ask(client, bind('', 'nope'), SYNC)), ['26000']);
  assert.equal(states(await ask(client, describe('S', 'nope'), SYNC)), ['26000']);
  assert.equal(states(await ask(client, execute('nope'), SYNC)), ['34000']);
  assert.equal(states(await ask(client, parse('', 'select 1; select 2'), SYNC)), ['42601']);
  const call = message('F', int32(1299), int16(0), int16(0), int16(0));
  assert.equal(states(await ask(client, call)), ['0A000']);
  assert.equal(column(await ask(client, query('select 1'))), ['1']);
  client.end();
});

test.run();
