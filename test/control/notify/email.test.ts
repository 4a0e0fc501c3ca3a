/**
 * E-mail to a real SMTP server: one message a person, with their own link, over an encrypted line or not at all.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { toMessage } from '../../../control/approvals/message.ts';
import { viewApproval } from '../../../control/approvals/view.ts';
import type { ChannelSettings } from '../../../control/config/notifications-section.ts';
import { Secret } from '../../../control/config/secret.ts';
import { type Channel, DeliveryFailure } from '../../../control/notify/channel.ts';
import { createEmailChannel } from '../../../control/notify/email.ts';
import { type Notice, statementOf } from '../../../control/notify/notice.ts';
import { type ApprovalBench, openApprovalBench } from '../../support/approval-bench.ts';
import { runProgram } from '../../support/postgres-fixture.ts';

type EmailSettings = Extract<ChannelSettings, { type: 'email' }>;

const test = suite('control/notify/email');
const dir = mkdtempSync(join(tmpdir(), 'sallyport-mail-'));
const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
const bench: ApprovalBench = openApprovalBench();
const signal = new AbortController().signal;

test.before(async () => {
  const made = await runProgram(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
      ...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
    ],
    { port: 0, password: '', database: '' },
  );
  assert.is(made.code, 0, made.err);
});
test.after(async () => {
  await bench.close();
  rmSync(dir, { recursive: true });
});

interface Mail {
  readonly to: readonly string[];
  readonly from: string;
  readonly text: string;
  readonly isEncrypted: boolean;
}

async function serve(options: SMTPServerOptions = {}) {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    onData(stream, session, done) {
      let text = '';
      stream.setEncoding('utf8');
      stream.on('data', (part: string) => {
        text += part;
      });
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          to: rcptTo.map(({ address }) => address),
          from: mailFrom === false ? '' : mailFrom.address,
          text,
          isEncrypted: session.secure,
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return { mails, port, stop: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

function channelTo(url: string, changes: Partial<EmailSettings> = {}): Channel {
  return createEmailChannel({
    type: 'email',
    name: 'mail',
    url: new Secret(url),
    from: 'Sallyport <gate@example.com>',
    events: ['asked'],
    groups: [],
    showsStatement: true,
    isEncrypted: true,
    ca: cert,
    ...changes,
  });
}

async function notice(changes: Parameters<ApprovalBench['ask']>[0] = {}): Promise<Notice> {
  const { id } = await bench.ask(changes);
  const stored = await bench.store.findApproval(id);
  if (stored === undefined) throw new Error('no request');
  const view = await viewApproval(bench.store, stored);
  const links = ['dora', 'egon'].map((subject) => ({
    subject,
    email: `${subject}@example.com`,
    url: `https://gate.example/answer?link=link-of-${subject}`,
  }));
  const approval = toMessage(view);
  return { id: 'n1', event: 'asked', approval, statement: statementOf(view, true, false), links };
}

const dora = bench.people.find('dora');
/** A body as it was before it was made fit for the wire. */
const decode = (text: string): string =>
  text
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_all, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
const failure = async (sending: Promise<void>): Promise<DeliveryFailure | undefined> =>
  sending.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof DeliveryFailure) return error;
      throw error;
    },
  );

test('an approver gets the request and a link of their own, over STARTTLS', async () => {
  const server = await serve({ key: readFileSync(key), cert: readFileSync(cert) });
  const channel = channelTo(`smtp://127.0.0.1:${server.port}`);
  await channel.send(await notice(), dora, signal);
  channel.close();
  await server.stop();
  const [mail] = server.mails;
  assert.equal([mail?.to, mail?.from], [['dora@example.com'], 'gate@example.com']);
  assert.is(mail?.isEncrypted, true);
  const text = decode(mail?.text ?? '');
  assert.match(text, /^Subject: Approval needed: agent for maria on shop \(prod-write\)/m);
  for (const shown of [
    'update t set a = 1',
    'value 1: "7"',
    'Reason given: ticket 7',
    'link-of-dora',
  ])
    assert.ok(text.includes(shown), `${shown} is not in ${text}`);
  assert.not.match(text, /link-of-egon/);
});

test('a server without encryption gets nothing', async () => {
  const server = await serve({ disabledCommands: ['STARTTLS'] });
  const channel = channelTo(`smtp://127.0.0.1:${server.port}`);
  assert.ok(await failure(channel.send(await notice(), dora, signal)));
  channel.close();
  await server.stop();
  assert.equal(server.mails, []);
});

test('a server with the certificate of a stranger gets nothing', async () => {
  const server = await serve({ key: readFileSync(key), cert: readFileSync(cert) });
  const channel = channelTo(`smtp://127.0.0.1:${server.port}`, { ca: undefined });
  assert.ok(await failure(channel.send(await notice(), dora, signal)));
  channel.close();
  await server.stop();
  assert.equal(server.mails, []);
});

test('user and password are used, and never told', async () => {
  let seen = '';
  const server = await serve({
    authOptional: false,
    secure: true,
    key: readFileSync(key),
    cert: readFileSync(cert),
    onAuth({ username, password }, _session, done) {
      seen = `${username} ${password}`;
      if (password === 'p@ss') done(null, { user: username });
      else done(new Error('no'));
    },
  });
  const good = channelTo(`smtps://us%40er:p%40ss@127.0.0.1:${server.port}`);
  await good.send(await notice(), dora, signal);
  assert.is(seen, 'us@er p@ss');
  good.close();
  const bad = channelTo(`smtps://us%40er:canary-word@127.0.0.1:${server.port}`);
  const failed = await failure(bad.send(await notice(), dora, signal));
  bad.close();
  await server.stop();
  assert.match(failed?.message ?? '', /^SMTP 535$/);
  assert.is(server.mails.length, 1);
});

test('no text of a request adds a header or a receiver', async () => {
  const server = await serve({ key: readFileSync(key), cert: readFileSync(cert) });
  const channel = channelTo(`smtp://127.0.0.1:${server.port}`);
  const evil = 'x\r\nBcc: eve@evil.example\r\n\r\nhello';
  const asked = await notice({
    resource: { name: evil, type: 'postgres', labels: {} },
    text: evil,
  });
  const name = 'Dora" <eve@evil.example>, "x';
  await channel.send(
    asked,
    { subject: 'dora', name, email: 'dora@example.com', groups: [], slack: undefined },
    signal,
  );
  channel.close();
  await server.stop();
  assert.equal(server.mails[0]?.to, ['dora@example.com']);
  assert.not.match((server.mails[0]?.text ?? '').split('\r\n\r\n')[0] ?? '', /^Bcc:/im);
});

test('what a server refuses for good is final, what it refuses for now is not', async () => {
  for (const [code, isFinal] of [
    [550, true],
    [450, false],
  ] as const) {
    const server = await serve({
      key: readFileSync(key),
      cert: readFileSync(cert),
      onRcptTo(_address, _session, done) {
        done(Object.assign(new Error('no'), { responseCode: code }));
      },
    });
    const channel = channelTo(`smtp://127.0.0.1:${server.port}`);
    const failed = await failure(channel.send(await notice(), dora, signal));
    channel.close();
    await server.stop();
    assert.equal([failed?.message, failed?.isFinal], [`SMTP ${code}`, isFinal]);
  }
});

test('a person without an address and a server that is gone are failures', async () => {
  const channel = channelTo('smtp://127.0.0.1:1');
  const nobody = { subject: 'x', name: 'X', email: undefined, groups: [], slack: undefined };
  assert.is((await failure(channel.send(await notice(), nobody, signal)))?.isFinal, true);
  const gone = await failure(channel.send(await notice(), dora, signal));
  assert.equal([gone?.isFinal, /^no mail server/.test(gone?.message ?? '')], [false, true]);
  channel.close();
});

test.run();
