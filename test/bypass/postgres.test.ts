/**
 * Ways round the decision on the PostgreSQL wire, against a real server: each case says what must not come out or must not run.
 * The list only grows; a case is never weakened.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Mask } from '../../engine/contract/decision.ts';
import type { ActionInput, PolicyInput } from '../../engine/contract/input.ts';
import { decision, demand, until } from '../support/gate-ports.ts';
import { runPsql, SHOP_SCHEMA, startPostgresFixture } from '../support/postgres-fixture.ts';
import { startPostgresGateway, TOKEN } from '../support/postgres-gateway.ts';
import {
  bind,
  close,
  describe,
  execute,
  fields,
  parse,
  query,
  SYNC,
  signIn,
  type WireClient,
  type WireMessage,
} from '../support/postgres-wire.ts';

const fixture = await startPostgresFixture('test/bypass/postgres');
const { gateway, through: THROUGH, direct: DIRECT } = fixture;
const { bench } = gateway;

const EMAIL_MASK: readonly Mask[] = [
  { code: 'pii', with: 'redact', column: 'public.customers.email', rule: undefined },
];
const SECRET = /user\d+@example/i;

/** Masks as policies write them: on statements that name the table, and on what nobody can see into. */
function maskCustomers(input: PolicyInput): ReturnType<typeof decision> {
  const statements = sqlOf(input.action).statements;
  const named = statements.some(
    ({ opaque, tables, functions }) =>
      opaque ||
      tables.some(({ name }) => name === 'customers') ||
      functions.some(({ volatile }) => volatile !== false),
  );
  return decision({ masks: named ? EMAIL_MASK : [] });
}

function sqlOf(action: ActionInput): Extract<ActionInput, { kind: 'sql' }>['sql'] {
  if (action.kind !== 'sql') throw new Error(`not SQL: ${action.kind}`);
  return action.sql;
}

/** Everything the server or gateway said, as text. */
const said = (messages: readonly WireMessage[]): string =>
  messages.map(({ body }) => body.toString('latin1')).join('\n');

async function withWire(use: (client: WireClient) => Promise<void>): Promise<void> {
  const { client } = await signIn(gateway.port, TOKEN);
  try {
    await use(client);
  } finally {
    client.end();
  }
}

const test = suite('bypass/postgres');

test.before(async () => {
  const made = await runPsql(
    `${SHOP_SCHEMA}
    create role payroll;
    create table salaries (id int primary key, amount int not null, note text check (note <> 'bad'));
    insert into salaries values (1, 4711, 'x');
    create table slots (c int, email text, exclude using btree (c with =) deferrable initially deferred);
    insert into customers values (1000, 'ref', 'user1000@example.com', null);
    alter table customers add unique (email);
    create table letters (email text references customers (email));
    insert into letters values ('user1000@example.com');
    insert into customers values (1001, 'late', 'user1001@example.com', null);
    create table memos (email text references customers (email) deferrable initially deferred);
    insert into memos values ('user1001@example.com');`,
    DIRECT,
  );
  assert.is(made.err, '');
});
test.before.each(() => {
  bench.decide = () => decision();
  bench.asked.length = 0;
});
test.after(() => fixture.stop());

test('what the arguments of EXECUTE call is in the facts', async () => {
  const seen: PolicyInput[] = [];
  bench.decide = (input) => {
    seen.push(input);
    return decision();
  };
  await runPsql("prepare p(bigint) as select $1; execute p(setval('numbers', 42));", THROUGH);
  const last = seen.at(-1);
  assert.ok(last);
  const [statement] = sqlOf(last.action).statements;
  assert.equal(
    statement?.functions.map(({ name }) => name),
    ['setval'],
  );
  assert.is(last.action.class, 'write');
});

test('the arguments of EXECUTE are no way round a mask', async () => {
  bench.decide = maskCustomers;
  const { out } = await runPsql(
    `prepare p(text) as select $1;
     execute p(query_to_xml('select email from customers limit 3', true, true, '')::text);`,
    THROUGH,
  );
  assert.not.match(out, SECRET);
});

test('a portal of an earlier segment is not taken for a cursor of the same name', () =>
  withWire(async (client) => {
    bench.decide = maskCustomers;
    client.send(query('declare c cursor with hold for select upper(email) from customers'));
    await client.until('Z');
    client.send(parse('plain', 'select 1'), SYNC);
    await client.until('Z');
    client.send(bind('c', 'plain'), SYNC, describe('P', 'c'), execute('c', 2), SYNC);
    const answer = await client.until('Z', 2);
    assert.not.match(said(answer), SECRET);
  }));

test('a cursor that was closed by its portal name is forgotten', () =>
  withWire(async (client) => {
    bench.decide = maskCustomers;
    client.send(query('begin; declare c cursor for select 1 as n'));
    await client.until('Z');
    client.send(close('P', 'c'), parse('s', 'select email from customers'), bind('c', 's'), SYNC);
    await client.until('Z');
    client.send(query('fetch 2 from c'));
    assert.not.match(said(await client.until('Z')), SECRET);
  }));

for (const [how, leave] of [
  ['a rollback to a savepoint', 'rollback to savepoint a'],
  ['a commit that chains', 'commit and chain'],
  ['a rollback that chains', 'rollback and chain'],
] as const) {
  test(`a cursor that ended with ${how} is forgotten`, () =>
    withWire(async (client) => {
      bench.decide = maskCustomers;
      client.send(query("begin; savepoint a; declare c cursor for select 'hold' as n"));
      await client.until('Z');
      client.send(query(leave));
      await client.until('Z');
      client.send(parse('s', 'select email from customers'), bind('c', 's'), SYNC);
      await client.until('Z');
      client.send(query('fetch 2 from c'));
      assert.not.match(said(await client.until('Z')), SECRET);
    }));
}

test('what nobody can tell the content of is opaque and of class unknown', () =>
  withWire(async (client) => {
    const seen: PolicyInput[] = [];
    bench.decide = (input) => {
      seen.push(input);
      return decision({ effect: 'block' });
    };
    for (const text of ['fetch 2 from nobody', 'execute nobody', 'move nobody']) {
      client.send(query(text));
      await client.until('Z');
    }
    assert.equal(
      seen.map(({ action }) => [action.class, sqlOf(action).statements[0]?.opaque]),
      [
        ['unknown', true],
        ['unknown', true],
        ['unknown', true],
      ],
    );
  }));

test('a cursor with the word hold in its query ends with its transaction', () =>
  withWire(async (client) => {
    bench.decide = maskCustomers;
    client.send(query("begin; declare c cursor for select 'with hold' as n; commit"));
    await client.until('Z');
    client.send(query('begin'));
    await client.until('Z');
    client.send(parse('s', 'select email from customers'), bind('c', 's'), SYNC);
    await client.until('Z');
    client.send(query('fetch 2 from c'));
    assert.not.match(said(await client.until('Z')), SECRET);
  }));

for (const [what, text] of [
  ['a row that breaks NOT NULL', 'update customers set name = null where id = 1'],
  ['a key that is still referenced', "delete from customers where name = 'ref'"],
  ['a foreign key', 'alter table customers add foreign key (email) references letters (email)'],
  [
    'an upsert',
    'insert into customers (id, name) values (1, 1) on conflict (id) do update set name = null',
  ],
] as const) {
  test(`the words of an error do not quote a masked column: ${what}`, () =>
    withWire(async (client) => {
      bench.decide = maskCustomers;
      client.send(query(text));
      const answer = await client.until('Z');
      assert.ok(answer.some(({ tag }) => tag === 'E'));
      assert.not.match(said(answer), SECRET);
    }));
}

test('a check that is put off does not quote a masked column later', () =>
  withWire(async (client) => {
    bench.decide = maskCustomers;
    client.send(query("begin; delete from customers where name = 'late'"));
    await client.until('Z');
    client.send(query('commit'));
    const answer = await client.until('Z');
    assert.ok(answer.some(({ tag }) => tag === 'E'));
    assert.not.match(said(answer), SECRET);
    const text = "delete from customers where name = 'late'";
    client.send(parse('', text), bind('', ''), execute(''), SYNC);
    const later = await client.until('Z');
    assert.ok(later.some(({ tag }) => tag === 'E'));
    assert.not.match(said(later), SECRET);
  }));

test('an update of pg_settings counts as whatever setting it may change', async () => {
  const classes: string[] = [];
  bench.decide = ({ action }) => {
    classes.push(action.class);
    return decision({ effect: action.class === 'unknown' ? 'block' : 'allow' });
  };
  const { out } = await runPsql(
    "update pg_settings set setting = 'payroll' where name = 'role';\nselect current_user",
    THROUGH,
  );
  assert.equal(classes, ['unknown', 'read']);
  assert.not.match(out, /payroll/);
});

test('an approval of a statement says, and is bound to, what names meant when it was asked for', () =>
  withWire(async (client) => {
    bench.decide = ({ action }) =>
      action.verb === 'DELETE'
        ? decision({ effect: 'require_approval', approvals: [demand()] })
        : decision();
    const digests: string[] = [];
    for (const before of [
      '',
      'set search_path = payroll',
      "select set_config('DateStyle', 'DMY', false)",
      'create temp table salaries (id int)',
      'set role payroll',
    ]) {
      if (before !== '') {
        client.send(query(before));
        await client.until('Z');
      }
      const asked = bench.asked.length;
      client.send(query('delete from salaries where id = 1'));
      await until(() => bench.asked.length > asked);
      const approval = bench.asked.at(-1);
      if (approval === undefined) throw new Error('nothing was asked');
      digests.push(approval.request.digest);
      assert.ok(approval.request.text.includes(before), approval.request.text);
      approval.answer({ kind: 'denied', by: 'dora', note: undefined });
      await client.until('Z');
    }
    assert.is(new Set(digests).size, digests.length);
  }));

test('portals are bounded', async () => {
  const { client } = await signIn(gateway.port, TOKEN);
  client.send(query('begin'), parse('s', 'select $1::text'));
  for (let at = 0; at < 10_050; at += 1) client.send(bind(`p${at}`, 's', ['v']));
  client.send(SYNC);
  await client.until('Z');
  const answer = await client.until('Z');
  const error = answer.find(({ tag }) => tag === 'E');
  assert.is(error && fields(error.body)['C'], '54000');
  client.end();
});

test('what portals and statements hold is bounded in bytes', async () => {
  const small = await startPostgresGateway({
    upstream: fixture.upstream,
    password: fixture.server.password,
    limits: { nameBytes: 1024 * 1024 },
  });
  const { client } = await signIn(small.port, TOKEN);
  client.send(query('begin'), parse('s', 'select $1::text'));
  const large = 'x'.repeat(200 * 1024);
  for (let at = 0; at < 6; at += 1) client.send(bind(`p${at}`, 's', [large]));
  client.send(SYNC);
  await client.until('Z');
  const answer = await client.until('Z');
  const error = answer.find(({ tag }) => tag === 'E');
  assert.is(error && fields(error.body)['C'], '54000');
  // The one that takes the place of another fits.
  client.send(query('rollback'), query('begin'), parse('s2', 'select $1::text'));
  for (let at = 0; at < 8; at += 1) client.send(bind('', 's2', [large]));
  client.send(SYNC);
  assert.not.ok((await client.until('Z', 3)).some(({ tag }) => tag === 'E'));
  client.end();
  await small.stop();
});

test('a DO block can have changed what a name stands for', () =>
  withWire(async (client) => {
    bench.decide = (input) =>
      sqlOf(input.action).statements.some(({ verb }) => verb === 'DO')
        ? decision()
        : maskCustomers(input);
    client.send(query('prepare p as select 1'));
    await client.until('Z');
    client.send(
      query(
        "do $$ begin execute 'deallocate p'; execute 'prepare p as select email from customers limit 2'; end $$",
      ),
    );
    await client.until('Z');
    client.send(query('execute p'));
    assert.not.match(said(await client.until('Z')), SECRET);
  }));

test.run();
