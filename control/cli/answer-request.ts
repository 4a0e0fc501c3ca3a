/**
 * Answering a request from the command line: what `approve`, `deny` and the like have in common. The request is printed in full, so that
 * the record on the terminal shows what was answered.
 */
import type { Command } from 'commander';
import type { ApprovalMessage } from '../approvals/message.ts';
import { type ApiClientOptions, connectApi } from './api-client.ts';
import { describeText } from './approval-text.ts';
import { completeId } from './complete-id.ts';
import { addGatewayOptions, type Format } from './options.ts';
import { formatTable, printJson } from './print.ts';

interface AnswerOptions extends ApiClientOptions {
  readonly format: Format;
  readonly note?: string;
}

/** Registers `sallyport approve ID`, `deny ID` and the like. */
export function registerAnswer(
  program: Command,
  answer: 'approve' | 'deny' | 'escalate' | 'withdraw' | 'revoke',
  description: string,
): void {
  addGatewayOptions(
    program
      .command(answer)
      .description(description)
      .argument(
        '<ID>',
        'the request, as `sallyport approvals` lists it; its first characters are enough',
      )
      .option('--note <TEXT>', 'why, for the requester and the record'),
  ).action(async (id: string, options: AnswerOptions) => {
    const api = connectApi(options);
    const path = `/v1/approvals/${encodeURIComponent(await completeId(api, id, isOpen))}/${answer}`;
    const note = options.note === undefined ? {} : { note: options.note };
    const approval = (await api.post(path, note)) as ApprovalMessage;
    if (options.format === 'json') return printJson(approval);
    for (const line of describe(approval)) console.log(line);
  });
}

/** Requests that can still be answered or taken back. */
const isOpen = ({ state }: ApprovalMessage): boolean => state === 'pending' || state === 'granted';

function describe(approval: ApprovalMessage): readonly string[] {
  const { requester } = approval;
  const acting = requester.on_behalf_of === undefined ? '' : ` for ${requester.on_behalf_of}`;
  const outcome =
    approval.state === 'pending'
      ? `recorded; ${approval.missing} more of ${approval.quorum} needed`
      : approval.state;
  return [
    ...formatTable(
      ['request', approval.id],
      [
        ['who', `${requester.subject}${acting} (${requester.kind})`],
        ['resource', approval.resource],
        ['why', `${approval.reason} (${approval.code})`],
        ...(approval.client_reason === undefined ? [] : [['said', approval.client_reason]]),
        ['scope', approval.scope],
        ['digest', approval.digest],
      ],
    ),
    ...describeText(approval),
    outcome,
  ];
}
