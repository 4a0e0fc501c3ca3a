/**
 * `sallyport login`: signs a person in with one of the gateway's identity providers and keeps the session for other commands.
 */
import { type Command, Option } from 'commander';
import type { WhoamiMessage } from '../../api/routes/login.ts';
import { ControlError } from '../../error.ts';
import type { LoginOption } from '../../identity/login-offer.ts';
import { connectApi } from '../api-client.ts';
import { findGateway } from '../find-gateway.ts';
import {
  createGatewayClient,
  type GatewayClient,
  type GatewaySession,
} from '../login/gateway-client.ts';
import { openLoginFile, type StoredLogin } from '../login/login-file.ts';
import { type Loopback, openLoopback } from '../login/loopback.ts';
import type { DevicePrompt, OidcOption, ProviderSession } from '../login/oidc-client.ts';
import { openBrowser } from '../open-browser.ts';
import { apiOption, configOption, type Format, formatOption } from '../options.ts';
import { harmless, printJson } from '../print.ts';
import { printWhoami } from '../whoami-report.ts';

interface LoginOptions {
  readonly config: string;
  readonly api?: string;
  readonly provider?: string;
  readonly device?: true;
  readonly browser: boolean;
  readonly format: Format;
}

/** A sign-in in progress: where the browser goes, and what its answer becomes. */
interface Begun<T> {
  readonly address: string;
  readonly state: string;
  readonly finish: (answer: URL) => Promise<T>;
}

export function register(program: Command): void {
  program
    .command('login')
    .description('sign in with your identity provider; other commands then need no token')
    .option('--provider <NAME>', 'the provider, where there are several')
    .addOption(
      new Option('--device', 'show a code to enter in a browser on another machine').conflicts(
        'browser',
      ),
    )
    .option('--no-browser', 'only print the address to open')
    .addOption(apiOption())
    .addOption(configOption())
    .addOption(formatOption())
    .action(async (options: LoginOptions) => {
      const file = openLoginFile();
      const gateway = createGatewayClient(findGateway(options, file));
      const option = choose(await gateway.offer(), options.provider);
      const { session, kept } =
        option.kind === 'saml'
          ? await bySaml(option, gateway, options)
          : await byOidc(option, gateway, options);
      const api = connectApi({ ...options, api: gateway.origin, token: session.token });
      const who = (await api.get('/v1/whoami')) as WhoamiMessage;
      await file.alone(async () =>
        file.keep({
          gateway: gateway.origin,
          provider: option.name,
          issuer: option.issuer,
          subject: who.identity.subject,
          ...session,
          ...kept,
        }),
      );
      if (options.format === 'json') return printJson({ gateway: gateway.origin, ...who });
      console.log(`signed in at ${gateway.origin}`);
      printWhoami(who);
    });
}

function choose(offered: readonly LoginOption[], name: string | undefined): LoginOption {
  const names = offered.map((option) => option.name).join(', ');
  const [first] = offered;
  if (first === undefined)
    throw new ControlError('usage/invalid', 'nobody signs in with a provider at this gateway', {
      hint: 'providers stand under `issuers:` (with `client_id`) and `saml:` in its sallyport.yaml',
    });
  if (name === undefined && offered.length > 1)
    throw new ControlError('usage/invalid', 'there are several providers', {
      hint: `choose one with --provider: ${harmless(names)}`,
    });
  const chosen = name === undefined ? first : offered.find((option) => option.name === name);
  if (chosen !== undefined) return chosen;
  throw new ControlError('usage/invalid', `no provider is called ${name}`, {
    hint: `they are ${harmless(names)}`,
  });
}

interface SignedIn {
  readonly session: GatewaySession;
  /** What renews it and ends it at the provider. */
  readonly kept: Partial<StoredLogin>;
}

async function bySaml(
  { name }: LoginOption,
  gateway: GatewayClient,
  options: LoginOptions,
): Promise<SignedIn> {
  if (options.device === true)
    throw new ControlError('usage/invalid', 'SAML has no sign-in by device code', {
      hint: 'forward a port and use `sallyport login --no-browser`',
    });
  const { beginSaml } = await import('../login/saml-client.ts');
  const session = await inBrowser(undefined, options, async (loopback) =>
    beginSaml(name, gateway, loopback),
  );
  return { session, kept: {} };
}

async function byOidc(
  option: OidcOption,
  gateway: GatewayClient,
  options: LoginOptions,
): Promise<SignedIn> {
  const { createOidcClient } = await import('../login/oidc-client.ts');
  const provider = await createOidcClient(option);
  const exchange = async (given: ProviderSession): Promise<SignedIn> => ({
    session: await gateway.exchange(given.idToken, undefined),
    kept: {
      clientId: option.client_id,
      providerSubject: given.subject,
      idToken: given.idToken,
      ...(given.refreshToken === undefined ? {} : { refreshToken: given.refreshToken }),
    },
  });
  if (options.device === true) return exchange(await provider.byDevice(showDevice));
  return inBrowser(option.redirect_port, options, async (loopback) => {
    const begun = await provider.begin(loopback);
    return { ...begun, finish: async (answer) => exchange(await begun.finish(answer)) };
  });
}

async function inBrowser<T>(
  port: number | undefined,
  options: LoginOptions,
  begin: (loopback: Loopback) => Promise<Begun<T>>,
): Promise<T> {
  const loopback = await openLoopback(port);
  try {
    const { address, state, finish } = await begin(loopback);
    const answered = loopback.answer(state, finish);
    const isOpened = options.browser && openBrowser(address);
    console.error(isOpened ? 'sign in in your browser, or open' : 'open in your browser');
    console.error(`  ${address}`);
    return await answered;
  } finally {
    loopback.close();
  }
}

/** On standard error: standard output holds the result alone. */
function showDevice({ address, code, completeAddress }: DevicePrompt): void {
  console.error(`open ${harmless(address)} on any machine and enter the code`);
  console.error(`  ${harmless(code)}`);
  if (completeAddress !== undefined) console.error(`or open\n  ${harmless(completeAddress)}`);
}
