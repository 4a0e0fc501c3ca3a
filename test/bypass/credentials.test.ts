/**
 * Ways out of the role that a session was given, against a real server. The list only grows; a case is never weakened.
 */
import type pg from 'pg';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PostgresUpstream } from '../../proxy/gate/ports.ts';
import { runPsql, withDriver } from '../support/postgres-fixture.ts';
import { type PostgresGateway, startPostgresGateway, TOKEN } from '../support/postgres-gateway.ts';
import { startPostgres } from '../support/postgres-server.ts';

const test = suite('bypass/credentials');

const GATEWAY_PASSWORD = 'canary-gateway-5d6e7f80';
const BEN_PASSWORD = 'canary-ben-1a2b3c4d';

const server = await startPostgres();
if (server === undefined) {
  console.log('SKIP: bypass/credentials: no PostgreSQL server binaries');
  process.exit(process.env['CI'] === 'true' ? 1 : 0);
}
const direct = { port: server.port, password: server.password, database: server.database };
const made = await runPsql(
  `create role ada; create role "Odd ""Role"; create role ben login password '${BEN_PASSWORD}';
   create role gateway login noinherit password '${GATEWAY_PASSWORD}' in role ada, ben, "Odd ""Role";
   create table of_ada(a int); create table of_ben(a int); create table of_gateway(a int);
   grant select, insert on of_ada to ada; grant select on of_ben to ben; grant select on of_gateway to gateway;
   grant create, usage on schema public to ada; create extension if not exists tablefunc;`,
  direct,
);
assert.is(made.err, '');

const base: PostgresUpstream = {
  kind: 'postgres',
  host: server.host,
  port: server.port,
  database: server.database,
  user: 'gateway',
  password: { id: 'target' },
  tls: 'disable',
  ca: undefined,
};
const everybody = { subjects: [], groups: [] };

async function through<T>(
  upstream: Partial<PostgresUpstream>,
  password: string,
  use: (gateway: PostgresGateway) => Promise<T>,
): Promise<T> {
  const gateway = await startPostgresGateway({ upstream: { ...base, ...upstream }, password });
  try {
    return await use(gateway);
  } finally {
    await gateway.stop();
  }
}

const at = (gateway: PostgresGateway) => ({
  port: gateway.port,
  password: TOKEN,
  database: 'shop',
});

/** Each leaves the role, or makes something that does, unless it is refused or comes to nothing. */
const ESCAPES: readonly string[] = [
  'set role none',
  'set role ben',
  'set local role none',
  'set session role none',
  "set role to 'ben'",
  'set session authorization default',
  'set session authorization ben',
  'reset session authorization',
  'discard all',
  "select set_config('role', 'none', false)",
  "select pg_catalog.set_config('RoLe', 'ben', false)",
  "select set_config('ro' || 'le', 'none', false)",
  "select set_config('session_authorization', 'gateway', false)",
  "update pg_settings set setting = 'none' where name = 'role'",
  "do $$ begin perform set_config('role', 'none', false); end $$",
  "do $$ begin execute 'reset session authorization'; end $$",
  "create function pg_temp.out() returns void language sql as $$ select set_config('role', 'none', false) $$; select pg_temp.out()",
  "create aggregate pg_temp.out(text, bool) (sfunc = set_config, stype = text, initcond = 'role'); select pg_temp.out('none', false)",
  'create operator pg_temp.@@@@ (leftarg = tsquery, rightarg = text, function = ts_rewrite)',
  "select query_to_xml('select set_config(''role'', ''none'', false)', true, true, '')",
  "select * from ts_stat('select set_config(''role'', ''none'', false)::tsvector')",
  "select * from crosstab('select 1, set_config(''role'', ''none'', false), 1') as t(a int, b int)",
  "create temp view v as select set_config('role', 'none', false); select * from v",
  "create temp table t(a int, b text default set_config('role', 'none', false)); insert into t(a) values (1)",
  "create temp table r(a int); create rule out as on insert to r do also select set_config('role', 'none', false); insert into r values (1)",
  "prepare p as select set_config('role', 'none', false); execute p",
  "prepare p(text) as select set_config($1, 'none', false); execute p('role')",
  "declare c cursor with hold for select set_config('role', 'none', false); fetch c",
  "copy (select set_config('role', 'none', false)) to stdout",
  "explain analyze select set_config('role', 'none', false)",
  "alter role gateway set role = 'none'",
  'begin; set local role ben; select 1',
  "begin; savepoint s; select set_config('role', 'ben', true)",
];

const WHO = "select current_user || '/' || current_setting('role')";

test('no statement leaves the role that set_role gave', () =>
  through({ roles: [{ ...everybody, role: 'ada' }] }, GATEWAY_PASSWORD, async (gateway) => {
    for (const way of ESCAPES) {
      const ran = await runPsql(`${way};\nrollback;\n${WHO};\n`, at(gateway));
      assert.match(ran.out, /^ada\/ada$/m, `${way}: ${ran.out} ${ran.err}`);
      assert.match(ran.err, /ERROR/, way);
    }
  }));

test('the same escapes work at the server itself, or are no proof', async () => {
  const open = { ...direct, password: GATEWAY_PASSWORD, environment: { PGUSER: 'gateway' } };
  for (const way of [
    'set session authorization default',
    'discard all',
    "select set_config('role', 'none', false)",
    "do $$ begin perform set_config('role', 'none', false); end $$",
    "create aggregate pg_temp.out(text, bool) (sfunc = set_config, stype = text, initcond = 'role'); select pg_temp.out('none', false)",
  ]) {
    const ran = await runPsql(`set role ada;\n${way};\nselect current_user;\n`, open);
    assert.match(ran.out, /^gateway$/m, `${way}: ${ran.err}`);
  }
});

test('what goes back to the given role, or has nothing to do with it, is let through', () =>
  through({ roles: [{ ...everybody, role: 'ada' }] }, GATEWAY_PASSWORD, async (gateway) => {
    for (const harmless of [
      'reset role',
      'set role to default',
      'reset all',
      "set statement_timeout = '5s'",
      'create table kept(a int); drop table kept',
      'insert into of_ada values (1)',
    ]) {
      const ran = await runPsql(`${harmless};\n${WHO};\n`, at(gateway));
      assert.is(ran.err, '', harmless);
      assert.match(ran.out, /^ada\/ada$/m, harmless);
    }
    const denied = await runPsql('select * from of_ben; select * from of_gateway', at(gateway));
    assert.match(denied.err, /permission denied for table of_ben[\s\S]*of_gateway/);
  }));

test('parameters of the extended protocol do not leave the role either', () =>
  through({ roles: [{ ...everybody, role: 'ada' }] }, GATEWAY_PASSWORD, (gateway) =>
    withDriver(at(gateway), async (client) => {
      for (const name of ['role', 'session_authorization']) {
        const refused = await client.query('select set_config($1, $2, false)', [name, 'ben']).then(
          () => undefined,
          (error: pg.DatabaseError) => error,
        );
        assert.match(refused?.detail ?? '', /^sql\/(?:role|lexer)$/);
      }
      assert.equal((await client.query('select current_user')).rows, [{ current_user: 'ada' }]);
    }),
  ));

test('a role is taken by its exact name, whatever characters it has', () =>
  through({ roles: [{ ...everybody, role: 'Odd "Role' }] }, GATEWAY_PASSWORD, async (gateway) => {
    assert.is((await runPsql('select current_user', at(gateway))).out, 'Odd "Role\n');
  }));

test('who has no rule, no such role, or a reserved name gets in as nobody', async () => {
  const cases: [Partial<PostgresUpstream>, RegExp][] = [
    [{ roles: [{ subjects: ['zoe'], groups: [], role: 'ada' }] }, /no role of the target is meant/],
    [
      {
        accounts: [
          { subjects: [], groups: ['none-of-mine'], user: 'ben', password: { id: 'target' } },
        ],
      },
      /no user of the target is meant/,
    ],
    [{ roles: [{ ...everybody, role: 'missing' }] }, /the target gives you no role/],
    [{ roles: [{ ...everybody, role: 'postgres' }] }, /the target gives you no role/],
    [{ roles: [{ ...everybody, role: 'pg_{subject}' }] }, /cannot be used as the name/],
    [
      { roles: [{ ...everybody, role: `{subject}${'x'.repeat(63)}` }] },
      /cannot be used as the name/,
    ],
  ];
  for (const [upstream, message] of cases)
    await through(upstream, GATEWAY_PASSWORD, async (gateway) => {
      const ran = await runPsql('select current_user', at(gateway));
      assert.is(ran.out, '');
      assert.match(ran.err, message);
      assert.not.match(ran.err + gateway.faults.join(), /canary/);
    });
});

test('an account of its own is kept by the server, and its password is seen by nobody', () =>
  through(
    { accounts: [{ ...everybody, user: 'ben', password: { id: 'target' } }] },
    BEN_PASSWORD,
    async (gateway) => {
      for (const way of ['reset session authorization', 'discard all', 'set role none']) {
        const ran = await runPsql(`${way};\nselect session_user;\n`, at(gateway));
        assert.match(ran.out, /^ben$/m, way);
      }
      const all = await runPsql(
        'select * from of_ada; select rolpassword from pg_authid',
        at(gateway),
      );
      assert.match(all.err, /permission denied for table of_ada/);
      const written = JSON.stringify(gateway.bench.entries) + all.out + all.err;
      assert.ok(written.includes('of_ada'));
      assert.not.match(written, /canary/);
    },
  ));

test.after(() => server.stop());
test.run();
