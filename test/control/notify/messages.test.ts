/**
 * What Slack and Teams are sent: their own forms, with nothing of a request able to be more than text.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { toMessage } from '../../../control/approvals/message.ts';
import { viewApproval } from '../../../control/approvals/view.ts';
import { type Notice, statementOf } from '../../../control/notify/notice.ts';
import { slackMessage } from '../../../control/notify/slack.ts';
import { teamsMessage } from '../../../control/notify/teams.ts';
import type { ApprovalRequest } from '../../../proxy/gate/ports.ts';
import { openApprovalBench } from '../../support/approval-bench.ts';

const test = suite('control/notify/messages');
const bench = openApprovalBench();
test.after(() => bench.close());

async function notice(changes: Partial<ApprovalRequest> = {}, isWhole = true): Promise<Notice> {
  const { id } = await bench.ask(changes);
  const stored = await bench.store.findApproval(id);
  if (stored === undefined) throw new Error('no request');
  const view = await viewApproval(bench.store, stored);
  const approval = toMessage(view);
  const statement = statementOf(view, isWhole, approval.cut);
  return { id: 'n1', event: 'asked', approval, statement, links: [] };
}

interface Block {
  readonly type: string;
  readonly text?: { readonly type: string; readonly text: string };
  readonly fields?: readonly { readonly text: string }[];
  readonly elements?: readonly { readonly action_id?: string; readonly value?: string }[];
}
const blocksOf = (message: object): readonly Block[] =>
  (message as { readonly blocks: readonly Block[] }).blocks;
const actionsOf = (message: object): Block | undefined =>
  blocksOf(message).find(({ type }) => type === 'actions');

test('Slack gets a headline, the statement, the facts and two buttons', async () => {
  const asked = await notice();
  const message = slackMessage(asked, true);
  const [header, statement, values, facts] = blocksOf(message);
  assert.equal(header?.text, {
    type: 'plain_text',
    text: 'Approval needed: agent for maria on shop (prod-write)',
    emoji: false,
  });
  assert.is(statement?.text?.text, '*What will run*\n```update t set a = 1```');
  assert.is(values?.text?.text, '*With these values*\n`["7"]`');
  assert.ok(facts?.fields?.some(({ text }) => text === '*Reason given*\nticket 7'));
  assert.ok((facts?.fields?.length ?? 99) <= 10);
  assert.equal(
    actionsOf(message)?.elements?.map(({ action_id, value }) => [action_id, value]),
    [
      ['sallyport.approve', asked.approval.id],
      ['sallyport.deny', asked.approval.id],
    ],
  );
});

test('Slack gets buttons only with everything that will run', async () => {
  const whole = await notice();
  const cases: [string, Notice, boolean][] = [
    ['an app without a signing secret', whole, false],
    ['a shape', await notice({}, false), true],
    ['a long statement', await notice({ text: `select '${'x'.repeat(3000)}'` }), true],
    ['a statement that ends its block', await notice({ text: 'select 1 ``` -- harmless' }), true],
    ['many values', await notice({ evidence: { parameters: ['x'.repeat(3000)] } }), true],
    ['one that is cut', await notice({ text: 'x'.repeat(64 * 1024) }), true],
    ['a settled request', { ...whole, event: 'settled' }, true],
    [
      'a request that was answered meanwhile',
      { ...whole, approval: { ...whole.approval, state: 'denied' } },
      true,
    ],
  ];
  for (const [what, each, hasButtons] of cases)
    assert.is(actionsOf(slackMessage(each, hasButtons)), undefined, what);
  assert.ok(actionsOf(slackMessage(whole, true)));
});

test('no text of a request is markup at Slack', async () => {
  const evil = '<!channel> <https://evil.example|ok> & ``` *x*';
  const message = JSON.stringify(slackMessage(await notice({ text: evil, reason: evil }), true));
  assert.not.match(message, /<!channel>|<https:/);
  assert.match(message, /&lt;!channel&gt; &lt;https:/);
});

test('every text stays within what Slack takes', async () => {
  const long = 'é'.repeat(9000);
  const message = slackMessage(await notice({ text: long, reason: long }), true);
  for (const { text, fields } of blocksOf(message)) {
    assert.ok((text?.text.length ?? 0) <= 3000);
    for (const field of fields ?? []) assert.ok(field.text.length <= 2000);
  }
  assert.ok((blocksOf(message)[0]?.text?.text.length ?? 999) <= 150);
});

interface Card {
  readonly attachments: readonly {
    readonly contentType: string;
    readonly content: {
      readonly type: string;
      readonly version: string;
      readonly actions?: unknown;
      readonly body: readonly {
        readonly type: string;
        readonly text?: string;
        readonly inlines?: readonly { readonly text: string }[];
        readonly facts?: readonly { readonly title: string; readonly value: string }[];
      }[];
    };
  }[];
}

test('Teams gets an Adaptive Card without a link', async () => {
  const asked = await notice();
  const message = teamsMessage(asked) as Card;
  const [attachment] = message.attachments;
  assert.is(attachment?.contentType, 'application/vnd.microsoft.card.adaptive');
  assert.equal([attachment?.content.type, attachment?.content.version], ['AdaptiveCard', '1.5']);
  assert.is(attachment?.content.actions, undefined);
  const body = attachment?.content.body ?? [];
  assert.is(
    body.find(({ inlines }) => inlines !== undefined)?.inlines?.[0]?.text,
    'update t set a = 1',
  );
  const facts = body.find(({ type }) => type === 'FactSet')?.facts ?? [];
  assert.is(facts.find(({ title }) => title === 'Reason given')?.value, 'ticket 7');
  assert.not.match(JSON.stringify(message), /https?:\/\/(?!adaptivecards\.io)/);
});

test('no text of a request is markup at Teams', async () => {
  const evil = '[ok](https://evil.example) **x** _y_';
  const card = (teamsMessage(await notice({ reason: evil })) as Card).attachments[0]?.content;
  const said = card?.body
    .flatMap(({ facts }) => facts ?? [])
    .find(({ title }) => title === 'Reason given');
  assert.is(said?.value, '\\[ok\\]\\(https://evil.example\\) \\*\\*x\\*\\* \\_y\\_');
});

test('a card stays within what Teams takes', async () => {
  const message = teamsMessage(
    await notice({ text: 'x'.repeat(64 * 1024), reason: 'y'.repeat(500) }),
  );
  assert.ok(Buffer.byteLength(JSON.stringify(message)) < 28 * 1024);
});

test('text that would hide or turn other text is shown as what it is', async () => {
  const asked = await notice({ text: 'select 1 \u202e-- \u0007' });
  for (const message of [slackMessage(asked, true), teamsMessage(asked)])
    assert.match(JSON.stringify(message), /\\\\u\{202e\}-- \\\\u\{7\}/);
});

test.run();
