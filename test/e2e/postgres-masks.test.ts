/** Masked columns through the gateway: whatever the way to them, in text, binary and COPY. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Mask } from '../../engine/contract/decision.ts';
import { decision } from '../support/gate-ports.ts';
import {
  type Ran,
  runPsql,
  SHOP_SCHEMA,
  startPostgresFixture,
  withDriver,
} from '../support/postgres-fixture.ts';
import { startPostgresGateway } from '../support/postgres-gateway.ts';

const fixture = await startPostgresFixture('test/e2e/postgres-masks');
const { gateway, upstream, through: THROUGH, direct: DIRECT } = fixture;
const psql = (script: string, where = THROUGH): Promise<Ran> => runPsql(script, where);

const MASKS: readonly Mask[] = [
  { code: 'pii', with: 'redact', column: 'public.customers.email', rule: undefined },
];

const test = suite('e2e/postgres-masks');

test.before(async () => {
  const made = await psql(SHOP_SCHEMA, DIRECT);
  assert.is(made.err, '');
});
test.before.each(() => {
  gateway.bench.decide = () => decision();
});
test.after(() => fixture.stop());

test('a masked column is masked in psql wherever it comes from, and the rest is not', async () => {
  gateway.bench.decide = () => decision({ masks: MASKS });
  const { out } = await psql(`
select id, name, email from customers where id = 1;
select c.email as harmless, c.name from customers c where id = 2;
with x as (select email as e from customers where id = 3) select e from x;
select upper(email) from customers where id = 4;
select email from contacts where id = 5;
select id || ':' || email from customers where id = 6;
select count(*) from customers;
select name from customers where id = 7;
begin; declare c cursor for select upper(email) from customers where id = 8; fetch all from c; commit;
prepare p as select upper(email) from customers where id = 9; execute p;
table customers limit 1;
update customers set name = name where id = 10 returning email;
`);
  assert.not.match(out, /@/i);
  assert.not.match(out, /USER\d/);
  assert.match(out, /^1\|name 1\|\[redacted\]$/m);
  assert.match(out, /^\[redacted\]\|name 2$/m);
  assert.match(out, /^500$/m);
  assert.match(out, /^name 7$/m);
});

test('a masked column is masked in binary rows of the driver, and counted', () =>
  withDriver(THROUGH, async (client) => {
    gateway.bench.decide = () => decision({ masks: MASKS });
    const before = gateway.bench.entries.length;
    for (const binary of [false, true]) {
      const query = {
        text: 'select id, email, name from customers where id <= $1 order by id',
        values: [2],
        binary,
      };
      const { rows } = await client.query(query);
      assert.equal(rows, [
        { id: 1, email: '[redacted]', name: 'name 1' },
        { id: 2, email: '[redacted]', name: 'name 2' },
      ]);
    }
    const finished = gateway.bench.entries
      .slice(before)
      .flatMap(({ entry }) => (entry.type === 'action.finished' ? [entry.outcome] : []));
    assert.equal(
      finished.map(({ rows, masked }) => [rows, masked]),
      [
        [2, { pii: 2 }],
        [2, { pii: 2 }],
      ],
    );
  }));

test('COPY of a masked table is masked row by row in text, and refused where it cannot be', async () => {
  gateway.bench.decide = () => decision({ masks: MASKS });
  const { out } = await psql('copy customers (id, email) to stdout;');
  assert.is(out.split('\n').filter((line) => line.endsWith('\t[redacted]')).length, 500);
  for (const text of [
    'copy customers to stdout (format csv);',
    'copy customers to stdout (format binary);',
    'copy (select email from customers) to stdout;',
    'create table stolen as select email from customers;',
    'insert into payments (note) select email from customers;',
  ]) {
    const refused = await psql(text);
    assert.is(refused.out, '', text);
    assert.match(refused.err, /cannot be kept/, text);
  }
});

test('errors and notices that could quote a masked value are withheld, their state is kept', async () => {
  gateway.bench.decide = () => decision({ masks: MASKS });
  const { err } = await psql(`\\set VERBOSITY verbose
select email::int from customers where id = 1;
do $$ begin raise notice '%', (select email from customers where id = 1); end $$;`);
  assert.match(err, /22P02/);
  assert.not.match(err, /user1/);
});

test('a masked query still streams: the plain columns of a large result arrive whole', async () => {
  gateway.bench.decide = () => decision({ masks: MASKS });
  const text =
    "select n, repeat('x', 100), email from generate_series(1, 20000) n left join customers on id = n;";
  const { out } = await psql(text);
  const lines = out.trimEnd().split('\n');
  assert.is(lines.length, 20_000);
  assert.is(lines.filter((line) => line.endsWith('|[redacted]')).length, 500);
});

test('without a catalog nothing that is masked is answered', async () => {
  const other = await startPostgresGateway({
    upstream: { ...upstream, user: 'limited' },
    password: 'limited password',
  });
  try {
    await psql(
      "create role limited login password 'limited password' connection limit 1; grant select on customers to limited;",
      DIRECT,
    );
    other.bench.decide = () => decision({ masks: MASKS });
    const { out, err } = await psql('select email from customers;', {
      ...THROUGH,
      port: other.port,
    });
    assert.is(out, '');
    assert.match(err, /catalog could not be read/);
  } finally {
    await other.stop();
  }
});

test.run();
