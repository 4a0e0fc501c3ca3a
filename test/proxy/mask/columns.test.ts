/**
 * Column masks on results of a real server: the secret of `masked-database.ts` must never come out.
 */
import type pg from 'pg';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CatalogSnapshot } from '../../../proxy/mask/catalog.ts';
import { createSqlAnalyser } from '../../../proxy/sql/analyser.ts';
import type { PostgresMajor, SqlAnalyser } from '../../../proxy/sql/facts.ts';
import {
  connect,
  MASKS,
  readSnapshot,
  runMasked,
  SCHEMA,
  SECRET,
} from '../../support/masked-database.ts';
import { type PostgresServer, startPostgres } from '../../support/postgres-server.ts';

const test = suite('proxy/mask/columns');

interface Setting {
  readonly server: PostgresServer;
  readonly client: pg.Client;
  readonly analyser: SqlAnalyser;
  readonly catalog: CatalogSnapshot;
}

const server = await startPostgres();
let setting: Setting | undefined;
if (server === undefined) console.log('SKIP: no PostgreSQL server binaries to mask results of');
else {
  const client = await connect(server);
  await client.query(SCHEMA);
  const analyser = await createSqlAnalyser({ majorVersion: server.majorVersion as PostgresMajor });
  setting = { server, client, analyser, catalog: await readSnapshot(client) };
}

/** Reads that reach the secret, one way or another: it must never come out. */
const READS = [
  'select password from users',
  'select * from users',
  'table users',
  'select u.* from users u',
  'select u from users u',
  'select users from users',
  'select (u).password from users u',
  'select (u).* from users u',
  'select (users.*)::text from users',
  'select password as name from users',
  'select upper(password) from users',
  "select password || '' from users",
  'select password::varchar(50) from users',
  'select password collate "C" from users',
  "select case when id = 1 then password else 'x' end from users",
  'select max(password) from users',
  "select string_agg(password, ',') from users",
  'select array_agg(password) from users',
  'select first_value(password) over () from users',
  'select (select password from users limit 1)',
  'select array(select password from users)',
  'select row_to_json(u) from users u',
  'select to_jsonb(u) from users u',
  'select json_agg(u) from users u',
  'select json_agg(users) from users',
  'select u.leak from users u',
  'select leak(u) from users u',
  'select password(u) from users u',
  'select steal()',
  'select 1 ~~~> 2',
  'select 1 operator(public.~~~>) 2',
  'select s.steal from (select 1 as x) s',
  "select 'x' || steal() from orders",
  'select a.c from users a(a, b, c)',
  'select max(a.c) from users a(a, b, c)',
  'select upper(j.p) from (users join orders using (id)) as j(i, n, p)',
  'select j from (users u left join orders o on o.user_id = u.id) as j',
  'select p || n from (select password p, name n from users) s',
  'select upper(c.p) from (select u.* from users u) as c(i, n, p)',
  'with c as (select * from users) select max(c.password) from c',
  'with c(a, b, d) as (select * from users) select max(d) from c',
  'with recursive r as (select password p, 1 n from users union all select p, n + 1 from r where n < 2) select p from r',
  'select password from users union select name from users',
  'select name from users union all select password from users',
  'values ((select password from users limit 1))',
  'select x from users, lateral (select upper(users.password) x) z',
  "select unnest(string_to_array(password, '-')) from users",
  'select r from users, unnest(array[password]) r',
  "select regexp_split_to_table(password, '-') from users",
  'select coalesce(password, name) from users full join orders using (id)',
  'select password from users a full join users b using (password)',
  'select count(*), password from users group by 2',
  'select distinct password from users',
  'select grouping(password), password from users group by rollup (password)',
  'select upper(shouted) from user_view',
  'select shouted from user_view',
  'select * from outer_view',
  'select shouted from outer_view',
  'select p from user_mat',
  'select lower(p) from user_mat',
  'select s from stealing_view',
  'select password from parent',
  'select password from child',
  'select password from only child',
  'select password from parts',
  'select password from part1',
  'select lower(password) from part1',
  'update users set name = name where id = 1 returning password',
  'update users set name = name where id = 1 returning upper(password), name',
  'update users set name = name where id = 1 returning users',
  'select most_common_vals::text from pg_stats',
  'select histogram_bounds::text from pg_stats',
  'select s.most_common_vals::text, s.histogram_bounds::text from pg_stats s',
  'select stavalues1::text from pg_statistic',
  "explain (verbose, costs off) select password from users where password = 'sesame-one'",
  'select xmlforest(password) from users',
  'select xmlelement(name a, password) from users',
  'select greatest(password, name) from users',
  'select nullif(password, name) from users',
  'select row(password, 1) from users',
  'select row(u.*) from users u',
  "select format('%s', u) from users u",
  'select concat(u.*) from users u',
  'select x.p from (select password as p from users) x',
  'select upper(x.p) from (select password as p from users) x',
  'select t.c3 from (table users) as t(c1, c2, c3)',
  'select upper(t.c3) from (table users) as t(c1, c2, c3)',
  'select u2.v from users u cross join lateral (values (u.password)) as u2(v)',
  'select jsonb_each_text(to_jsonb(u)) from users u',
  'select e.value from users u, jsonb_each_text(to_jsonb(u)) e',
  'select min(n) from (select name from users natural join (select password as name from users) z) q(n)',
];

for (const sql of READS) {
  test(`never shows the secret: ${sql}`, async () => {
    if (setting === undefined) return;
    const { client, analyser, catalog } = setting;
    const result = await runMasked(client, analyser, catalog, sql);
    assert.not('refused' in result, JSON.stringify(result));
    if ('rows' in result) {
      assert.ok(result.masked.includes(true), 'something is masked');
      assert.not(
        JSON.stringify(result.rows).toLowerCase().includes(SECRET),
        JSON.stringify(result.rows),
      );
    }
  });
}

/** Reads of other columns, whose values come out as they are. */
const UNTOUCHED = [
  [
    'select id, name from users order by id',
    [
      ['1', 'ada'],
      ['2', 'bob'],
    ],
  ],
  ['select count(*) from users', [['2']]],
  ['select upper(name) from users where id = 1', [['ADA']]],
  ['select count(*) from orders where total > 50', [['1']]],
  ['select sum(total) as s from orders', [['111.5']]],
  ['select name from name_view where id = 1', [['ada']]],
  ['select max(v.name) from name_view v', [['bob']]],
  ['select s.total from (select count(*) as total from users) s', [['2']]],
  [
    'with t as (select user_id, sum(total) as spent from orders group by 1) select t.spent + 1 from t order by 1',
    [['13'], ['100.5']],
  ],
  ['select g.n * 2 from generate_series(1, 2) g(n)', [['2'], ['4']]],
  ["select v.b from (values (1, 'x')) as v(a, b)", [['x']]],
  [
    'select u.name, o.total + 1 from users u join orders o on o.user_id = u.id where o.id = 10',
    [['ada', '100.5']],
  ],
  [
    "select c.relname, pg_catalog.pg_get_userbyid(c.relowner) from pg_catalog.pg_class c left join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.relname = 'users' and pg_catalog.pg_table_is_visible(c.oid)",
    [['users', 'postgres']],
  ],
  ["select 'good'::mood::text, 1 + 1", [['good', '2']]],
  ['select 1 as one', [['1']]],
  ["insert into log values ('hello', 1) returning line", [['hello']]],
  [
    "insert into users (id, name, password) values (7, 'eve', 'new') on conflict (id) do update set password = excluded.password returning id",
    [['7']],
  ],
  ["update users set password = 'changed' where id = 7 returning name", [['eve']]],
  ["delete from users where password = 'changed' returning id", [['7']]],
  ['show search_path', [['"$user", public']]],
] as const;

for (const [sql, expected] of UNTOUCHED) {
  test(`leaves alone: ${sql}`, async () => {
    if (setting === undefined) return;
    const { client, analyser, catalog } = setting;
    const result = await runMasked(client, analyser, catalog, sql);
    if ('refused' in result) assert.unreachable(result.refused);
    else assert.equal(result.rows, expected);
  });
}

/** They would put the secret where no mask reaches, or cannot be told from those that do. */
const MOVES = [
  'insert into log select password from users',
  'insert into log select (u).password from users u',
  'insert into log select steal()',
  'insert into log (line) values ((select password from users limit 1))',
  'create table stolen as select password from users',
  'create table stolen as table users',
  'select * into stolen from users',
  'create materialized view stolen as select password from users',
  'update users set name = password',
  'update log set line = u.password from users u',
  'update log set (line, n) = (select password, 1 from users limit 1)',
  'merge into log using users on false when not matched then insert values (users.password, 1)',
  'with i as (insert into log select password from users returning 1) select count(*) from i',
  "insert into users (id, name, password) values (1, 'x', 'y') on conflict (id) do update set name = users.password",
  'copy (select password from users) to stdout',
  'copy users to stdout (format csv)',
  'copy users to stdout (format binary)',
  "copy users to stdout (delimiter ';')",
  "copy users to '/tmp/stolen'",
  "copy users to program 'cat'",
  "select pg_notify('ch', password) from users",
  "select set_config('my.x', password, false) from users",
  'select lo_from_bytea(0, password::bytea) from users',
  'do $$ begin insert into log select password from users; end $$',
  'alter table users rename column password to open',
  'alter table users rename to open',
  'alter table users set schema pg_catalog',
  'alter schema public rename to open',
  'alter table users add column open text generated always as (password) stored',
  'alter table users alter column name type text using password',
  'alter table child no inherit parent',
  'alter table parts detach partition part1',
  'create rule r as on insert to log do also insert into log select password from users',
  "select query_to_xml('select password from users', true, true, '')",
  "select table_to_xml('users', true, true, '')",
  // Harmless, but the rows of the inner statement are not followed to where they go.
  'with d as (update users set name = name returning *) select upper(password) from d',
  'explain analyze insert into log select password from users',
];

for (const sql of MOVES) {
  test(`refuses to move the secret: ${sql}`, async () => {
    if (setting === undefined) return;
    const { client, analyser, catalog } = setting;
    const result = await runMasked(client, analyser, catalog, sql);
    assert.equal(result, { refused: 'mask-unenforceable' });
  });
}

test('without masks nothing is refused or masked', async () => {
  if (setting === undefined) return;
  const { client, analyser, catalog } = setting;
  const result = await runMasked(
    client,
    analyser,
    catalog,
    'select password from users where id = 1',
    [],
  );
  assert.equal(result, { rows: [[`${SECRET}-one`]], masked: [false] });
});

test('a number that is masked becomes NULL, a text gets its method', async () => {
  if (setting === undefined) return;
  const { client, analyser, catalog } = setting;
  const result = await runMasked(
    client,
    analyser,
    catalog,
    'select pin, password from users where id = 1',
  );
  assert.equal(result, { rows: [[null, '[redacted]']], masked: [true, true] });
});

test('a table that the catalog does not have yet is masked', async () => {
  if (setting === undefined) return;
  const { client, analyser, catalog } = setting;
  await client.query('create table fresh (a text)');
  await client.query("insert into fresh values ('x')");
  const result = await runMasked(client, analyser, catalog, 'select a, upper(a) from fresh');
  assert.equal(result, { rows: [['[redacted]', '[redacted]']], masked: [true, true] });
});

test('the table that holds the long values of others is masked whole', async () => {
  if (setting === undefined) return;
  const { client, analyser, catalog } = setting;
  const toast = [...catalog.relations.values()].find(({ kind }) => kind === 't');
  const sql = `select chunk_id from pg_toast.${toast?.name}`;
  const result = await runMasked(client, analyser, catalog, sql);
  assert.equal(result, { rows: [], masked: [true] });
});

test('a mask without a column selector plays no part here', async () => {
  if (setting === undefined) return;
  const { client, analyser, catalog } = setting;
  const masks = [
    {
      ...MASKS[0],
      code: 'f',
      with: 'redact' as const,
      column: undefined,
      field: '/a',
      rule: undefined,
    },
  ];
  const result = await runMasked(
    client,
    analyser,
    catalog,
    'select name from users where id = 1',
    masks.map(({ column: _, ...rest }) => rest),
  );
  assert.equal(result, { rows: [['ada']], masked: [false] });
});

test.after(async () => {
  await setting?.client.end();
  await setting?.analyser.close();
  await setting?.server.stop();
});

test.run();
