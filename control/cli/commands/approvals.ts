/**
 * `sallyport approvals`: requests you are involved in or may answer.
 */
import { type Command, Option } from 'commander';
import type { ApprovalMessage } from '../../approvals/message.ts';
import { type ApiClientOptions, connectApi } from '../api-client.ts';
import {
  apiOption,
  configOption,
  type Format,
  formatOption,
  tokenFileOption,
  tokenOption,
} from '../options.ts';
import { formatTable, printJson, shorten } from '../print.ts';

interface ApprovalsOptions extends ApiClientOptions {
  readonly format: Format;
  readonly state: string;
}

const TEXT_WIDTH = 60;

export function register(program: Command): void {
  program
    .command('approvals')
    .description('list requests for approval that you may answer or have a part in')
    .addOption(
      new Option('--state <STATE>', 'which ones')
        .choices(['pending', 'granted', 'denied', 'expired', 'cancelled', 'revoked', 'all'])
        .default('pending'),
    )
    .addOption(tokenOption())
    .addOption(tokenFileOption())
    .addOption(apiOption())
    .addOption(configOption())
    .addOption(formatOption())
    .action(async (options: ApprovalsOptions) => {
      const query = options.state === 'all' ? '' : `?state=${options.state}`;
      const { approvals } = (await connectApi(options).get(`/v1/approvals${query}`)) as {
        approvals: readonly ApprovalMessage[];
      };
      if (options.format === 'json') return printJson(approvals);
      if (approvals.length === 0) return console.log('nothing waits for you');
      // What clients say of themselves has a column where somebody said something.
      const isSaid = approvals.some(({ client_reason }) => client_reason !== undefined);
      const rows = approvals.map((approval) => [
        approval.id,
        approval.state,
        describeRequester(approval),
        approval.resource,
        shorten(approval.text, TEXT_WIDTH),
        ...(isSaid ? [shorten(approval.client_reason ?? '', TEXT_WIDTH)] : []),
      ]);
      const head = ['ID', 'STATE', 'WHO', 'RESOURCE', 'WHAT', ...(isSaid ? ['SAID'] : [])];
      for (const line of formatTable(head, rows)) console.log(line);
    });
}

/** `agent for maria`, or just the name. */
export function describeRequester({ requester }: ApprovalMessage): string {
  return requester.on_behalf_of === undefined
    ? requester.subject
    : `${requester.subject} for ${requester.on_behalf_of}`;
}
