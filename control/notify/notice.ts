/**
 * A notice: what channels tell people about a request. Wording that all of them share; how it looks is each channel's own.
 */
import type { ApprovalMessage } from '../approvals/message.ts';
import { shapeOf } from '../approvals/shape.ts';
import type { ApprovalView } from '../approvals/view.ts';
import type { NoticeEvent } from '../config/notifications-section.ts';
import { harmless, shorten } from '../harmless.ts';

/** UTF-16 units of a headline. */
const MAX_HEADLINE = 140;

/** The link of one person. */
export interface PersonalLink {
  readonly subject: string;
  readonly email: string | undefined;
  readonly url: string;
}

export interface Notice {
  /** The same at every try, so that a receiver can tell a second try from a second notice. */
  readonly id: string;
  readonly event: NoticeEvent;
  readonly approval: ApprovalMessage;
  /** What stands for the statement: itself, or its shape. */
  readonly statement: Statement;
  /** Links of those it is for, where the channel may have them. */
  readonly links: readonly PersonalLink[];
}

export interface Statement {
  readonly text: string;
  /** True when it is everything that will run, parameters apart. */
  readonly isWhole: boolean;
}

/** The statement as a channel may tell it. */
export function statementOf(view: ApprovalView, isWhole: boolean, isCut: boolean): Statement {
  if (isWhole) return { text: harmless(view.text), isWhole: !isCut };
  const { kind, verb } = view.details.action ?? {};
  return { text: harmless(shapeOf(kind, verb ?? '', view.text)), isWhole: false };
}

/** One line: who asks for what, or what became of it. */
export function headline({ event, approval }: Notice): string {
  const what = `${requesterOf(approval)} on ${approval.resource} (${approval.code})`;
  if (event === 'settled') return line(`${capital(approval.state)}: ${what}`);
  return line(`Approval needed${approval.escalated_to.length > 0 ? ', escalated' : ''}: ${what}`);
}

/** Terms and what they are, in the order in which they matter. */
export function factsOf(notice: Notice): readonly (readonly [string, string])[] {
  const { approval } = notice;
  const said = approval.answers.map(
    ({ by, answer, note }) =>
      `${by}: ${answer === 'approve' ? 'yes' : 'no'}${note === undefined ? '' : ` (${note})`}`,
  );
  const facts: readonly (readonly [string, string])[] = [
    ['Who', requesterOf(approval)],
    ['Resource', approval.resource],
    ['Why it needs approval', approval.reason],
    ...(approval.client_reason === undefined
      ? []
      : [['Reason given', approval.client_reason] as const]),
    ...(said.length === 0 ? [] : [['Answers', said.join('; ')] as const]),
    ...(notice.event === 'asked'
      ? [
          ['Scope', approval.scope] as const,
          ['People needed', `${approval.missing} of ${approval.quorum}`] as const,
          ['Expires', approval.expires_at] as const,
        ]
      : []),
    ['Digest', approval.digest],
    ['Request', approval.id],
  ];
  return facts.map(([term, text]) => [term, harmless(text)]);
}

/** `agent for maria`, or just the subject. */
export function requesterOf({ requester }: ApprovalMessage): string {
  return requester.on_behalf_of === undefined
    ? requester.subject
    : `${requester.subject} for ${requester.on_behalf_of}`;
}

function line(text: string): string {
  return shorten(harmless(text), MAX_HEADLINE);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
