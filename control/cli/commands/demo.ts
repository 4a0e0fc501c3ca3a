/**
 * `sallyport demo`: the shop and the gateway in front of it, until Ctrl-C. This is what `npm start` runs.
 */
import type { Command } from 'commander';
import {
  DEMO_FOLDER,
  DEMO_PORTS,
  type DemoPorts,
  findRunningDemo,
  SIGN_IN_PORT,
  startDemo,
} from '../../demo/demo.ts';
import { welcome } from '../../demo/welcome.ts';
import { ControlError } from '../../error.ts';
import { untilStopped } from '../until-stopped.ts';

interface DemoCommandOptions {
  readonly database?: string;
  readonly ports?: DemoPorts;
  readonly signIn?: number | true;
}

export function register(program: Command): void {
  program
    .command('demo')
    .description('run a demo database and service with the gateway in front of both')
    .option('--database <URL>', 'use this PostgreSQL instead of the embedded one')
    .option(
      '--ports <PORTS>',
      'ports for postgres, http and api; 0 is any (6432,6480,6470)',
      readPorts,
    )
    .option(
      '--sign-in [PORT]',
      `run an identity provider too, for \`sallyport login\` (${SIGN_IN_PORT})`,
      readPort,
    )
    .action(async (options: DemoCommandOptions) => {
      if (findRunningDemo(DEMO_FOLDER) !== undefined)
        throw new ControlError('state/in-use', 'a demo is running already', {
          hint: 'stop it with Ctrl-C where it runs, or drive it with `npm run tour`',
        });
      console.log('Starting a demo database, a demo service and the gateway ...');
      const demo = await startDemo({
        folder: DEMO_FOLDER,
        databaseUrl: options.database,
        ports: options.ports ?? DEMO_PORTS,
        ...(options.signIn === undefined
          ? {}
          : { signInPort: options.signIn === true ? SIGN_IN_PORT : options.signIn }),
        ephemeral: false,
      });
      const stopped = untilStopped();
      for (const line of welcome(demo)) console.log(line);
      await stopped;
      console.log('\nStopping ...');
      await demo.stop();
    });
}

function readPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new ControlError('usage/invalid', `\`${text}\` is not a port`, {
    hint: 'write a number up to 65535, 0 where any port will do',
  });
}

function readPorts(text: string): DemoPorts {
  const numbers = text.split(',').map((word) => (/^\d{1,5}$/.test(word) ? Number(word) : -1));
  const [postgres, http, api, ...rest] = numbers;
  const isWrong = numbers.some((port) => port < 0 || port > 65_535) || rest.length > 0;
  if (postgres === undefined || http === undefined || api === undefined || isWrong)
    throw new ControlError('usage/invalid', `\`${text}\` does not name three ports`, {
      hint: 'write --ports 6432,6480,6470, or 0 where any port will do',
    });
  return { postgres, http, api };
}
