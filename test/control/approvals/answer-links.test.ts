/**
 * Signed links: for one request, one person, one answer, until they expire; and never for somebody who may not answer.
 */
import { createHmac } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnswerLinks, createAnswerLinks } from '../../../control/approvals/answer-links.ts';
import { createKnownPeople } from '../../../control/approvals/known-people.ts';
import { isRefusal } from '../../../proxy/gate/refusal.ts';
import {
  type ApprovalBench,
  BENCH_IDENTITIES,
  localPerson,
  openApprovalBench,
} from '../../support/approval-bench.ts';

interface Context {
  bench: ApprovalBench;
  links: AnswerLinks;
}

const test = suite<Context>('control/approvals/answer-links');
const KEY = Buffer.alloc(32, 7);

function linksOf(bench: ApprovalBench, key = KEY, people = bench.people): AnswerLinks {
  const { desk, store, time, newId } = bench;
  return createAnswerLinks({ key, desk, people, store, nowMs: () => time.nowMs, newId });
}

test.before.each((context) => {
  context.bench = openApprovalBench();
  context.links = linksOf(context.bench);
});
test.after.each(({ bench }) => bench.close());

async function ask(bench: ApprovalBench, changes = {}) {
  const { id } = await bench.ask(changes);
  const approval = await bench.store.findApproval(id);
  if (approval === undefined) throw new Error('no request');
  return approval;
}

const told = (outcome: unknown): string =>
  isRefusal(outcome)
    ? outcome.code
    : (outcome as { readonly approval: { readonly state: string } }).approval.state;

test('a link shows its request to its person and takes one answer', async ({ bench, links }) => {
  const approval = await ask(bench);
  const token = links.make(approval, 'dora');
  for (let look = 0; look < 3; look += 1) {
    const opened = await links.open(token);
    assert.not(isRefusal(opened));
    if (isRefusal(opened)) return;
    assert.equal([opened.person.subject, opened.approval.text], ['dora', approval.text]);
  }
  assert.is((await bench.store.findApproval(approval.id))?.state, 'pending');
  assert.is(told(await links.answer(token, 'approve', 'fine')), 'granted');
  const [answer] = await bench.store.listAnswers([approval.id]);
  assert.equal([answer?.subject, answer?.note], ['dora', 'fine']);
  const step = bench.entries.at(-1);
  assert.is(step?.type === 'approval.step' ? step.by?.via : '', 'link');
  assert.is(told(await links.answer(token, 'deny', undefined)), 'approval/closed');
  assert.is(told(await links.open(token)), 'approval/closed');
});

test('a link answers once while more answers are needed', async ({ bench, links }) => {
  const { demand } = await ask(bench);
  const approval = await ask(bench, { demand: { ...demand, quorum: 2 } });
  const token = links.make(approval, 'dora');
  assert.is(told(await links.answer(token, 'approve', undefined)), 'pending');
  assert.is(told(await links.answer(token, 'approve', undefined)), 'link/used');
  const second = links.make(approval, 'dora');
  assert.is(told(await links.answer(second, 'approve', undefined)), 'approval/answered-before');
  assert.is(
    told(await links.answer(links.make(approval, 'egon'), 'approve', undefined)),
    'granted',
  );
});

test('of two answers by one link at once exactly one is given', async ({ bench, links }) => {
  const { demand } = await ask(bench);
  const approval = await ask(bench, { demand: { ...demand, quorum: 2 } });
  const token = links.make(approval, 'dora');
  const outcomes = await Promise.all(
    (['approve', 'deny', 'approve', 'deny'] as const).map((answer) =>
      links.answer(token, answer, undefined),
    ),
  );
  assert.is(outcomes.filter((outcome) => !isRefusal(outcome)).length, 1);
  assert.is((await bench.store.listAnswers([approval.id])).length, 1);
});

test('a link ends with its request', async ({ bench, links }) => {
  const approval = await ask(bench);
  const token = links.make(approval, 'dora');
  bench.time.nowMs = approval.expiresAtMs;
  assert.is(told(await links.open(token)), 'link/expired');
  assert.is(told(await links.answer(token, 'approve', undefined)), 'link/expired');
});

for (const subject of ['maria', 'olga', 'robot', 'eve', 'nobody', 'agent'])
  test(`a link in the name of ${subject} is worth nothing`, async ({ bench, links }) => {
    const approval = await ask(bench);
    const outcome = await links.answer(links.make(approval, subject), 'approve', undefined);
    assert.ok(isRefusal(outcome), subject);
    assert.is((await bench.store.findApproval(approval.id))?.state, 'pending');
  });

test('who has left the group or the configuration holds a link to nothing', async ({ bench }) => {
  const approval = await ask(bench);
  const token = linksOf(bench).make(approval, 'dora');
  const without = BENCH_IDENTITIES.filter(({ subject }) => subject !== 'dora');
  const gone = createKnownPeople(without, [], 'sallyport');
  const moved = createKnownPeople([...without, localPerson('dora', [])], [], 'sallyport');
  assert.is(told(await linksOf(bench, KEY, gone).open(token)), 'link/invalid');
  assert.is(told(await linksOf(bench, KEY, moved).open(token)), 'approval/not-found');
  assert.is(
    told(await linksOf(bench, KEY, moved).answer(token, 'approve', undefined)),
    'approval/not-found',
  );
});

test('a link is no second factor', async () => {
  const bench = openApprovalBench({ rules: { requireMfa: true } });
  const approval = await ask(bench);
  const links = linksOf(bench);
  assert.is(
    told(await links.answer(links.make(approval, 'dora'), 'approve', undefined)),
    'approval/not-found',
  );
  await bench.close();
});

test('a token that was not made here opens nothing', async ({ bench, links }) => {
  const approval = await ask(bench);
  const other = await ask(bench);
  const token = links.make(approval, 'dora');
  const [body = '', signature = ''] = token.split('.');
  const fields = JSON.parse(Buffer.from(body, 'base64url').toString()) as unknown[];
  const forged = (changes: readonly unknown[]): string => {
    const changed = fields.map((field, at) => changes[at] ?? field);
    return `${Buffer.from(JSON.stringify(changed)).toString('base64url')}.${signature}`;
  };
  const unlabelled = createHmac('sha256', KEY).update(body).digest('base64url');
  for (const [what, bad] of [
    ['another request', forged([other.id])],
    ['another person', forged([undefined, 'egon'])],
    ['a later end', forged([undefined, undefined, 9_999_999_999])],
    ['another key', linksOf(bench, Buffer.alloc(32, 8)).make(approval, 'dora')],
    ['a signature for something else', `${body}.${unlabelled}`],
    ['no signature', body],
    ['an empty one', `${body}.`],
    ['a short one', `${body}.${signature.slice(0, 20)}`],
    ['nothing', ''],
    ['a long one', `${'a'.repeat(5000)}.${signature}`],
    ['no JSON', `bm90anNvbg.${signature}`],
  ] as const) {
    assert.is(told(await links.open(bad)), 'link/invalid', what);
    assert.is(told(await links.answer(bad, 'approve', undefined)), 'link/invalid', what);
  }
  assert.is((await bench.store.findApproval(approval.id))?.state, 'pending');
});

test('another spelling of a signature is the same link', async ({ bench, links }) => {
  const { demand } = await ask(bench);
  const approval = await ask(bench, { demand: { ...demand, quorum: 3 } });
  const token = links.make(approval, 'dora');
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const bytes = (text: string): string => Buffer.from(text, 'base64url').toString('hex');
  const [body = '', signature = ''] = token.split('.');
  const twin = [...alphabet]
    .map((last) => `${signature.slice(0, -1)}${last}`)
    .find((each) => each !== signature && bytes(each) === bytes(signature));
  assert.ok(twin);
  assert.is(told(await links.answer(token, 'approve', undefined)), 'pending');
  assert.is(told(await links.answer(`${body}.${twin}`, 'approve', undefined)), 'link/used');
});

test.run();
