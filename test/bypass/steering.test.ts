/**
 * Ways to learn a hidden value without showing it: search, join, sort, group or limit by it, under its own name or another.
 * Each must name the column, or `*` where any column may be meant, among those that steer the statement. The list only grows.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createSqlAnalyser } from '../../proxy/sql/analyser.ts';

const STEERED_BY_SSN: readonly string[] = [
  "select id from users where ssn like '0%'",
  'select id from users order by ssn',
  'select id from users order by left(ssn, 1)',
  'select id, ssn from users order by 2',
  'select id, ssn as s from users order by s',
  'select count(*) from users group by ssn',
  'select count(*), ssn from users group by 2',
  'select distinct on (ssn) id from users',
  'select distinct on (2) id, ssn from users',
  "select count(*) filter (where ssn like '0%') from users",
  'select string_agg(name, $$,$$ order by ssn) from users',
  'select percentile_disc(0.5) within group (order by ssn) from users',
  'select row_number() over (order by ssn) from users',
  'select row_number() over w from users window w as (partition by ssn)',
  'select id from users limit (select ssn::int from users where id = 1)',
  'select id from users offset (select ssn::int from users where id = 1)',
  'select u.id from users u join guesses g on g.ssn = u.ssn',
  'select u.id from users u join guesses g using (ssn)',
  "select n from (select name as n, ssn as s from users) q where s like '0%'",
  "select n from (select name, ssn from users) q (n, s) where s like '0%'",
  "with q as (select name, ssn as s from users) select name from q where s like '0%'",
  "with q (n, s) as (select name, ssn from users) select n from q where s like '0%'",
  'with q as (update users set seen = true returning ssn as s) select 1 from q order by s',
  "select 1 from (select name as x from users union select ssn from users) q where x like '0%'",
  'select name as x from users union select ssn from users order by x',
  'select name from users union select ssn from users order by 1',
  "select id from users, lateral (select ssn as s) l where s like '0%'",
  "select id from users, lateral (values (ssn)) v (s) where s like '0%'",
  "select id from users, unnest(array[ssn]) s where s like '0%'",
  "select a from (select s as a from (select ssn as s from users) i) o where a like '0%'",
  "update users set name = 'x' where ssn like '0%'",
  'merge into guesses g using users u on g.value = u.ssn when matched then do nothing',
  'select id from users having max(ssn) > $$0$$',
];

const STEERED_BY_ANYTHING: readonly string[] = [
  "select id from users u where u::text like '%078%'",
  "select id from users u where row(u.*)::text like '%078%'",
  "select id from users as u (a, b, c) where b like '0%'",
  'select 1 from users natural join guesses',
  'select id from users u order by u',
  "select id from (users join guesses on true) j where j::text like '0%'",
  "select 1 from (select * from users union select id, name, ssn from users) q (a, b, c) where c = '1'",
];

const NOT_STEERED: readonly string[] = [
  'select ssn from users',
  'select ssn as s from users where id = 1 order by name',
  'select id, ssn from users order by 1',
  'select count(*), max(ssn) from users group by name',
  "update users set ssn = 'x' where id = 1",
];

const analyser = await createSqlAnalyser({ majorVersion: 17 });

async function steering(text: string): Promise<readonly string[]> {
  const facts = await analyser.analyse(text);
  assert.ok(facts.ok, text);
  return facts.ok ? facts.statements.flatMap(({ columns }) => columns.filtered) : [];
}

const lastPart = (column: string): string => column.slice(column.lastIndexOf('.') + 1);

const test = suite('bypass/steering');

for (const text of STEERED_BY_SSN)
  test(text, async () => {
    assert.ok((await steering(text)).map(lastPart).includes('ssn'));
  });

for (const text of STEERED_BY_ANYTHING)
  test(text, async () => {
    assert.ok((await steering(text)).map(lastPart).includes('*'));
  });

for (const text of NOT_STEERED)
  test(`harmless: ${text}`, async () => {
    const found = (await steering(text)).map(lastPart);
    assert.not.ok(found.includes('ssn') || found.includes('*'), found.join(', '));
  });

test.after(() => analyser.close());
test.run();
