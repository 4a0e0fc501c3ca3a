/**
 * Approvals as people meet them: real psql and drivers wait at a real gateway, approvers are told by a webhook and answer by a signed
 * link or the command line, and what is taken back ends at once.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ApprovalMessage } from '../../control/approvals/message.ts';
import { runCli } from '../control/cli/run-cli.ts';
import {
  describeShop,
  type GatewayFolder,
  type GatewayProcess,
  makeGatewayFolder,
  startGatewayProcess,
} from '../support/gateway-process.ts';
import { type NoticeReceiver, startNoticeReceiver } from '../support/notice-receiver.ts';
import { runPsql, withDriver } from '../support/postgres-fixture.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';

const test = suite('e2e/approvals');
/** Milliseconds something may take on a busy machine. */
const LIMIT_MS = 30_000;

async function until(isTrue: () => boolean): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error(`never became true: ${isTrue}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Writes to `once` ask each time, those to `many` once a session. */
const policyOf = (reason: string): string => `package access

default allow := true

require_approval contains {"code": "write", "reason": "${reason}", "approvers": {"groups": ["dba"]}, "expires": "10m", "scope": scope} if {
	some statement in input.action.sql.statements
	some table in statement.tables
	table.access == "write"
	scope := {"once": "statement", "many": "session"}[table.name]
}
`;

interface Told {
  readonly event: string;
  readonly approval: ApprovalMessage;
  readonly links?: readonly { readonly subject: string; readonly url: string }[];
}

/** Every file below, as bytes that are searched as text. */
function textsBelow(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return textsBelow(path);
    return entry.isFile() ? [readFileSync(path, 'latin1')] : [];
  });
}

const server: PostgresServer | undefined = await startPostgres();
if (server === undefined) {
  console.log('SKIP: e2e/approvals: no PostgreSQL server binaries on this machine');
  process.exit(process.env['CI'] === 'true' ? 1 : 0);
}
const receiver: NoticeReceiver = await startNoticeReceiver();
const folder: GatewayFolder = makeGatewayFolder(
  `listen: {postgres: "127.0.0.1:0", api: "127.0.0.1:0"}
identities:
  - {subject: ana}
  - {subject: bot, kind: agent, owner: ana}
  - {subject: dora, groups: [dba]}
  - {subject: egon, groups: [dba, sallyport-admins]}
notifications:
  channels:
    - {name: inbox, type: webhook, url: "${receiver.url}/inbox", secret: s3cret, links: true}
resources:
${describeShop(server)}`,
  policyOf('writes wait for a DBA'),
);
const [bot, dora, egon] = await Promise.all([
  folder.token('bot', '--for', 'ana'),
  folder.token('dora'),
  folder.token('egon'),
]);
let gateway: GatewayProcess;

const direct = { ...server };
const count = (table: string): Promise<number> =>
  withDriver(direct, async (client) =>
    Number((await client.query(`select count(*) from ${table}`)).rows[0].count),
  );
const through = () => ({ port: gateway.ports['postgres'] ?? 0, password: bot, database: 'shop' });
const cli = (as: string, ...args: string[]) =>
  runCli(args, { cwd: folder.dir, env: { SALLYPORT_TOKEN: as } });

/** The newest notice of this kind after the first `known` ones. */
async function nextNotice(event: string, known = 0): Promise<Told> {
  const told = (): Told[] =>
    receiver.received
      .map(({ body }) => JSON.parse(body) as Told)
      .filter((each) => each.event === event);
  await until(() => told().length > known);
  const newest = told().at(-1);
  if (newest === undefined) throw new Error('no notice');
  return newest;
}
const toldSoFar = (event: string): number =>
  receiver.received.filter(({ headers }) => headers['sallyport-event'] === event).length;

test.before(async () => {
  await withDriver(direct, async (client) => {
    await client.query('create table once (id int); create table many (id int)');
  });
  gateway = await startGatewayProcess(folder, ['--log-level', 'debug']);
});
test.after(async () => {
  await gateway.end('SIGTERM');
  await receiver.stop();
  await server.stop();
  folder.remove();
});

test('a held statement is approved by the link that its approver was sent', async () => {
  const running = runPsql(
    "set sallyport.reason = 'ticket 7';\ninsert into once values (1) returning id;",
    through(),
  );
  const { approval, links } = await nextNotice('approval.asked');
  assert.equal(
    [approval.text, approval.client_reason, approval.requester.actors],
    ['insert into once values (1) returning id;', 'ticket 7', ['bot', 'ana']],
  );
  assert.equal(
    links?.map(({ subject }) => subject),
    ['dora', 'egon'],
  );
  const [mine = '', other = ''] = links?.map(({ url }) => url) ?? [];
  const page = await fetch(mine);
  assert.is(page.status, 200);
  assert.match(await page.text(), /insert into once values \(1\) returning id;/);
  assert.is(await count('once'), 0);
  const form = (url: string, answer: string) =>
    fetch(new URL('/answer', url), {
      method: 'POST',
      body: new URLSearchParams({
        link: new URL(url).searchParams.get('link') ?? '',
        answer,
        note: 'seen',
      }),
    });
  const answered = await form(mine, 'approve');
  assert.match(await answered.text(), /The request is granted\./);
  assert.match((await running).out, /^1\n/);
  assert.is(await count('once'), 1);
  for (const url of [mine, other]) assert.is((await form(url, 'deny')).status, 409);
  assert.is(await count('once'), 1);

  const shown = await cli(dora, 'approvals', 'show', approval.id.slice(0, 6));
  assert.is(shown.code, 0, shown.stderr);
  for (const line of [
    /^state +granted$/m,
    /^who +bot \(agent, known from sallyport\)$/m,
    /^for +ana \(human, known from sallyport\)$/m,
    /^said +ticket 7$/m,
    /^rule +write: writes wait for a DBA, by access\.require_approval \(.*access\.policy:5\)$/m,
    /^yes +dora at .*: seen$/m,
    /^ {4}insert into once values \(1\) returning id;$/m,
  ])
    assert.match(shown.stdout, line);

  const tokens = [mine, other].map((url) => new URL(url).searchParams.get('link') ?? '');
  const written = [gateway.output(), ...textsBelow(join(folder.dir, '.sallyport'))];
  for (const token of tokens)
    for (const part of [token, ...token.split('.')])
      assert.not.ok(
        written.some((text) => text.includes(part)),
        'a link was written down',
      );
});

test('what was decided about the like is shown with the next request', async () => {
  const known = toldSoFar('approval.asked');
  const running = runPsql('insert into once values (2) returning id;', through());
  const { approval } = await nextNotice('approval.asked', known);
  const shown = await cli(egon, 'approvals', 'show', approval.id);
  assert.match(shown.stdout, /granted +dora +bot +this with other values/);
  assert.is((await cli(egon, 'deny', approval.id, '--note', 'not again')).code, 0);
  assert.match((await running).err, /denied by egon: not again/);
  const settled = await nextNotice('approval.settled', toldSoFar('approval.settled') - 1);
  assert.equal([settled.approval.id, settled.approval.state], [approval.id, 'denied']);
});

test('an approval that is taken back ends the session that lives by it, at once', () =>
  withDriver(through(), async (client) => {
    const known = toldSoFar('approval.asked');
    client.on('error', () => undefined);
    const first = client.query('insert into many values (1)');
    const { approval } = await nextNotice('approval.asked', known);
    assert.is((await cli(dora, 'approve', approval.id)).code, 0);
    await first;
    await client.query('insert into many values (2)');
    assert.is(await count('many'), 2);
    const sleeping = client.query('select pg_sleep(60)').then(
      () => 'woke',
      (error: Error) => error.message,
    );
    const revoked = await cli(egon, 'revoke', approval.id);
    assert.is(revoked.code, 0, revoked.stderr);
    assert.match(await sleeping, /an approval this session acted under was revoked/);
    await withDriver(through(), async (again) => {
      const before = toldSoFar('approval.asked');
      const running = again.query('insert into many values (3)').catch(() => 'refused');
      const { approval: next } = await nextNotice('approval.asked', before);
      assert.is.not(next.id, approval.id);
      await cli(dora, 'deny', next.id);
      assert.is(await running, 'refused');
    });
    assert.is(await count('many'), 2);
  }));

test('a policy that changes while a statement waits asks again', async () => {
  const known = toldSoFar('approval.asked');
  const running = runPsql('insert into once values (3);', through());
  const { approval } = await nextNotice('approval.asked', known);
  folder.write('policies/access.policy', policyOf('writes wait for a DBA and a reason'));
  await gateway.saw(/new policies decide/);
  assert.is((await cli(dora, 'approve', approval.id)).code, 0);
  const { approval: again } = await nextNotice('approval.asked', known + 1);
  assert.is.not(again.revision, approval.revision);
  assert.equal([again.text, again.reason], [approval.text, 'writes wait for a DBA and a reason']);
  await cli(dora, 'deny', again.id);
  assert.match((await running).err, /denied by dora/);
  assert.is(await count('once'), 1);
});

test('a notice that is not taken is listed, and tried again, by admins', async () => {
  receiver.answer = (response) => void response.writeHead(410).end();
  const running = runPsql('insert into once values (4);', through());
  const list = async () => (await cli(egon, 'notifications', 'list')).stdout;
  let listed = await list();
  while (!listed.includes('HTTP 410')) listed = await list();
  assert.match(listed, /inbox +asked \w+ +HTTP 410, 1 try/);
  assert.is((await cli(dora, 'notifications', 'list')).code, 1);
  assert.is((await cli(dora, 'notifications', 'retry')).code, 1);
  receiver.answer = (response) => void response.writeHead(200).end();
  const known = toldSoFar('approval.asked');
  const retried = await cli(egon, 'notifications', 'retry');
  assert.equal([retried.code, retried.stdout], [0, '1 notice tried again\n']);
  const { approval, links } = await nextNotice('approval.asked', known);
  assert.is(links?.length, 2);
  await cli(dora, 'deny', approval.id);
  await running;
  await until(() => toldSoFar('approval.settled') > 0);
  assert.is((await cli(egon, 'notifications', 'list')).stdout, 'everything was delivered\n');
});

test.run();
