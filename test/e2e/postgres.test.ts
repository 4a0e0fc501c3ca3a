/** The programs people use, unchanged, through the gateway: psql, pg_dump, the pg driver; approval and cancel. */

import pg from 'pg';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decision, demand, until } from '../support/gate-ports.ts';
import {
  type Ran,
  runProgram,
  runPsql,
  SHOP_SCHEMA,
  startPostgresFixture,
  withDriver,
} from '../support/postgres-fixture.ts';
import { TOKEN } from '../support/postgres-gateway.ts';

const fixture = await startPostgresFixture('test/e2e/postgres');
const { gateway, through: THROUGH, direct: DIRECT } = fixture;
const psql = (script: string, where = THROUGH): Promise<Ran> => runPsql(script, where);

const test = suite('e2e/postgres');

test.before(async () => {
  const made = await psql(SHOP_SCHEMA, DIRECT);
  assert.is(made.err, '');
});
test.before.each(() => {
  gateway.bench.decide = () => decision();
});
test.after(() => fixture.stop());

test('psql prints the same through the gateway as directly: queries, errors, describe commands, \\copy', async () => {
  const script = `
select id, name, email, born from customers order by id limit 3;
\\d customers
\\d+ payments
\\df twice
\\dv
\\l
select 1/0;
select nothing from customers;
begin; savepoint a; select oops; rollback to a; select 'still'; commit;
\\set AUTOCOMMIT off
select 'in a transaction';
rollback;
\\set AUTOCOMMIT on
\\set FETCH_COUNT 100
select id from customers order by id;
\\unset FETCH_COUNT
create temp table copied (a int, b text);
\\copy copied from stdin
1	one
2	\\\\two\\ttab
\\.
\\copy copied to stdout
\\copy (select a from copied) to stdout csv header
copy copied to stdout (format csv);
\\bind 7 eight
select $1::int, $2::text \\g
\\gdesc
select 1 as x \\gset
\\echo :x
select 1 \\; select 2;
`;
  const [through, direct] = await Promise.all([psql(script), psql(script, DIRECT)]);
  assert.is(through.out, direct.out);
  assert.is(through.err, direct.err);
  assert.is(through.code, direct.code);
  assert.match(through.out, /user3@example\.com/);
});

test('pg_dump of everything is byte for byte the direct one', async () => {
  const args = ['--no-sync', '--restrict-key=same'];
  const supported = (await runProgram('pg_dump', ['--help'], DIRECT)).out.includes(
    '--restrict-key',
  );
  const options = supported ? args : args.slice(0, 1);
  const [through, direct] = await Promise.all([
    runProgram('pg_dump', options, THROUGH),
    runProgram('pg_dump', options, DIRECT),
  ]);
  assert.is(through.err, direct.err);
  assert.is(through.code, 0);
  assert.is(through.out, direct.out);
  assert.match(through.out, /COPY public\.payments/);
});

test('the pg driver gets the same rows as directly, in text and binary, prepared and not', async () => {
  const ask = async (client: pg.Client): Promise<unknown[]> => {
    const text = 'select id, name, born, id * 2 as twice from customers where id < $1 order by id';
    const simple = await client.query('select id, name from customers where id < 4 order by id');
    const answers: unknown[] = [simple.rows];
    for (const binary of [false, true]) {
      const plain: pg.QueryConfig = Object.assign({ text, values: [4] }, { binary });
      const named: pg.QueryConfig = { ...plain, name: `q${binary}` };
      for (const each of [named, named, plain]) answers.push((await client.query(each)).rows);
    }
    return answers;
  };
  const through = await withDriver(THROUGH, ask);
  assert.equal(through, await withDriver(DIRECT, ask));
  assert.is(through.length, 7);
});

test('a held UPDATE waits with a notice, runs when it is approved, and is refused when it is denied', async () => {
  let wants = true;
  gateway.bench.decide = (input) =>
    input.action.class === 'write' && input.context.grants.length === 0 && wants
      ? decision({ effect: 'require_approval', approvals: [demand()] })
      : decision();
  const asked = gateway.bench.asked.length;
  const running = psql(
    "update customers set name = 'approved' where id = 20; select name from customers where id = 20;",
  );
  await until(() => gateway.bench.asked.length > asked);
  const request = gateway.bench.asked.at(-1);
  assert.is(request?.request.text, "update customers set name = 'approved' where id = 20;");
  wants = false;
  const grant = request?.grant();
  assert.ok(grant);
  request?.answer({ kind: 'granted', grant });
  const { out, err } = await running;
  assert.match(out, /^approved$/m);
  assert.match(err, /NOTICE: {2}waiting for approval approval-\d+: writes in production/);
  assert.match(err, /sallyport approve approval-\d+/);
  wants = true;
  const denied = psql("update customers set name = 'no' where id = 20;");
  await until(() => gateway.bench.asked.length > asked + 1);
  gateway.bench.asked.at(-1)?.answer({ kind: 'denied', by: 'dora', note: 'not today' });
  assert.match((await denied).err, /ERROR/);
  assert.equal((await psql('select name from customers where id = 20')).out, 'approved\n');
});

test('the reason a client gives by SET or PGOPTIONS is what policies and approvers see', async () => {
  const seen: (readonly [string, string | undefined])[] = [];
  gateway.bench.decide = (input) => {
    seen.push([input.action.text ?? '', input.session.reason]);
    return decision();
  };
  const script =
    "select 1; set sallyport.reason = 'INC-7'; select 2; set sallyport.reason to default; select 3; select set_config('sallyport.reason', 'INC-8', false); discard all; select 4;";
  const environment = { PGOPTIONS: '-c sallyport.reason=from\\ the\\ start' };
  const { err } = await psql(script, { ...THROUGH, environment });
  assert.is(err, '');
  assert.equal(
    seen.map(([, reason]) => reason),
    [
      'from the start',
      'INC-7',
      'INC-7',
      'from the start',
      'from the start',
      'INC-8',
      'from the start',
      'from the start',
    ],
  );
});

test('a cancel reaches the running statement and only that', () =>
  withDriver(THROUGH, async (client) => {
    const sleeping = client.query('select pg_sleep(20)').then(
      () => '',
      (error: { code?: string }) => error.code ?? '',
    );
    await until(() =>
      gateway.bench.entries.some(
        ({ entry }) =>
          entry.type === 'action.decided' && entry.input.text === 'select pg_sleep(20)',
      ),
    );
    let ended: string | undefined;
    sleeping.then((code) => {
      ended = code;
    });
    // What the driver was told is the gateway's own key; the driver's own way to cancel uses it. A server forgets a cancel
    // that overtakes its statement, so it is sent until the statement ends.
    for (let sent = 0; ended === undefined && sent < 50; sent += 1) {
      await cancelLikeDriver(client);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.is(ended, '57014');
    const { rows } = await client.query('select 1 as one');
    assert.equal(rows, [{ one: 1 }]);
  }));

test('a cancel, and a client that goes away, withdraw what is held', async () => {
  gateway.bench.decide = () => decision({ effect: 'require_approval', approvals: [demand()] });
  const asked = gateway.bench.asked.length;
  await withDriver(THROUGH, async (client) => {
    const held = client.query('select 1').then(
      () => '',
      (error: { code?: string }) => error.code ?? '',
    );
    await until(() => gateway.bench.asked.length > asked);
    await cancelLikeDriver(client);
    assert.is(await held, '57014');
  });
  const gone = new pg.Client({
    host: '127.0.0.1',
    port: gateway.port,
    user: 'me',
    password: TOKEN,
    database: 'shop',
  });
  gone.on('error', () => undefined);
  await gone.connect();
  gone.query('select 2').catch(() => undefined);
  await until(() => gateway.bench.asked.length > asked + 1);
  (gone as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  await until(() => gateway.bench.asked.at(-1)?.withdrawn() === true);
});

async function cancelLikeDriver(client: pg.Client): Promise<void> {
  const { connect } = await import('node:net');
  const { packet, int32 } = await import('../support/postgres-wire.ts');
  const { processID, secretKey } = client as unknown as { processID: number; secretKey: number };
  await new Promise<void>((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: gateway.port });
    socket.on('connect', () => socket.end(packet(80_877_102, int32(processID), int32(secretKey))));
    socket.on('close', () => resolve());
    socket.resume();
  });
}

test.run();
