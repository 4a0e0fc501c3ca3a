/**
 * `sallyport connect`: starts a program that reaches one resource, with a token made for that, and ends the token when it is done.
 */
import type { Command } from 'commander';
import type { ConnectionMessage } from '../../api/routes/connections.ts';
import { parseDuration } from '../../config/units.ts';
import { ControlError } from '../../error.ts';
import { type ApiClient, type ApiClientOptions, connectApi } from '../api-client.ts';
import {
  type ClientWish,
  DROPPED,
  exportLines,
  programEnvironment,
  shellEnvironment,
} from '../connect/client-environment.ts';
import { makePrivateFolder } from '../connect/private-folder.ts';
import { runChild } from '../connect/run-child.ts';
import { findGateway } from '../find-gateway.ts';
import { addCallerOptions } from '../options.ts';

interface ConnectOptions extends ApiClientOptions {
  readonly ttl?: string;
  readonly reason?: string;
  readonly ca?: string;
  readonly printEnv?: boolean;
}

export function register(program: Command): void {
  addCallerOptions(
    program
      .command('connect')
      .description('start a program that reaches a resource, with a token for that alone')
      .usage('RESOURCE [options] -- COMMAND [arguments]')
      .argument('<RESOURCE>', 'the resource, as the configuration names it')
      .argument('[COMMAND...]', 'the program, behind `--`: psql, curl, a shell')
      .option('--ttl <DURATION>', 'life of the token; at most that of your own')
      .option('--reason <TEXT>', 'why; policies, approvers and the record get it')
      .option('--ca <FILE>', 'PEM file of the authority that signed the certificate of the gateway')
      .option(
        '--print-env',
        'print `export` lines for a shell instead; they hold the token, which then lives on until it expires',
      ),
  ).action(async (resource: string, command: readonly string[], options: ConnectOptions) => {
    const [name, ...args] = command;
    if ((name === undefined) !== (options.printEnv === true))
      throw new ControlError('usage/invalid', 'either a command or --print-env is needed', {
        hint: `sallyport connect ${resource} -- psql`,
      });
    const api = connectApi(options);
    const connection = await open(api, resource, options.ttl);
    const wish: ClientWish = {
      api: findGateway(options),
      ca: options.ca,
      reason: options.reason,
    };
    if (name === undefined) printEnvironment(connection, wish);
    else process.exitCode = await runWith(connection, wish, [name, ...args], options);
  });
}

async function open(
  api: ApiClient,
  resource: string,
  ttl: string | undefined,
): Promise<ConnectionMessage> {
  const lifetimeMs = ttl === undefined ? undefined : parseDuration(ttl);
  if (ttl !== undefined && lifetimeMs === undefined)
    throw new ControlError('usage/invalid', `\`${ttl}\` is not a duration`, {
      hint: 'write 90s, 15m or 8h',
    });
  const seconds =
    lifetimeMs === undefined ? {} : { lifetime_seconds: Math.floor(lifetimeMs / 1000) };
  return (await api.post('/v1/connections', { resource, ...seconds })) as ConnectionMessage;
}

function printEnvironment(connection: ConnectionMessage, wish: ClientWish): void {
  for (const line of exportLines(shellEnvironment(connection, wish))) console.log(line);
  console.error(
    `# a token for ${connection.resource} until ${connection.expires_at}; whoever can read these lines can use it`,
  );
}

async function runWith(
  connection: ConnectionMessage,
  wish: ClientWish,
  command: readonly [string, ...string[]],
  options: ConnectOptions,
): Promise<number> {
  const folder = makePrivateFolder();
  try {
    const own = programEnvironment(connection, wish, folder);
    const inherited = Object.entries(process.env).filter(
      ([key]) => !(DROPPED as readonly string[]).includes(key),
    );
    return await runChild(command, { ...Object.fromEntries(inherited), ...own });
  } finally {
    folder.remove();
    await end(connection, options);
  }
}

/** The token ends by itself too: a gateway that does not answer now is told, and is no fault of the program that ran. */
async function end({ token }: ConnectionMessage, options: ConnectOptions): Promise<void> {
  const { config, api } = options;
  try {
    const client = connectApi({ config, token, ...(api === undefined ? {} : { api }) });
    await client.post('/v1/connections/end', {});
  } catch {
    console.error('sallyport: the token of this connection was not ended; it ends when it expires');
  }
}
