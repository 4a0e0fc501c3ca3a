/**
 * `sallyport demo`: the shop and the gateway in front of it, until Ctrl-C. This is what `npm start` runs.
 */
import type { Command } from 'commander';
import { DEMO_FOLDER, findRunningDemo, startDemo } from '../../demo/demo.ts';
import { welcome } from '../../demo/welcome.ts';
import { ControlError } from '../../error.ts';
import { untilStopped } from '../until-stopped.ts';

interface DemoCommandOptions {
  readonly database?: string;
}

export function register(program: Command): void {
  program
    .command('demo')
    .description('run a demo database and service with the gateway in front of both')
    .option('--database <URL>', 'use this PostgreSQL instead of the embedded one')
    .action(async (options: DemoCommandOptions) => {
      if (findRunningDemo(DEMO_FOLDER) !== undefined)
        throw new ControlError('state/in-use', 'a demo is running already', {
          hint: 'stop it with Ctrl-C where it runs, or drive it with `npm run tour`',
        });
      console.log('Starting a demo database, a demo service and the gateway ...');
      const demo = await startDemo({
        folder: DEMO_FOLDER,
        databaseUrl: options.database,
        ephemeral: false,
      });
      for (const line of welcome(demo)) console.log(line);
      await untilStopped();
      console.log('\nStopping ...');
      await demo.stop();
    });
}
