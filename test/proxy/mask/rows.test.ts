/**
 * Plans applied to DataRow fields and COPY lines.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCatalogSnapshot } from '../../../proxy/mask/catalog.ts';
import { checkMaskable, planCopy, planRow } from '../../../proxy/mask/columns.ts';
import { maskCopyRow, maskField } from '../../../proxy/mask/rows.ts';
import { createSqlAnalyser } from '../../../proxy/sql/analyser.ts';
import type { StatementDetail } from '../../../proxy/sql/facts.ts';
import { connect, KEY, MASKS, readSnapshot, SCHEMA } from '../../support/masked-database.ts';
import { startPostgres } from '../../support/postgres-server.ts';

const test = suite('proxy/mask/rows');
const analyser = await createSqlAnalyser({ majorVersion: 15 });
const column = (attnum: number, name: string, typeOid: number, generated = false) => ({
  attnum,
  name,
  typeOid,
  generated,
});
const relation = {
  oid: 1,
  schema: 'public',
  name: 'users',
  kind: 'r',
  columns: [
    column(1, 'id', 23),
    column(2, 'password', 25),
    column(3, 'made', 25, true),
    column(5, 'pin', 23),
  ],
  parents: [],
  dependsOn: [],
  opaque: false,
};
const catalog = createCatalogSnapshot([relation]);

async function detailOf(sql: string): Promise<StatementDetail> {
  const facts = await analyser.analyse(sql);
  const detail = facts.ok ? facts.detail[0] : undefined;
  if (detail === undefined) throw new TypeError(`not one statement: ${sql}`);
  return detail;
}

function maskLine(detail: StatementDetail, line: string): string {
  const plan = planCopy(MASKS, catalog, detail);
  return Buffer.from(maskCopyRow(plan, Buffer.from(line), KEY)).toString();
}

test('COPY without a column list has every column that is not generated', async () => {
  const detail = await detailOf('copy users to stdout');
  assert.is(checkMaskable(MASKS, catalog, detail), undefined);
  assert.is(maskLine(detail, '1\tsecret\t4711'), '1\t[redacted]\t\\N');
});

test('COPY with a column list has its columns in that order', async () => {
  const detail = await detailOf('copy public.users (password, id) to stdout');
  assert.is(maskLine(detail, 'a\\tb\\\\\t1'), '[redacted]\t1');
  assert.is(maskLine(detail, '\\N\t1'), '\\N\t1');
});

test('COPY of columns that are not masked is left alone', async () => {
  const detail = await detailOf('copy users (id) to stdout with (format csv, header)');
  assert.is(checkMaskable(MASKS, catalog, detail), undefined);
  assert.is(planCopy(MASKS, catalog, detail), undefined);
});

test('COPY of an unknown table, or in another format, is refused', async () => {
  for (const sql of [
    'copy elsewhere to stdout',
    'copy users to stdout (format csv)',
    'copy users to stdout binary',
    "copy users to stdout (null '-')",
    "copy users to stdout (encoding 'latin1')",
    'copy users (nosuch) to stdout csv',
  ]) {
    const refusal = checkMaskable(MASKS, catalog, await detailOf(sql));
    assert.is(refusal?.code, 'mask-unenforceable', sql);
  }
});

test('COPY FROM is no read', async () => {
  const detail = await detailOf('copy users from stdin');
  assert.is(checkMaskable(MASKS, catalog, detail), undefined);
  assert.is(planCopy(MASKS, catalog, detail), undefined);
});

test('a COPY line of another width is never passed on', async () => {
  const detail = await detailOf('copy users to stdout');
  assert.throws(() => maskLine(detail, '1\tsecret'), /number of fields/);
  assert.throws(() => maskLine(detail, '1\tsecret\t2\t3'), /number of fields/);
});

test('escapes of COPY are undone before masking and made again after it', async () => {
  const masks = [{ code: 'pw', with: 'last4' as const, column: '*.*.password', rule: undefined }];
  const plan = planCopy(masks, catalog, await detailOf('copy users (password) to stdout'));
  const mask = (line: string): string =>
    Buffer.from(maskCopyRow(plan, Buffer.from(line), KEY)).toString();
  assert.is(mask('abcdefg\\th\\\\\\n'), '****\\th\\\\\\n');
  assert.is(mask('plain\\\\text'), '****text');
});

test('a field is masked in text and binary alike, NULL stays NULL', async () => {
  const detail = await detailOf('select password, pin, id from users');
  const origin = { tableOid: 1, format: 'binary' as const };
  const plan = planRow(MASKS, catalog, detail, [
    { ...origin, attnum: 2, typeOid: 25 },
    { ...origin, attnum: 5, typeOid: 23 },
    { ...origin, attnum: 1, typeOid: 23 },
  ]);
  const cell = (index: number, value: Uint8Array | null): string | null => {
    const column = plan?.[index];
    if (column === undefined) throw new TypeError('no plan');
    const bytes = maskField(column, value, KEY);
    return bytes === null ? null : Buffer.from(bytes).toString();
  };
  assert.is(cell(0, Buffer.from('x')), '[redacted]');
  assert.is(cell(0, null), null);
  assert.is(cell(1, Buffer.of(0, 0, 0, 1)), null);
  assert.is(cell(2, Buffer.from('7')), '7');
});

test('a column added since the snapshot is masked', async () => {
  const detail = await detailOf('select fresh from users');
  const plan = planRow(MASKS, catalog, detail, [
    { tableOid: 1, attnum: 9, typeOid: 25, format: 'text' },
  ]);
  assert.equal(plan, [{ mask: true, method: 'redact', code: 'pw' }]);
});

test('a real server writes COPY rows that the plan fits', async () => {
  const server = await startPostgres();
  if (server === undefined) {
    console.log('SKIP: no PostgreSQL server binaries to copy from');
    return;
  }
  const client = await connect(server);
  await client.query(SCHEMA);
  const real = await readSnapshot(client);
  const { rows } = await client.query<{ line: string }>(
    `select concat_ws(E'\\t', id, name, password, pin, joined) as line from users order by id`,
  );
  const plan = planCopy(MASKS, real, await detailOf('copy users to stdout'));
  const masked = rows.map(({ line }) =>
    Buffer.from(maskCopyRow(plan, Buffer.from(line), KEY)).toString(),
  );
  assert.equal(masked, [
    '1\tada\t[redacted]\t\\N\t2020-01-01',
    '2\tbob\t[redacted]\t\\N\t2020-01-01',
  ]);
  await client.end();
  await server.stop();
});

test.after(() => analyser.close());

test.run();
