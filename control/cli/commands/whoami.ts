/**
 * `sallyport whoami`: who the gateway takes you for.
 */
import type { Command } from 'commander';
import type { WhoamiMessage } from '../../api/routes/login.ts';
import { type ApiClientOptions, connectApi } from '../api-client.ts';
import { addGatewayOptions, type Format } from '../options.ts';
import { printJson } from '../print.ts';
import { printWhoami } from '../whoami-report.ts';

export function register(program: Command): void {
  addGatewayOptions(
    program
      .command('whoami')
      .description('show who you are to the gateway, for whom you act, and until when'),
  ).action(async (options: ApiClientOptions & { readonly format: Format }) => {
    const who = (await connectApi(options).get('/v1/whoami')) as WhoamiMessage;
    if (options.format === 'json') printJson(who);
    else printWhoami(who);
  });
}
