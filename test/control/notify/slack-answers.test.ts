/**
 * Buttons at Slack: only what Slack signed a moment ago counts, only for people whom the configuration knows, once, and never more
 * than the desk allows.
 */
import { createHmac } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createSlackAnswers, type SlackAnswers } from '../../../control/notify/slack-answers.ts';
import { isRefusal } from '../../../proxy/gate/refusal.ts';
import { type ApprovalBench, openApprovalBench } from '../../support/approval-bench.ts';

interface Context {
  bench: ApprovalBench;
  slack: SlackAnswers;
  replies: string[];
}

const SECRET = 'slack-signing-secret';
const test = suite<Context>('control/notify/slack-answers');
const member = (subject: string, slack: string) => ({
  subject,
  name: undefined,
  email: undefined,
  slack,
  groups: [],
});

test.before.each((context) => {
  const bench = openApprovalBench({
    notified: [
      member('dora', 'UDORA'),
      member('egon', 'UEGON'),
      member('maria', 'UMARIA'),
      member('eve', 'UEVE'),
      { ...member('corp:zoe', 'UZOE'), name: 'Zoe', groups: ['dba'] },
    ],
  });
  const replies: string[] = [];
  const { desk, people, store, time } = bench;
  const slack = createSlackAnswers({
    secretOf: (channel) => (channel === 'ops' ? SECRET : undefined),
    desk,
    people,
    store,
    nowMs: () => time.nowMs,
    reply: (channel, text) => replies.push(`${channel} ${text}`),
  });
  Object.assign(context, { bench, slack, replies });
});
test.after.each(({ bench }) => bench.close());

function payload(
  id: string,
  user: string,
  action = 'sallyport.approve',
  more: object = {},
): string {
  const value = {
    type: 'block_actions',
    user: { id: user, username: 'whoever' },
    response_url: 'https://evil.example/steal',
    actions: [{ type: 'button', action_id: action, value: id }],
    ...more,
  };
  return new URLSearchParams({ payload: JSON.stringify(value) }).toString();
}

function signed(bench: ApprovalBench, body: string, secret = SECRET, ageSeconds = 0) {
  const timestamp = String(Math.floor(bench.time.nowMs / 1000) - ageSeconds);
  const mac = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return { channel: 'ops', timestamp, signature: `v0=${mac}`, body };
}

const told = (outcome: unknown): string =>
  isRefusal(outcome) ? outcome.code : (outcome as { readonly state: string }).state;

test('a known approver answers by a button', async ({ bench, slack }) => {
  const yes = await bench.ask();
  assert.is(told(await slack.answer(signed(bench, payload(yes.id, 'UDORA')))), 'granted');
  const step = bench.entries.at(-1);
  assert.equal(step?.type === 'approval.step' ? [step.by?.subject, step.by?.via] : [], [
    'dora',
    'slack',
  ]);
  const no = await bench.ask();
  const denial = payload(no.id, 'UEGON', 'sallyport.deny');
  assert.is(told(await slack.answer(signed(bench, denial))), 'denied');
  const provided = await bench.ask();
  assert.is(told(await slack.answer(signed(bench, payload(provided.id, 'UZOE')))), 'granted');
});

test('what Slack did not sign, or long ago, is nothing', async ({ bench, slack, replies }) => {
  const { id } = await bench.ask();
  const body = payload(id, 'UDORA');
  const good = signed(bench, body);
  for (const [what, request] of [
    ['no signature', { ...good, signature: undefined }],
    ['no timestamp', { ...good, timestamp: undefined }],
    ['another body', { ...good, body: payload(id, 'UEGON') }],
    ['another time', { ...good, timestamp: String(Number(good.timestamp) + 1) }],
    ['another key', signed(bench, body, 'guess')],
    ['another version', { ...good, signature: good.signature.replace('v0', 'v1') }],
    ['a channel without a key', { ...good, channel: 'other' }],
    ['an old one', signed(bench, body, SECRET, 301)],
    ['one of the future', signed(bench, body, SECRET, -301)],
    ['a time that is no number', { ...good, timestamp: '1e9' }],
    ['an empty signature', { ...good, signature: 'v0=' }],
  ] as const)
    assert.is(told(await slack.answer(request)), 'slack/signature', what);
  assert.is((await bench.store.findApproval(id))?.state, 'pending');
  assert.equal(replies, []);
});

test('an answer that was overheard cannot be sent again', async ({ bench, slack }) => {
  const { id } = await bench.ask();
  const stored = await bench.store.findApproval(id);
  if (stored === undefined) throw new Error('no request');
  const two = await bench.ask({ demand: { ...stored.demand, quorum: 2 } });
  const request = signed(bench, payload(two.id, 'UDORA'));
  assert.is(told(await slack.answer(request)), 'pending');
  assert.is(told(await slack.answer(request)), 'slack/replayed');
  const later = signed(bench, payload(two.id, 'UDORA', 'sallyport.deny'));
  assert.is(told(await slack.answer(later)), 'approval/answered-before');
});

test('who presses and may not is told so in the channel', async ({ bench, slack, replies }) => {
  const { id } = await bench.ask();
  for (const [who, code] of [
    ['UMARIA', 'approval/own-request'],
    ['UEVE', 'approval/not-found'],
    ['USTRANGER', 'slack/unknown-member'],
    ['dora', 'slack/unknown-member'],
  ] as const)
    assert.is(told(await slack.answer(signed(bench, payload(id, who)))), code, who);
  assert.is(replies.length, 4);
  assert.match(replies[0] ?? '', /^ops <@UMARIA>: nobody answers a request they have a part in\./);
  assert.is((await bench.store.findApproval(id))?.state, 'pending');
});

test('what is no answer is none', async ({ bench, slack }) => {
  const { id } = await bench.ask();
  const action = { action_id: 'sallyport.approve', value: id };
  for (const body of [
    '',
    'payload=',
    'payload=%7B',
    'other=1',
    payload(id, 'UDORA', 'sallyport.maybe'),
    payload(id, 'UDORA', 'approve'),
    payload(id, 'UDORA', 'sallyport.approve', { type: 'view_submission' }),
    payload(id, 'UDORA', 'sallyport.approve', { actions: [] }),
    payload(id, 'UDORA', 'sallyport.approve', { actions: [action, action] }),
    payload(id, 'UDORA', 'sallyport.approve', { user: {} }),
  ])
    assert.is(told(await slack.answer(signed(bench, body))), 'slack/payload', body);
  assert.is((await bench.store.findApproval(id))?.state, 'pending');
});

test('a member named like a mention stays text', async ({ bench, slack, replies }) => {
  const { id } = await bench.ask();
  await slack.answer(signed(bench, payload(id, '<!channel>')));
  assert.not.match(replies[0] ?? '', /<!channel>/);
});

test.run();
