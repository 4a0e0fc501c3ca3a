/**
 * People are told of requests by real HTTP, off the way of the decision; what is not delivered is kept, and can be tried again.
 */
import { createHmac } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ChannelSettings } from '../../../control/config/notifications-section.ts';
import { Secret } from '../../../control/config/secret.ts';
import { createNotifier, type Notifier } from '../../../control/notify/notifier.ts';
import { openChannel } from '../../../control/notify/open-channel.ts';
import { isRefusal } from '../../../proxy/gate/refusal.ts';
import { type ApprovalBench, openApprovalBench } from '../../support/approval-bench.ts';
import { until } from '../../support/gate-ports.ts';
import { type NoticeReceiver, startNoticeReceiver } from '../../support/notice-receiver.ts';

type WebhookSettings = Extract<ChannelSettings, { type: 'webhook' }>;

interface Context {
  receiver: NoticeReceiver;
  closing: (() => Promise<void>)[];
}

const test = suite<Context>('control/notify/notifier');
const SECRET = 'webhook-secret-1';

test.before.each(async (context) => {
  context.receiver = await startNoticeReceiver();
  context.closing = [() => context.receiver.stop()];
});
test.after.each(async ({ closing }) => {
  for (const close of closing.reverse()) await close();
});

interface Bench extends ApprovalBench {
  readonly notifier: Notifier;
  readonly outcomes: string[];
  readonly warnings: string[];
}

/** A desk whose requests are told by these channels; waits between two tries are a few milliseconds. */
function open(context: Context, channels: readonly Partial<WebhookSettings>[] = [{}]): Bench {
  let told: Notifier | undefined;
  const bench = openApprovalBench({
    rules: { escalateTo: ['leads'] },
    hooks: { onAsked: (each) => told?.asked(each), onSettled: (each) => told?.settled(each) },
  });
  const outcomes: string[] = [];
  const warnings: string[] = [];
  const notifier = createNotifier({
    channels: channels.map((changes, at) =>
      openChannel(
        {
          type: 'webhook',
          name: `hook${at}`,
          url: new Secret(`${context.receiver.url}/hook${at}`),
          secret: new Secret(SECRET),
          events: ['asked', 'settled'],
          groups: [],
          showsStatement: true,
          givesLinks: false,
          ca: undefined,
          ...changes,
        },
        () => bench.time.nowMs,
      ),
    ),
    store: bench.store,
    people: bench.people,
    mayAnswer: (person, approval) =>
      bench.desk.refuseApprover(
        bench.people.identityOf(person, { id: 'x', atMs: 0, expiresAtMs: 1 }),
        approval,
      ) === undefined,
    linkFor: ({ id }, subject) => `https://gate.example/answer?link=${id}.${subject}`,
    attempts: 3,
    nowMs: () => bench.time.nowMs,
    newId: bench.newId,
    random: () => 0,
    schedule(_afterMs, wake) {
      const timer = setTimeout(wake, 2);
      return () => clearTimeout(timer);
    },
    observe: (_channel, outcome) => outcomes.push(outcome),
    warn: (facts, message) => warnings.push(`${message} ${JSON.stringify(facts)}`),
  });
  told = notifier;
  context.closing.push(async () => {
    await notifier.close();
    await bench.close();
  });
  return Object.assign(bench, { notifier, outcomes, warnings });
}

const dora = async (bench: Bench) => {
  const person = bench.people.find('dora');
  if (person === undefined) throw new Error('dora is unknown');
  return bench.people.identityOf(person, { id: 'x', atMs: 0, expiresAtMs: 1 });
};

test('a webhook gets the request, signed with the time', async (context) => {
  const bench = open(context);
  const { id } = await bench.ask();
  await until(() => bench.outcomes.length === 1);
  const [got] = context.receiver.received;
  const [, seconds, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(
    String(got?.headers['sallyport-signature']),
  ) ?? ['', '', ''];
  assert.is(Number(seconds), bench.time.nowMs / 1000);
  assert.is(mac, createHmac('sha256', SECRET).update(`${seconds}.${got?.body}`).digest('hex'));
  assert.is(got?.headers['sallyport-event'], 'approval.asked');
  const message = JSON.parse(got?.body ?? '');
  assert.is(message.id, got?.headers['sallyport-delivery']);
  assert.equal(
    [message.approval.id, message.approval.text, message.approval.parameters, message.links],
    [id, 'update t set a = 1', ['7'], undefined],
  );
  await bench.desk.answer(id, await dora(bench), 'deny', 'no');
  await until(() => bench.outcomes.length === 2);
  const settled = JSON.parse(context.receiver.received[1]?.body ?? '');
  assert.equal([settled.event, settled.approval.state], ['approval.settled', 'denied']);
});

test('an escalated request is told again', async (context) => {
  const bench = open(context, [{ groups: ['leads'] }]);
  const { id } = await bench.ask();
  await bench.desk.escalate(id, await dora(bench), undefined);
  await until(() => bench.outcomes.length === 1);
  const message = JSON.parse(context.receiver.received[0]?.body ?? '');
  assert.equal(message.approval.escalated_to, ['leads']);
});

test('links go to those who may answer, and only where they may go', async (context) => {
  const bench = open(context, [{ givesLinks: true }, {}]);
  const { id } = await bench.ask();
  await until(() => bench.outcomes.length === 2);
  const linksAt = (path: string) =>
    JSON.parse(context.receiver.received.find((each) => each.path === path)?.body ?? '').links;
  assert.equal(
    linksAt('/hook0').map((each: { subject: string; url: string }) => [each.subject, each.url]),
    [
      ['dora', `https://gate.example/answer?link=${id}.dora`],
      ['egon', `https://gate.example/answer?link=${id}.egon`],
    ],
  );
  assert.is(linksAt('/hook1'), undefined);
});

test('a channel that shows shapes is told no value', async (context) => {
  const bench = open(context, [{ showsStatement: false }]);
  await bench.ask({ text: "update t set ssn = '078-05-1120' where id = 77" });
  await until(() => bench.outcomes.length === 1);
  const { approval } = JSON.parse(context.receiver.received[0]?.body ?? '');
  assert.equal(
    [approval.text, approval.cut, approval.parameters],
    ['update t set ssn = ? where id = ?', true, undefined],
  );
});

test('a channel is told of its groups and events only', async (context) => {
  const bench = open(context, [{ groups: ['security'] }, { events: ['settled'] }]);
  const { id } = await bench.ask();
  await bench.desk.answer(id, await dora(bench), 'approve', undefined);
  await until(() => bench.outcomes.length === 1);
  assert.equal(
    context.receiver.received.map(({ path, headers }) => [path, headers['sallyport-event']]),
    [['/hook1', 'approval.settled']],
  );
});

test('an endpoint that is down a while gets the same notice later', async (context) => {
  const bench = open(context);
  context.receiver.answer = (response, count) =>
    void response.writeHead(count < 3 ? 503 : 200).end();
  await bench.ask();
  await until(() => bench.outcomes.length === 1);
  assert.equal(bench.outcomes, ['delivered']);
  const ids = context.receiver.received.map(({ headers }) => headers['sallyport-delivery']);
  assert.equal([ids.length, new Set(ids).size], [3, 1]);
  assert.equal(await bench.store.listDeadLetters(9), []);
});

test('what was not taken is a dead letter, and can be tried again', async (context) => {
  const bench = open(context);
  context.receiver.answer = (response) => void response.writeHead(500).end();
  const { id } = await bench.ask();
  await until(() => bench.outcomes.length === 1);
  const [letter] = await bench.notifier.listDeadLetters(9);
  assert.equal(
    [letter?.channel, letter?.approval, letter?.attempts, letter?.error],
    ['hook0', id, 3, 'HTTP 500'],
  );
  context.receiver.answer = (response) => void response.writeHead(204).end();
  const retried = await Promise.all([
    bench.notifier.retry(letter?.id ?? ''),
    bench.notifier.retry(letter?.id ?? ''),
  ]);
  assert.is(retried.filter(isRefusal).length, 1);
  await until(() => bench.outcomes.length === 2);
  assert.equal(bench.outcomes, ['dead', 'delivered']);
  assert.equal(await bench.notifier.listDeadLetters(9), []);
  assert.is(context.receiver.received.at(-1)?.headers['sallyport-delivery'], letter?.id);
});

test('a redirect is followed nowhere', async (context) => {
  const other = await startNoticeReceiver();
  context.closing.push(() => other.stop());
  for (const status of [301, 302, 303, 307, 308]) {
    const bench = open(context);
    context.receiver.answer = (response) =>
      void response.writeHead(status, { location: `${other.url}/steal` }).end();
    await bench.ask();
    await until(() => bench.outcomes.length === 1);
    const [letter] = await bench.store.listDeadLetters(1);
    assert.equal(
      [letter?.attempts, letter?.error],
      [1, `HTTP ${status}; redirects are not followed`],
    );
  }
  assert.equal(other.received, []);
});

test('what the endpoint refuses for good is not sent again', async (context) => {
  const bench = open(context);
  context.receiver.answer = (response) => void response.writeHead(410).end();
  await bench.ask();
  await until(() => bench.outcomes.length === 1);
  assert.is(context.receiver.received.length, 1);
});

test('a dead endpoint holds up neither the request, its answer, nor another endpoint', async (context) => {
  const bench = open(context, [{ url: new Secret('http://127.0.0.1:1/gone') }, {}]);
  const hanging: unknown[] = [];
  context.receiver.answer = (response) => void hanging.push(response);
  const asked = await bench.ask();
  const waiting = asked.wait(new AbortController().signal);
  await bench.desk.answer(asked.id, await dora(bench), 'approve', undefined);
  assert.is((await waiting).kind, 'granted');
  assert.equal(bench.outcomes, []);
  await until(() => bench.outcomes.length === 1);
  const [letter] = await bench.store.listDeadLetters(1);
  assert.is(letter, undefined, 'the request was answered: nobody needs to be asked any more');
  assert.ok(hanging.length > 0);
});

test('a fault names neither address nor secret', async (context) => {
  const bench = open(context, [
    { url: new Secret('http://127.0.0.1:1/T000/canary-path'), secret: new Secret('canary-key') },
  ]);
  await bench.ask();
  await until(() => bench.outcomes.length === 1);
  const said = `${bench.warnings.join()} ${JSON.stringify(await bench.store.listDeadLetters(9))}`;
  assert.match(said, /no answer \(ECONNREFUSED\)/);
  assert.not.match(said, /canary|127\.0\.0\.1/);
});

test('what is left when the gateway stops is kept', async (context) => {
  const bench = open(context);
  context.receiver.answer = () => undefined;
  await bench.ask();
  await until(() => context.receiver.received.length === 1);
  await bench.notifier.close();
  const [letter] = await bench.store.listDeadLetters(9);
  assert.is(letter?.channel, 'hook0');
});

test('three hundred requests are told, and none is lost', async (context) => {
  const bench = open(context);
  for (let each = 0; each < 300; each += 1) await bench.ask();
  await until(() => bench.outcomes.length === 300);
  const told = new Set(context.receiver.received.map(({ body }) => JSON.parse(body).approval.id));
  assert.is(told.size, 300);
});

test.run();
