/**
 * `sallyport secret`: credentials of targets that the gateway keeps itself, sealed. A value goes in and never comes out again.
 */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { SecretMessage } from '../../api/routes/secrets.ts';
import { ControlError } from '../../error.ts';
import { type ApiClientOptions, connectApi } from '../api-client.ts';
import { addGatewayOptions, type Format } from '../options.ts';
import { formatTable, plural, printJson } from '../print.ts';

interface SecretOptions extends ApiClientOptions {
  readonly format: Format;
}

interface SetOptions extends SecretOptions {
  readonly file: string;
}

const STANDARD_INPUT = '-';

export function register(program: Command): void {
  const secret = program.command('secret').description('sealed credentials of targets; for admins');
  const add = (name: string, description: string): Command =>
    addGatewayOptions(secret.command(name).description(description));

  add('set', `set or replace a secret; the configuration names it as \${store:NAME}`)
    .argument('<NAME>', 'its name')
    .option('--file <FILE>', 'where its value is, `-` for standard input', STANDARD_INPUT)
    .action(async (name: string, options: SetOptions) => {
      const value = readValue(options.file);
      const path = `/v1/secrets/${encodeURIComponent(name)}`;
      print([(await connectApi(options).post(path, { value })) as SecretMessage], options.format);
    });
  add('list', 'list the names of the secrets').action(async (options: SecretOptions) => {
    const { secrets } = (await connectApi(options).get('/v1/secrets')) as {
      secrets: readonly SecretMessage[];
    };
    print(secrets, options.format);
  });
  add('remove', 'remove a secret')
    .argument('<NAME>', 'its name')
    .action(async (name: string, options: SecretOptions) => {
      const path = `/v1/secrets/${encodeURIComponent(name)}/remove`;
      const { removed } = (await connectApi(options).post(path, {})) as { removed: string };
      if (options.format === 'json') printJson({ removed });
      else console.log(`${removed} is removed`);
    });
  add('rekey', 'seal all secrets anew under a new key').action(async (options: SecretOptions) => {
    const done = (await connectApi(options).post('/v1/secret-keys/rotate', {})) as {
      key: string;
      resealed: number;
    };
    if (options.format === 'json') printJson(done);
    else console.log(`${plural(done.resealed, 'secret')} sealed anew under the key ${done.key}`);
  });
}

/** The text of the file without its last line break; the value never stands on the command line. */
function readValue(file: string): string {
  try {
    const text = readFileSync(file === STANDARD_INPUT ? process.stdin.fd : file, 'utf8');
    return text.replace(/\r?\n$/, '');
  } catch (cause) {
    throw new ControlError('usage/invalid', `the value cannot be read from ${file}`, {
      cause,
      hint: 'give it on standard input, or name a file with --file',
    });
  }
}

function print(secrets: readonly SecretMessage[], format: Format): void {
  if (format === 'json') {
    printJson(secrets);
    return;
  }
  if (secrets.length === 0) {
    console.log('there are no secrets');
    return;
  }
  const rows = secrets.map(({ name, key, changed_by, changed_at }) => [
    name,
    changed_at.slice(0, 19).replace('T', ' '),
    changed_by,
    key,
  ]);
  for (const line of formatTable(['NAME', 'CHANGED', 'BY', 'KEY'], rows)) console.log(line);
}
