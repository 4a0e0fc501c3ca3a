/**
 * An OpenID Connect provider for the demo, on loopback and in memory: people of the demo sign in by choosing who they are, without a
 * password. It is a real provider in everything but that, and nothing outside the demo may trust it.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Adapter, type Configuration, type JWK } from 'oidc-provider';
import { createProviderMemory } from './identity-provider-memory.ts';
import * as pages from './identity-provider-pages.ts';

/** Bytes of a form that is read. */
const MAX_FORM_BYTES = 16 * 1024;
const SESSION_SECONDS = 86_400;

/** Somebody who can sign in; what is listed here stands in their ID token. */
export interface ProviderPerson {
  readonly sub: string;
  readonly name: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly groups: readonly string[];
}

export interface ProviderOptions {
  readonly port: number;
  readonly people: readonly ProviderPerson[];
  /** Public clients: they may return to any port of this machine. */
  readonly clients: readonly string[];
  /** Seconds by what they are the life of. */
  readonly ttl?: { readonly deviceCode?: number; readonly idToken?: number };
}

export interface RunningProvider {
  readonly issuer: string;
  /** Signs with a new key from now on, and forgets the old one. */
  rotateKeys(): void;
  stop(): Promise<void>;
}

/** Listens on loopback. */
export async function startIdentityProvider(options: ProviderOptions): Promise<RunningProvider> {
  let handle: (request: IncomingMessage, response: ServerResponse) => void = (_, response) =>
    void response.writeHead(503).end();
  const server = createServer((request, response) => handle(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cookieKey = randomBytes(32).toString('base64url');
  const memory = createProviderMemory();
  const open = (): void => {
    const provider = new Provider(issuer, describeProvider(options, cookieKey, memory));
    const callback = provider.callback();
    handle = (request, response) => {
      if (!request.url?.startsWith('/interaction/')) return void callback(request, response);
      interact(provider, options.people, request, response).catch(() => {
        response.writeHead(400, pages.HEADERS).end(pages.page('This sign-in is over.'));
      });
    };
  };
  open();
  return {
    issuer,
    rotateKeys: open,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function describeProvider(
  options: ProviderOptions,
  cookieKey: string,
  memory: (kind: string) => Adapter,
): Configuration {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = privateKey.export({ format: 'jwk' }) as JWK;
  return {
    clients: options.clients.map((id) => ({
      client_id: id,
      client_name: 'Sallyport',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      redirect_uris: ['http://127.0.0.1/callback'],
      response_types: ['code'],
      grant_types: [
        'authorization_code',
        'refresh_token',
        'urn:ietf:params:oauth:grant-type:device_code',
      ],
    })),
    adapter: memory,
    jwks: { keys: [{ ...jwk, use: 'sig', alg: 'RS256', kid: randomBytes(8).toString('hex') }] },
    cookies: { keys: [cookieKey] },
    pkce: { required: () => true },
    // The gateway reads who somebody is from the ID token alone.
    conformIdTokenClaims: false,
    claims: {
      openid: ['sub'],
      profile: ['name', 'groups'],
      email: ['email', 'email_verified'],
    },
    findAccount: (_ctx, sub) => {
      const person = options.people.find((one) => one.sub === sub);
      return person === undefined
        ? undefined
        : {
            accountId: sub,
            claims: () => ({
              sub,
              name: person.name,
              email: person.email,
              email_verified: person.emailVerified,
              groups: [...person.groups],
            }),
          };
    },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    features: {
      devInteractions: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
      },
      deviceFlow: {
        enabled: true,
        userCodeInputSource: (ctx, form) => {
          ctx.body = pages.form('Enter the code that your terminal shows.', form);
        },
        userCodeConfirmSource: (ctx, form, _client, _device, code) => {
          ctx.body = pages.form(`Does your terminal show ${code}?`, form, 'op.deviceConfirmForm');
        },
        successSource: (ctx) => {
          ctx.body = pages.page('You are signed in. Go back to your terminal.');
        },
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = pages.form('Sign out here?', form, 'op.logoutForm', 'logout');
        },
        postLogoutSuccessSource: (ctx) => {
          ctx.body = pages.page('You are signed out.');
        },
      },
    },
    renderError: (ctx, out) => {
      ctx.type = 'html';
      ctx.body = pages.page(`${out.error}: ${out.error_description ?? ''}`);
    },
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      DeviceCode: options.ttl?.deviceCode ?? 600,
      Grant: SESSION_SECONDS,
      IdToken: options.ttl?.idToken ?? 300,
      Interaction: 600,
      RefreshToken: SESSION_SECONDS,
      Session: SESSION_SECONDS,
    },
  };
}

/** The pages between the request and its answer: who it is, and whether the client may know. */
async function interact(
  provider: Provider,
  people: readonly ProviderPerson[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  if (request.method === 'GET') {
    response.writeHead(200, pages.HEADERS);
    response.end(prompt.name === 'login' ? pages.login(people) : pages.consent());
    return;
  }
  const form = await readForm(request);
  if (form.get('answer') === 'no') {
    const refused = { error: 'access_denied', error_description: 'the person said no' };
    return provider.interactionFinished(request, response, refused);
  }
  if (prompt.name === 'login') {
    const person = people.find(({ sub }) => sub === form.get('login'));
    if (person === undefined) throw new TypeError('nobody of that name');
    const login = { accountId: person.sub, amr: ['pwd'] };
    return provider.interactionFinished(request, response, { login });
  }
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const grant =
    known ??
    new provider.Grant({
      ...(session === undefined ? {} : { accountId: session.accountId }),
      clientId: String(params['client_id']),
    });
  grant.addOIDCScope(String(params['scope']));
  await provider.interactionFinished(
    request,
    response,
    { consent: { grantId: await grant.save() } },
    { mergeWithLastSubmission: true },
  );
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request as AsyncIterable<Buffer>) {
    text += chunk.toString('utf8');
    if (text.length > MAX_FORM_BYTES) throw new RangeError('the form is too large');
  }
  return new URLSearchParams(text);
}
