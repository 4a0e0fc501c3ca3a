/**
 * The page of a signed link: everything an answer is given on, and the two answers. It shows; it decides nothing.
 */
import type { ApprovalMessage } from '../../approvals/message.ts';
import { type Html, html } from './html.ts';
import { page } from './layout.ts';

const MAX_NOTE = 1000;
const NOTHING = html``;

export interface AnswerPage {
  readonly approval: ApprovalMessage;
  /** Who holds the link. */
  readonly holder: string;
  /** Sent back with the answer. */
  readonly token: string;
}

/** What is asked, with a form for the answer. */
export function answerPage({ approval, holder, token }: AnswerPage): string {
  return page(
    `Approve ${approval.code}?`,
    html`<h1>${requester(approval)} asks to act on ${approval.resource}</h1>
<p>You are asked as <strong>${holder}</strong>. Your answer is recorded under that name and is for exactly what is shown here.</p>
${statement(approval)}
${facts(approval)}
${rules(approval)}
${similar(approval)}
<h2>Your answer</h2>
<form method="post" action="/answer" autocomplete="off">
<input type="hidden" name="link" value="${token}">
<label for="note">Note for the requester and the record (may be left empty)</label>
<textarea id="note" name="note" rows="3" maxlength="${MAX_NOTE}"></textarea>
<button type="submit" name="answer" value="approve">Approve</button>
<button type="submit" name="answer" value="deny">Deny</button>
</form>`,
  );
}

/** What an answer came to. */
export function answeredPage(approval: ApprovalMessage): string {
  const outcome =
    approval.state === 'pending'
      ? `Your answer is recorded. ${approval.missing} more of ${approval.quorum} needed.`
      : `The request is ${approval.state}.`;
  return page(
    'Answer recorded',
    html`<h1>${outcome}</h1>
<p>Request <code>${approval.id}</code>: ${requester(approval)} on ${approval.resource}. This link is used up.</p>`,
  );
}

/** Why there is nothing to answer. */
export function refusedPage(message: string, hint: string | undefined): string {
  return page(
    'No answer',
    html`<h1>${message}</h1>
<p>Nothing was changed. ${hint ?? ''}</p>`,
  );
}

function requester({ requester: { name, on_behalf_of: principal } }: ApprovalMessage): string {
  return principal === undefined ? name : `${name}, acting for ${principal},`;
}

function statement({ text, parameters, cut }: ApprovalMessage): Html {
  return html`<h2 id="what">What will run</h2>
<pre tabindex="0" aria-labelledby="what"><code>${text}</code></pre>
${cut ? html`<p class="warning"><strong>It is longer than can be shown here.</strong> What is not shown runs too.</p>` : NOTHING}
${
  parameters === undefined || parameters.length === 0
    ? NOTHING
    : html`<h2 id="with">With these values</h2>
<ol aria-labelledby="with">${parameters.map((value) => html`<li><code>${JSON.stringify(value) ?? 'null'}</code></li>`)}</ol>`
}`;
}

function facts(approval: ApprovalMessage): Html {
  const { requester: who, target, client, escalated_to: escalatedTo } = approval;
  const labels = Object.entries(target?.labels ?? {}).map(([name, value]) => `${name}=${value}`);
  const rows: readonly (readonly [string, string])[] = [
    ...(approval.client_reason === undefined
      ? []
      : [['Reason given by the requester', approval.client_reason] as const]),
    ['Why you are asked', `${approval.reason} (${approval.code})`],
    [
      'Who, and on whose behalf',
      who.chain
        .map((each) => `${each.subject} (${each.kind}, known from ${each.issuer})`)
        .join(' acting for '),
    ],
    [
      'Resource',
      `${approval.resource}${target === undefined ? '' : ` (${[target.type, ...labels].join(', ')})`}`,
    ],
    ...(client === undefined
      ? []
      : [['Client', `${client.application || 'unnamed'} at ${client.ip}`] as const]),
    ['What a yes allows', describeScope(approval)],
    ['People needed', `${approval.missing} more of ${approval.quorum}`],
    ...(escalatedTo.length === 0 ? [] : [['Escalated to', escalatedTo.join(', ')] as const]),
    ...approval.answers.map(
      ({ by, answer, note }) =>
        [
          'Answered already',
          `${by}: ${answer === 'approve' ? 'yes' : 'no'}${note === undefined ? '' : `, “${note}”`}`,
        ] as const,
    ),
    ['Expires', approval.expires_at],
    ['Digest', approval.digest],
    ['Policy revision', approval.revision],
    ['Request', approval.id],
  ];
  return html`<h2>Who and why</h2>
<dl>
${rows.map(([term, text]) => html`<dt>${term}</dt><dd>${text}</dd>\n`)}</dl>`;
}

function describeScope({ scope }: ApprovalMessage): string {
  switch (scope) {
    case 'statement':
      return 'this, once';
    case 'session':
      return 'everything in this session that the same rule asks about';
    default:
      return 'everything of this requester that the same rule asks about, for as long as the policy says';
  }
}

function rules({ rules: spoke }: ApprovalMessage): Html {
  if (spoke.length === 0) return NOTHING;
  return html`<h2>Rules that matched</h2>
<ul>
${spoke.map(({ code, reason, rule }) => html`<li><code>${code}</code>: ${reason}${rule === undefined ? '' : `, by ${rule}`}</li>\n`)}</ul>`;
}

function similar({ similar: earlier }: ApprovalMessage): Html {
  return html`<h2>Earlier requests like this one</h2>
${
  earlier.length === 0
    ? html`<p>Nothing like it was decided before on this resource.</p>`
    : html`<ul>
${earlier.map(({ at, state, requester: who, by, same_statement: isSame }) => {
  const whom = by.length === 0 ? '' : ` by ${by.join(', ')}`;
  const what = isSame ? 'exactly this' : 'this with other values';
  return html`<li>${at}: ${state}${whom}, ${what}, asked by ${who}</li>\n`;
})}</ul>`
}`;
}
