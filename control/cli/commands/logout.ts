/**
 * `sallyport logout`: ends the sign-in everywhere it holds: its tokens and live sessions at the gateway, the refresh token at the
 * provider, the file here, and with `--provider` the browser's session at the provider. What cannot be reached is told.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Command } from 'commander';
import { ControlError } from '../../error.ts';
import { connectApi } from '../api-client.ts';
import { EXIT } from '../exit-codes.ts';
import { findGateway } from '../find-gateway.ts';
import { openLoginFile, type StoredLogin } from '../login/login-file.ts';
import type { OidcClient } from '../login/oidc-client.ts';
import { openBrowser } from '../open-browser.ts';
import { apiOption, configOption } from '../options.ts';

/** Milliseconds for which the address that leads to the provider can be opened. */
const END_SESSION_WAIT_MS = 60_000;

interface LogoutOptions {
  readonly config: string;
  readonly api?: string;
  readonly provider?: true;
  readonly browser: boolean;
}

export function register(program: Command): void {
  program
    .command('logout')
    .description('end your sign-in; sessions that were opened with it end too')
    .option('--provider', 'end the session of your browser at the provider as well')
    .option('--no-browser', 'only print the address to open for that')
    .addOption(apiOption())
    .addOption(configOption())
    .action(async (options: LogoutOptions) => {
      const file = openLoginFile();
      const { origin } = new URL(findGateway(options, file));
      const login = file.find(origin);
      if (login === undefined)
        throw new ControlError('usage/invalid', `you are not signed in at ${origin}`, {
          hint: 'name the gateway with --api URL',
        });
      const failures: string[] = [];
      const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
        try {
          await work();
        } catch (error) {
          failures.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
        }
      };
      await file.alone(async () => {
        const latest = file.find(origin) ?? login;
        // Forgotten first: whatever cannot be reached, nobody at this machine goes on with it.
        file.forget(origin);
        await attempt('the gateway', () => endAtGateway(latest, options.config));
        await attempt(latest.provider, () => endAtProvider(latest, options));
      });
      console.log(`signed out of ${origin}`);
      for (const failure of failures) console.error(`warning: not ended at ${failure}`);
      if (failures.length > 0) process.exitCode = EXIT.internal;
    });
}

async function endAtGateway(login: StoredLogin, config: string): Promise<void> {
  // An expired session has ended already, and all that was made of it.
  if (Date.parse(login.expiresAt) <= Date.now()) return;
  const api = connectApi({ config, api: login.gateway, token: login.token });
  await api.post('/v1/token/revoke', {});
}

async function endAtProvider(login: StoredLogin, options: LogoutOptions): Promise<void> {
  const { clientId, refreshToken } = login;
  if (clientId === undefined || (refreshToken === undefined && options.provider !== true)) return;
  const { createOidcClient } = await import('../login/oidc-client.ts');
  const provider = await createOidcClient({
    name: login.provider,
    issuer: login.issuer,
    client_id: clientId,
  });
  if (refreshToken !== undefined && !(await provider.revoke(refreshToken)))
    throw new Error('it does not offer to revoke a refresh token; the token ends by itself');
  if (options.provider === true) await endInBrowser(provider, login, options.browser);
}

/** By way of an address here: what tells the provider whose session it is does not show in the list of processes. */
async function endInBrowser(
  provider: OidcClient,
  login: StoredLogin,
  mayOpen: boolean,
): Promise<void> {
  const address = provider.endSessionAddress(login.idToken);
  if (address === undefined) throw new Error('it does not offer to end the session of a browser');
  const path = `/${randomBytes(24).toString('base64url')}`;
  const server = createServer();
  const visited = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error('the address was not opened in time')),
      END_SESSION_WAIT_MS,
    );
    server.on('request', (request, response) => {
      if (request.url !== path) {
        response.writeHead(404, { connection: 'close' }).end();
        return;
      }
      clearTimeout(timer);
      response.writeHead(303, {
        location: address,
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        connection: 'close',
      });
      response.end(resolve);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  const isOpened = mayOpen && openBrowser(own);
  console.error(isOpened ? 'confirm in your browser, or open' : 'open in your browser');
  console.error(`  ${own}`);
  try {
    await visited;
  } finally {
    server.close();
  }
}
