/**
 * The analyser as a whole: limits, worker, cache, versions.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createSqlAnalyser } from '../../../proxy/sql/analyser.ts';
import type { SqlFacts } from '../../../proxy/sql/facts.ts';

const test = suite('proxy/sql/analyser');
const analyser = await createSqlAnalyser({ majorVersion: 15 });

const outcome = (facts: SqlFacts): string =>
  facts.ok
    ? `${facts.class} ${facts.statements.map(({ verb }) => verb).join(',')}`
    : facts.refusal.code;
const analyse = async (text: string): Promise<string> => outcome(await analyser.analyse(text));

test('a text without statements has none', async () => {
  for (const text of ['', ' \n\t', '-- nothing', '/* a /* b */ c */', ';;']) {
    assert.is(await analyse(text), 'session ', JSON.stringify(text));
  }
});

test('what is no text of the server is refused at sight', async () => {
  assert.is(await analyse('select 1\0; delete from users'), 'sql/nul');
  assert.is(await analyse('select \ud800'), 'sql/encoding');
  assert.is(await analyse('\u00a0'), 'sql/syntax');
  assert.is(await analyse(`select '${'x'.repeat(64 * 1024)}'`), 'sql/too-long');
  assert.is(await analyse(`select '${'é'.repeat(33 * 1024)}'`), 'sql/too-long');
  assert.is(await analyse('selec 1'), 'sql/syntax');
});

test('a long text goes through the worker with the same result', async () => {
  const long = `select ${Array.from({ length: 1_000 }, (_, index) => `a${index}`).join(', ')} from t`;
  const answer = analyser.analyse(long);
  assert.instance(answer, Promise);
  const facts = await answer;
  assert.ok(facts.ok);
  if (facts.ok) assert.is(facts.statements[0]?.columns.read.length, 1_000);
});

test('the cache gives the same facts for the same text, at once', async () => {
  const long = `select ${'a, '.repeat(600)} 1 from cached`;
  const first = await analyser.analyse(long);
  const second = analyser.analyse(long);
  assert.is(second, first);
});

test('a text nested too deeply is refused, and the analyser goes on', async () => {
  const deep: readonly string[] = [
    `select ${'1+'.repeat(450)}1`.replace('1+1', '-+-+-+-+1'),
    `select ${'-+'.repeat(500)}1`,
    `select array${'['.repeat(500)}1${']'.repeat(500)}`,
    `select ${'1+'.repeat(30_000)}1`,
    `select ${'(select '.repeat(3_000)}1${')'.repeat(3_000)}`,
    `select ${'f('.repeat(10_000)}1${')'.repeat(10_000)}`,
    `select ${'('.repeat(30_000)}1${')'.repeat(30_000)}`,
    `select 1${' union select 1'.repeat(4_000)}`,
    `${'explain '.repeat(3_000)} select 1`,
  ];
  for (let round = 0; round < 3; round += 1) {
    for (const text of deep) {
      const result = await analyse(text);
      assert.ok(
        /^sql\/(too-deep|parser|syntax)$|^read SELECT$/.test(result),
        `${text.slice(0, 30)}: ${result}`,
      );
    }
    assert.is(await analyse('select 1'), 'read SELECT');
    assert.is(await analyse(`select 1 ${' '.repeat(2_000)}`), 'read SELECT');
  }
});

test('too many statements, and too many waiting, are refused', async () => {
  assert.is(await analyse('select 1;'.repeat(1_001)), 'sql/too-many');
  const small = await createSqlAnalyser({ majorVersion: 15, queueLimit: 1 });
  const text = `select ${'1, '.repeat(2_000)} 1`;
  const answers = await Promise.all([1, 2, 3].map(() => small.analyse(text)));
  assert.ok(answers.map(outcome).includes('sql/busy'));
  assert.ok(answers.map(outcome).includes('read SELECT'));
  await small.close();
});

test('a text that takes too long is refused, and the next one is analysed', async () => {
  const hasty = await createSqlAnalyser({ majorVersion: 15, deadlineMs: 0 });
  const text = `select ${'1, '.repeat(20_000)} 1`;
  assert.is(outcome(await hasty.analyse(text)), 'sql/too-slow');
  assert.is(outcome(await hasty.analyse('select 1')), 'read SELECT');
  await hasty.close();
});

test('after close everything is refused', async () => {
  const ended = await createSqlAnalyser({ majorVersion: 15 });
  const waiting = ended.analyse(`select ${'1, '.repeat(2_000)} 1`);
  await ended.close();
  assert.is(outcome(await waiting), 'sql/parser');
  assert.is(outcome(await ended.analyse('select 1')), 'sql/parser');
});

test('each version reads by its own grammar', async () => {
  for (const [majorVersion, expected] of [
    [15, 'json_scalar'],
    [16, 'json_scalar'],
    [17, undefined],
    [18, undefined],
  ] as const) {
    const versioned = await createSqlAnalyser({ majorVersion });
    const facts = await versioned.analyse('select json_scalar(1)');
    assert.ok(facts.ok);
    if (facts.ok)
      assert.is(facts.statements[0]?.functions[0]?.name, expected, String(majorVersion));
    await versioned.close();
  }
});

test('the texts of several statements are cut by bytes, not characters', async () => {
  const facts = await analyser.analyse("select 'é€😀'; select 2 -- é");
  assert.ok(facts.ok);
  if (facts.ok) {
    assert.equal(
      facts.statements.map(({ text }) => text),
      ["select 'é€😀'", 'select 2 -- é'],
    );
  }
});

test.after(() => analyser.close());

test.run();
