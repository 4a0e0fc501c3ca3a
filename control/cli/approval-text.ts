/**
 * A request for approval as text for a terminal: everything an answer is given on. Words of clients are made harmless first.
 */
import type { ApprovalMessage } from '../approvals/message.ts';
import { formatTable, harmless } from './print.ts';

/** `agent for maria`, or just the name. */
export function describeRequester({ requester }: ApprovalMessage): string {
  return requester.on_behalf_of === undefined
    ? requester.subject
    : `${requester.subject} for ${requester.on_behalf_of}`;
}

/** Every line of `sallyport approvals show`. */
export function describeApproval(approval: ApprovalMessage): readonly string[] {
  const { requester, target, client, answers, similar, grant } = approval;
  const labels = Object.entries(target?.labels ?? {}).map(([name, value]) => `${name}=${value}`);
  const about = target === undefined ? '' : ` (${[target.type, ...labels].join(', ')})`;
  const rows: readonly (readonly [string, string])[] = [
    ['state', describeState(approval)],
    ...requester.chain.map(
      ({ subject, kind, issuer }, at) =>
        [at === 0 ? 'who' : 'for', `${subject} (${kind}, known from ${issuer})`] as const,
    ),
    ['resource', `${approval.resource}${about}`],
    ...(client === undefined
      ? []
      : [['client', `${client.application || 'unnamed'} at ${client.ip}`] as const]),
    ['why', `${approval.reason} (${approval.code})`],
    ...(approval.client_reason === undefined ? [] : [['said', approval.client_reason] as const]),
    ...approval.rules.map(
      ({ code, reason, rule }) =>
        ['rule', `${code}: ${reason}${rule === undefined ? '' : `, by ${rule}`}`] as const,
    ),
    ['asked', [...approval.approvers.groups, ...approval.approvers.subjects].join(', ')],
    ...(approval.escalated_to.length === 0
      ? []
      : [['escalated', approval.escalated_to.join(', ')] as const]),
    ...answers.map(
      ({ by, answer, note, at }) =>
        [
          answer === 'approve' ? 'yes' : 'no',
          `${by} at ${at}${note === undefined ? '' : `: ${note}`}`,
        ] as const,
    ),
    ['scope', approval.scope],
    ['created', approval.created_at],
    ['expires', approval.expires_at],
    ...(grant === undefined ? [] : [['granted', `until ${grant.expires_at}`] as const]),
    ['session', approval.session],
    ['digest', approval.digest],
    ['revision', approval.revision],
  ];
  return [
    ...formatTable(['request', approval.id], rows),
    ...describeText(approval),
    'earlier requests like this one',
    ...(similar.length === 0
      ? ['    none']
      : formatTable(
          ['AT', 'STATE', 'BY', 'ASKED BY', 'WHAT'],
          similar.map((each) => [
            each.at,
            each.state,
            each.by.join(', '),
            each.requester,
            each.same_statement ? 'exactly this' : 'this with other values',
          ]),
        ).map((line) => `    ${line}`)),
  ];
}

/** What will run, with its parameters, indented. */
export function describeText({ text, parameters = [], cut }: ApprovalMessage): readonly string[] {
  return [
    'what',
    ...harmless(text)
      .split('\n')
      .map((line) => `    ${line}`),
    ...(cut ? ['    … it is longer than can be shown'] : []),
    ...parameters.map((value, at) => `    value ${at + 1}: ${harmless(JSON.stringify(value))}`),
  ];
}

function describeState({ state, missing, quorum }: ApprovalMessage): string {
  return state === 'pending' ? `pending, ${missing} more of ${quorum} needed` : state;
}
