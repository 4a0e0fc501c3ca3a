/**
 * `sallyport notifications`: notices that could not be delivered, and another try.
 */
import type { Command } from 'commander';
import type { DeadLetterMessage } from '../../api/routes/notifications.ts';
import { type ApiClientOptions, connectApi } from '../api-client.ts';
import { addGatewayOptions, type Format } from '../options.ts';
import { formatTable, plural, printJson } from '../print.ts';

interface NotificationOptions extends ApiClientOptions {
  readonly format: Format;
}

interface Listed {
  readonly waiting: number;
  readonly dead_letters: readonly DeadLetterMessage[];
}

export function register(program: Command): void {
  const notifications = program
    .command('notifications')
    .description('list notices that were not delivered, and try them again');
  const add = (name: string, description: string): Command =>
    addGatewayOptions(notifications.command(name).description(description));

  add('list', 'list what was not delivered').action(async (options: NotificationOptions) => {
    const listed = (await connectApi(options).get('/v1/notifications')) as Listed;
    if (options.format === 'json') return printJson(listed);
    print(listed.dead_letters);
    if (listed.waiting > 0) console.log(`${plural(listed.waiting, 'notice')} on the way`);
  });
  add('retry', 'try again: one, or all that are listed')
    .argument('[ID]', 'the notice; all of them when left out')
    .action(async (id: string | undefined, options: NotificationOptions) => {
      const api = connectApi(options);
      const ids =
        id === undefined
          ? ((await api.get('/v1/notifications')) as Listed).dead_letters.map((each) => each.id)
          : [id];
      const retried: DeadLetterMessage[] = [];
      for (const each of ids)
        retried.push(
          (await api.post(
            `/v1/notifications/${encodeURIComponent(each)}/retry`,
            {},
          )) as DeadLetterMessage,
        );
      if (options.format === 'json') return printJson(retried);
      console.log(`${plural(retried.length, 'notice')} tried again`);
    });
}

function print(letters: readonly DeadLetterMessage[]): void {
  if (letters.length === 0) {
    console.log('everything was delivered');
    return;
  }
  const rows = letters.map((letter) => [
    letter.id,
    letter.at,
    letter.channel,
    letter.recipient ?? '',
    `${letter.event} ${letter.approval}`,
    `${letter.error}, ${letter.attempts === 1 ? '1 try' : `${letter.attempts} tries`}`,
  ]);
  const head = ['ID', 'AT', 'CHANNEL', 'FOR', 'WHAT', 'WHY NOT'];
  for (const line of formatTable(head, rows)) console.log(line);
}
