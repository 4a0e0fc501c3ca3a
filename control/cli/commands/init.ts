/**
 * `sallyport init`: a configuration and policies to begin with, for a database or service that answers. It asks nothing and
 * overwrites nothing.
 */
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { readPostgresUrl } from '../../config/postgres-url.ts';
import { Secret } from '../../config/secret.ts';
import { ControlError } from '../../error.ts';
import { httpStarter, postgresStarter } from '../starter/files.ts';
import { probeHttp, probePostgres } from '../starter/probe.ts';
import { findExisting, type StarterFile, writeStarter } from '../starter/write.ts';

interface InitOptions {
  readonly postgres?: string;
  readonly http?: string;
  readonly name?: string;
  readonly dir: string;
  readonly connect: boolean;
}

export function register(program: Command): void {
  program
    .command('init')
    .description('write a starter sallyport.yaml and policies for your own database or service')
    .addOption(
      new Option('--postgres <URL>', 'postgres://user:password@host:port/database').conflicts(
        'http',
      ),
    )
    .option('--http <URL>', 'http://host:port of a service')
    .option('--name <NAME>', 'what to call it; the database or host name when left out')
    .option('--dir <DIR>', 'where to write', '.')
    .option('--no-connect', 'do not try to reach it first')
    .action(async (options: InitOptions) => {
      const dir = resolve(options.dir);
      const { files, found, name, type } = await prepare(options);
      const existing = findExisting(dir, files);
      if (existing !== undefined)
        throw new ControlError('init/exists', `${existing} is there already; nothing was written`, {
          hint: 'name another folder with --dir DIR',
        });
      writeStarter(dir, files);
      if (found !== undefined) console.log(`reached ${found}`);
      for (const file of files) console.log(`wrote ${file.path}`);
      const subject = currentUser();
      console.log(
        [
          '',
          'Next:',
          '  sallyport start',
          type === 'postgres'
            ? `  PGPASSWORD=$(sallyport token ${subject}) psql -h 127.0.0.1 -p 15432 -U ${subject} ${name}`
            : `  curl -H "Authorization: Bearer $(sallyport token ${subject})" -H "Host: ${name}.localhost" http://127.0.0.1:18080/`,
        ].join('\n'),
      );
    });
}

async function prepare(options: InitOptions): Promise<{
  readonly files: readonly StarterFile[];
  readonly found: string | undefined;
  readonly name: string;
  readonly type: 'postgres' | 'http';
}> {
  const subject = currentUser();
  if (options.postgres !== undefined) {
    const url = readPostgresUrl(new Secret(options.postgres));
    if (url === undefined || url === 'unreadable' || url.user === undefined)
      throw new ControlError('usage/invalid', 'this is not a PostgreSQL address', {
        hint: 'write postgres://user:password@host:port/database',
      });
    const { user } = url;
    const found = options.connect ? await probePostgres({ ...url, user }) : undefined;
    const name = toName(options.name ?? url.database ?? user);
    return {
      files: postgresStarter(name, { ...url, user }, subject),
      found,
      name,
      type: 'postgres',
    };
  }
  if (options.http !== undefined) {
    if (!URL.canParse(options.http) || !/^https?:$/.test(new URL(options.http).protocol))
      throw new ControlError('usage/invalid', 'this is not an http or https address', {
        hint: 'write http://host:port',
      });
    const found = options.connect ? await probeHttp(options.http) : undefined;
    const name = toName(options.name ?? new URL(options.http).hostname);
    return { files: httpStarter(name, options.http, subject), found, name, type: 'http' };
  }
  throw new ControlError('usage/invalid', 'there is nothing to guard yet', {
    hint: 'give --postgres postgres://user:password@host/database or --http http://host:port',
  });
}

/** The name as the configuration takes it. */
function toName(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 63);
  return name === '' ? 'target' : name;
}

function currentUser(): string {
  try {
    return /^[A-Za-z0-9][A-Za-z0-9._-]*$/.exec(userInfo().username)?.[0] ?? 'me';
  } catch {
    // A user without an entry in the account database, as in some containers.
    return 'me';
  }
}
