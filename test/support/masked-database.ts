/**
 * A database with a secret in it, and the way a result takes through the column masks: facts, check, plan, bytes. The secret is
 * the same word in every masked value, so that a leak is found by looking for the word.
 */
import pg from 'pg';
import type { Mask } from '../../engine/contract/decision.ts';
import {
  type CatalogRelation,
  type CatalogSnapshot,
  createCatalogSnapshot,
} from '../../proxy/mask/catalog.ts';
import { checkMaskable, planRow } from '../../proxy/mask/columns.ts';
import { deriveMaskKey } from '../../proxy/mask/methods.ts';
import { maskField } from '../../proxy/mask/rows.ts';
import type { SqlAnalyser } from '../../proxy/sql/facts.ts';
import type { PostgresServer } from './postgres-server.ts';

/** What must never come out. */
export const SECRET = 'sesame';

export const KEY = deriveMaskKey(new Uint8Array(32).fill(1), 'test');

export const SCHEMA = `
create table users (id int primary key, name text not null, password text not null, pin int, joined date default '2020-01-01');
insert into users values (1, 'ada', '${SECRET}-one', 4711), (2, 'bob', '${SECRET}-two', 4712);
create table orders (id int primary key, user_id int, total numeric, note text);
insert into orders values (10, 1, 99.5, 'first'), (11, 2, 12, 'second');
create table log (line text, n int);
create view user_view as select id, name, upper(password) as shouted from users;
create view outer_view as select * from user_view;
create view name_view as select id, name from users;
create materialized view user_mat as select id, password as p from users;
create table parent (id int, password text);
create table child (extra text) inherits (parent);
insert into child values (3, '${SECRET}-child', 'x');
create table parts (id int, password text) partition by list (id);
create table part1 partition of parts for values in (1);
insert into parts values (1, '${SECRET}-part');
create function leak(users) returns text language sql stable as 'select $1.password';
create function steal() returns text language sql stable as 'select password from users limit 1';
create function steal(record) returns text language plpgsql stable as 'begin return (select password from users limit 1); end';
create function plain(int) returns int language sql immutable as 'select $1 + 1';
create function peek(int, int) returns text language sql stable as 'select password from users limit 1';
create view stealing_view as select id, steal() as s from orders;
create operator ~~~> (leftarg = int, rightarg = int, function = peek);
create type mood as enum ('good', 'bad');
analyze;
`;

export const MASKS: readonly Mask[] = [
  { code: 'pw', with: 'redact', column: 'public.*.password', rule: undefined },
  { code: 'pin', with: 'last4', column: 'public.users.pin', rule: undefined },
];

/** Reads the catalog as the gateway does. */
export async function readSnapshot(client: pg.Client): Promise<CatalogSnapshot> {
  const { rows } = await client.query<{ relation: CatalogRelation }>(`
    select json_build_object('oid', c.oid::int8, 'schema', n.nspname, 'name', c.relname, 'kind', c.relkind,
      'columns', (select coalesce(json_agg(json_build_object('attnum', attnum, 'name', attname, 'typeOid', atttypid::int8,
          'generated', attgenerated <> '') order by attnum), '[]') from pg_attribute
          where attrelid = c.oid and attnum > 0 and not attisdropped),
      'parents', (select coalesce(json_agg(inhparent::int8), '[]') from pg_inherits where inhrelid = c.oid),
      'dependsOn', (select coalesce(json_agg(json_build_object('oid', d.refobjid::int8, 'attnum', d.refobjsubid)), '[]')
          from pg_rewrite r join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
          where r.ev_class = c.oid and d.refobjid <> c.oid and d.refclassid = 'pg_class'::regclass),
      'opaque', exists (select from pg_rewrite r join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
          join pg_proc p on p.oid = d.refobjid and d.refclassid = 'pg_proc'::regclass
          where r.ev_class = c.oid and p.pronamespace <> 'pg_catalog'::regnamespace)) as relation
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r','p','v','m','f','S','c','t')`);
  return createCatalogSnapshot(rows.map(({ relation }) => relation));
}

export type MaskedResult =
  | { readonly refused: string }
  | { readonly rows: readonly (string | null)[][]; readonly masked: readonly boolean[] };

/** Runs one statement and masks its rows; refusals are given by code. */
export async function runMasked(
  client: pg.Client,
  analyser: SqlAnalyser,
  catalog: CatalogSnapshot,
  sql: string,
  masks: readonly Mask[] = MASKS,
): Promise<MaskedResult> {
  const facts = await analyser.analyse(sql);
  if (!facts.ok) return { refused: facts.refusal.code };
  const detail = facts.detail[0];
  if (detail === undefined || facts.detail.length !== 1) return { refused: 'test/one-statement' };
  const refusal = checkMaskable(masks, catalog, detail);
  if (refusal !== undefined) return { refused: refusal.code };
  const result = await client.query<(string | null)[]>({
    text: sql,
    rowMode: 'array',
    types: { getTypeParser: () => (value: string) => value },
  });
  const plan = planRow(
    masks,
    catalog,
    detail,
    result.fields.map(({ tableID, columnID, dataTypeID }) => ({
      tableOid: tableID,
      // The driver reads the attribute number without its sign.
      attnum: columnID > 0x7fff ? columnID - 0x10000 : columnID,
      typeOid: dataTypeID,
      format: 'text' as const,
    })),
  );
  const rows = result.rows.map((row) =>
    row.map((value, index) => {
      const column = plan?.[index];
      if (column === undefined) return value;
      const bytes = maskField(column, value === null ? null : Buffer.from(value), KEY);
      return bytes === null ? null : Buffer.from(bytes).toString();
    }),
  );
  return { rows, masked: result.fields.map((_, index) => plan?.[index]?.mask === true) };
}

export async function connect(server: PostgresServer): Promise<pg.Client> {
  const { host, port, user, password, database } = server;
  const client = new pg.Client({ host, port, user, password, database });
  await client.connect();
  return client;
}
