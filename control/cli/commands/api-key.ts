/**
 * `sallyport api-key`: keys for machines that can neither sign in nor renew a token.
 */
import { type Command, Option } from 'commander';
import type { ApiKeyMessage } from '../../api/routes/api-keys.ts';
import { parseDuration } from '../../config/units.ts';
import { ControlError } from '../../error.ts';
import { KEY_PROTOCOLS } from '../../identity/ports.ts';
import { type ApiClientOptions, connectApi } from '../api-client.ts';
import { addGatewayOptions, type Format } from '../options.ts';
import { formatTable, printJson } from '../print.ts';

interface KeyOptions extends ApiClientOptions {
  readonly format: Format;
}

interface CreateOptions extends KeyOptions {
  readonly resources: readonly string[];
  readonly protocols: readonly string[];
  readonly ttl: string;
  readonly note?: string;
}

const DEFAULT_TTL = '90d';
const DEFAULT_PROTOCOLS = ['postgres', 'http'];

export function register(program: Command): void {
  const keys = program.command('api-key').description('keys for machines; for admins');
  const add = (name: string, description: string): Command =>
    addGatewayOptions(keys.command(name).description(description));

  add('create', 'make a key for a service; it is shown this once')
    .argument('<SERVICE>', 'an identity of `kind: service`')
    .requiredOption('--resources <NAME...>', 'the resources it opens')
    .addOption(
      new Option('--protocols <PROTOCOL...>', 'the ways it may come in by')
        .choices([...KEY_PROTOCOLS])
        .default(DEFAULT_PROTOCOLS, DEFAULT_PROTOCOLS.join(' ')),
    )
    .option('--ttl <DURATION>', 'how long it lives, at most 366d', DEFAULT_TTL)
    .option('--note <TEXT>', 'what it is for')
    .action(async (subject: string, options: CreateOptions) => {
      const lifetime = parseDuration(options.ttl);
      if (lifetime === undefined)
        throw new ControlError('usage/invalid', `\`${options.ttl}\` is not a duration`, {
          hint: 'write 12h, 90d or 366d',
        });
      const made = (await connectApi(options).post('/v1/api-keys', {
        subject,
        resources: options.resources,
        protocols: options.protocols,
        lifetime_seconds: Math.floor(lifetime / 1000),
        ...(options.note === undefined ? {} : { note: options.note }),
      })) as ApiKeyMessage & { readonly key: string };
      if (options.format === 'json') return printJson(made);
      console.log(made.key);
      console.error(
        `# ${made.id} for ${made.subject} on ${made.resources.join(', ')} until ${made.expires_at}; shown this once`,
      );
    });
  add('list', 'list keys, ended ones included').action(async (options: KeyOptions) => {
    const { keys: all } = (await connectApi(options).get('/v1/api-keys')) as {
      keys: readonly ApiKeyMessage[];
    };
    print(all, options.format);
  });
  add('revoke', 'end a key and the sessions it opened, at once')
    .argument('<ID>', 'the key')
    .action(async (id: string, options: KeyOptions) => {
      const path = `/v1/api-keys/${encodeURIComponent(id)}/revoke`;
      print([(await connectApi(options).post(path, {})) as ApiKeyMessage], options.format);
    });
}

function print(keys: readonly ApiKeyMessage[], format: Format): void {
  if (format === 'json') {
    printJson(keys);
    return;
  }
  if (keys.length === 0) {
    console.log('there are no keys');
    return;
  }
  const rows = keys.map((key) => [
    key.id,
    `${key.prefix}...`,
    key.subject,
    key.resources.join(', '),
    key.protocols.join(', '),
    key.last_used_at?.slice(0, 16).replace('T', ' ') ?? 'never',
    stateOf(key),
    key.note,
  ]);
  const header = ['ID', 'KEY', 'SERVICE', 'RESOURCES', 'BY', 'LAST USED', 'STATE', 'NOTE'];
  for (const line of formatTable(header, rows)) console.log(line);
}

function stateOf(key: ApiKeyMessage): string {
  if (key.revoked_at !== undefined) return 'revoked';
  return Date.parse(key.expires_at) <= Date.now()
    ? 'expired'
    : `until ${key.expires_at.slice(0, 10)}`;
}
