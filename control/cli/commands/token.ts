/**
 * `sallyport token`: signs a token with the gateway's key, on the gateway's machine.
 */
import type { Command } from 'commander';
import { loadConfig } from '../../config/load.ts';
import { parseDuration } from '../../config/units.ts';
import { ControlError } from '../../error.ts';
import { newId } from '../../identifier.ts';
import { issueToken } from '../../identity/issue.ts';
import { createRegistry } from '../../identity/registry.ts';
import { openSigningKey } from '../../identity/signing-key.ts';
import { configOption, type Format, formatOption } from '../options.ts';
import { printJson } from '../print.ts';

interface TokenOptions {
  readonly config: string;
  readonly format: Format;
  readonly for?: string;
  readonly ttl?: string;
}

export function register(program: Command): void {
  program
    .command('token')
    .description('make a token for an identity of the configuration; it is the password for psql')
    .argument('<SUBJECT>', 'who signs in')
    .option('--for <SUBJECT>', 'whom an agent acts for')
    .option('--ttl <DURATION>', 'how long it lives, such as 15m or 12h')
    .addOption(configOption())
    .addOption(formatOption())
    .action(async (subject: string, options: TokenOptions) => {
      const settings = loadConfig(options.config);
      const issued = await issueToken(
        { subject, onBehalfOf: options.for, lifetimeMs: readTtl(options.ttl) },
        settings.tokens,
        createRegistry(settings.identities),
        openSigningKey(settings.stateDir),
        { nowMs: Date.now(), newId },
      );
      if (options.format === 'json') printJson(issued);
      else console.log(issued.token);
    });
}

function readTtl(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const lifetime = parseDuration(text);
  if (lifetime === undefined)
    throw new ControlError('usage/invalid', `\`${text}\` is not a duration`, {
      hint: 'write 90s, 15m, 12h or 7d',
    });
  return lifetime;
}
