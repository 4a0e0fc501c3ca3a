import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { describeAction } from '../../../proxy/postgres/sql-action.ts';
import type { Resolved } from '../../../proxy/postgres/statement-names.ts';
import { createSqlAnalyser } from '../../../proxy/sql/analyser.ts';

const test = suite('proxy/postgres/sql-action');
const analyser = await createSqlAnalyser({ majorVersion: 15 });
test.after(() => analyser.close());

async function resolved(text: string, body?: string): Promise<Resolved[]> {
  const facts = await analyser.analyse(text);
  if (!facts.ok) throw new Error(facts.refusal.message);
  return facts.statements.map((statement, index) => {
    const detail = facts.detail[index];
    if (detail === undefined) throw new Error('no detail');
    return { statement, detail, body, unknownName: false };
  });
}

const of = async (
  text: string,
  values?: (Buffer | null)[],
  formats: (0 | 1)[] = [],
  body?: string,
) =>
  describeAction({
    text,
    statements: await resolved(text, body),
    inTransaction: true,
    parameters: values === undefined ? undefined : { values, formats },
  });

test('an action has the class and verb of its worst statement', async () => {
  const action = await of('select 1; drop table t; insert into t values (1)');
  assert.is(action.class, 'ddl');
  assert.match(action.verb, /^DROP/);
  assert.is(action.kind === 'sql' && action.sql.statements.length, 3);
  assert.is(action.kind === 'sql' && action.sql.in_transaction, true);
});

test('the digest is of the exact bytes and changes with each of them', async () => {
  const digests = [
    await of('select 1'),
    await of('select  1'),
    await of('select 1', [Buffer.from('a')]),
    await of('select 1', [Buffer.from('b')]),
    await of('select 1', [Buffer.from('a')], [1]),
    await of('select 1', [null]),
    await of('select 1', [Buffer.from('a'), Buffer.from('')]),
    await of('select 1', [Buffer.from(''), Buffer.from('a')]),
    await of('select 1', undefined, [], 'delete from t'),
  ].map(({ digest }) => digest);
  assert.is(new Set(digests).size, digests.length);
  assert.is(digests[0], 'sha256:822ae07d4783158bc1912bb623e5107cc9002d519e1143a9c200ed6ee18b6d0f');
});

test('a prepared statement without parameters has the digest of its text', async () => {
  assert.is((await of('select 1', [])).digest, (await of('select 1')).digest);
});

test('people see the parameters and what a name stands for; policies get the values', async () => {
  const action = await of('select 1', [Buffer.from('a'), null, Buffer.from([1, 2])], [0, 0, 1]);
  assert.is(action.text, "select 1\n-- $1 = 'a'\n-- $2 = NULL\n-- $3 = \\x0102");
  assert.equal(action.kind === 'sql' && action.sql.parameters, ['a', null, { base64: 'AQI=' }]);
  const named = await of('select 1', undefined, [], 'delete from t');
  assert.is(named.text, 'select 1\n-- prepared as: delete from t');
});

test('what is shown is bounded', async () => {
  const action = await of('select 1', [Buffer.alloc(100_000, 'x')]);
  assert.ok((action.text?.length ?? 0) < 300);
});

test.run();
