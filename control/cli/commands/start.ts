/**
 * `sallyport start`: runs the gateway until it is told to stop.
 */
import { flushCompileCache } from 'node:module';
import { type Command, Option } from 'commander';
import { loadConfig } from '../../config/load.ts';
import { formatAddress } from '../../config/units.ts';
import { startGateway } from '../../gateway.ts';
import { createLog, type LogLevel } from '../../log.ts';
import { configOption } from '../options.ts';

interface StartOptions {
  readonly config: string;
  readonly logLevel: LogLevel;
  readonly watch: boolean;
}

/** Milliseconds beyond the configured drain after which a stop is forced. */
const STOP_SLACK_MS = 10_000;

export function register(program: Command): void {
  program
    .command('start')
    .description('run the gateway until Ctrl-C or SIGTERM; SIGHUP reads the policies again')
    .addOption(configOption())
    .addOption(
      new Option('--log-level <LEVEL>', 'how much to log to standard error')
        .choices(['debug', 'info', 'warn', 'error', 'silent'])
        .default('info'),
    )
    .option('--no-watch', 'do not read policies again when their files change')
    .action(async (options: StartOptions) => {
      const settings = loadConfig(options.config);
      const log = createLog(options.logLevel);
      const gateway = await startGateway(settings, { log, watch: options.watch });
      // Before anything says that it runs: whoever reads that may stop it at once.
      const stopped = new Promise<void>((resolve) => {
        let asked = false;
        const stop = (signal: string): void => {
          if (asked) return;
          asked = true;
          log.info({ signal }, 'stopping');
          const force = setTimeout(() => process.exit(3), settings.limits.drainMs + STOP_SLACK_MS);
          force.unref();
          gateway.stop().then(resolve, resolve);
        };
        process.on('SIGINT', stop);
        process.on('SIGTERM', stop);
        process.on('SIGHUP', () => void gateway.reload().catch(() => undefined));
      });
      for (const [name, address] of Object.entries(gateway.addresses))
        if (address !== undefined) console.log(`${name.padEnd(9)} ${formatAddress(address)}`);
      console.log('running; Ctrl-C stops it');
      // Node keeps compiled code at exit only, which a killed process never reaches: its restart would be slow every time.
      flushCompileCache();
      await stopped;
      process.exit(0);
    });
}
