/**
 * `sallyport consent`: let an agent act for you, list what does, end it.
 */
import type { Command } from 'commander';
import type { ConsentMessage } from '../../api/routes/consents.ts';
import { parseDuration } from '../../config/units.ts';
import { ControlError } from '../../error.ts';
import { type ApiClientOptions, connectApi } from '../api-client.ts';
import { addGatewayOptions, type Format } from '../options.ts';
import { formatTable, printJson } from '../print.ts';

interface ConsentOptions extends ApiClientOptions {
  readonly format: Format;
}

interface GrantOptions extends ConsentOptions {
  readonly ttl: string;
  readonly resources?: readonly string[];
}

const DEFAULT_TTL = '8h';

export function register(program: Command): void {
  const consent = program.command('consent').description('let agents act for you, and end it');
  const add = (name: string, description: string): Command =>
    addGatewayOptions(consent.command(name).description(description));

  add('grant', 'let an agent act for you')
    .argument('<AGENT>', 'its subject')
    .option('--ttl <DURATION>', 'for how long', DEFAULT_TTL)
    .option('--resources <NAME...>', 'only for these resources')
    .action(async (agent: string, options: GrantOptions) => {
      const lifetime = parseDuration(options.ttl);
      if (lifetime === undefined)
        throw new ControlError('usage/invalid', `\`${options.ttl}\` is not a duration`, {
          hint: 'write 90s, 15m, 12h or 7d',
        });
      const given = await connectApi(options).post('/v1/consents', {
        agent,
        lifetime_seconds: Math.floor(lifetime / 1000),
        ...(options.resources === undefined ? {} : { resources: options.resources }),
      });
      print([given as ConsentMessage], options.format);
    });
  add('list', 'list the consents you have given').action(async (options: ConsentOptions) => {
    const { consents } = (await connectApi(options).get('/v1/consents')) as {
      consents: readonly ConsentMessage[];
    };
    print(consents, options.format);
  });
  add('revoke', 'end a consent, and the sessions that live by it')
    .argument('<ID>', 'the consent')
    .action(async (id: string, options: ConsentOptions) => {
      const path = `/v1/consents/${encodeURIComponent(id)}/revoke`;
      print([(await connectApi(options).post(path, {})) as ConsentMessage], options.format);
    });
}

function print(consents: readonly ConsentMessage[], format: Format): void {
  if (format === 'json') {
    printJson(consents);
    return;
  }
  const rows = consents.map((consent) => [
    consent.id,
    consent.subject,
    consent.agent,
    consent.resources?.join(', ') ?? 'all',
    consent.revoked_at === undefined ? `until ${consent.expires_at}` : 'ended',
  ]);
  for (const line of formatTable(['id', 'person', 'agent', 'resources', 'state'], rows))
    console.log(line);
}
