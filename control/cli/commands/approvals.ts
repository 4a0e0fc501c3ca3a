/**
 * `sallyport approvals`: requests you are involved in or may answer, and everything about one of them.
 */
import { type Command, Option } from 'commander';
import type { ApprovalMessage } from '../../approvals/message.ts';
import { type ApiClientOptions, connectApi } from '../api-client.ts';
import { describeApproval, describeRequester } from '../approval-text.ts';
import { completeId } from '../complete-id.ts';
import { addGatewayOptions, type Format } from '../options.ts';
import { formatTable, printJson, shorten } from '../print.ts';

interface ApprovalsOptions extends ApiClientOptions {
  readonly format: Format;
  readonly state: string;
}

const TEXT_WIDTH = 60;

export function register(program: Command): void {
  const approvals = addGatewayOptions(
    program
      .command('approvals')
      .description('list requests for approval that you may answer or have a part in')
      .addOption(
        new Option('--state <STATE>', 'which ones')
          .choices(['pending', 'granted', 'denied', 'expired', 'cancelled', 'revoked', 'all'])
          .default('pending'),
      ),
  ).action(async (options: ApprovalsOptions) => {
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
  addGatewayOptions(
    approvals
      .command('show')
      .description('show everything about one request, and how earlier ones like it were answered')
      .argument('<ID>', 'the request; its first characters are enough'),
  ).action(async (id: string, _own: unknown, command: Command) => {
    // Options may stand before `show` as well as behind it.
    const options = command.optsWithGlobals<ApprovalsOptions>();
    const api = connectApi(options);
    const whole = encodeURIComponent(await completeId(api, id, () => true));
    const approval = (await api.get(`/v1/approvals/${whole}`)) as ApprovalMessage;
    if (options.format === 'json') return printJson(approval);
    for (const line of describeApproval(approval)) console.log(line);
  });
}
