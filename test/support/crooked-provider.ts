/**
 * An OpenID Connect provider that can be made to lie in any of its answers: its discovery document, the redirect back, its tokens.
 * What is not changed is right.
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { forge } from './identity-bench.ts';

type Json = Readonly<Record<string, unknown>>;

/** What is said instead; members that are undefined are left out. */
export interface Lies {
  readonly discovery?: Json;
  /** Parameters of the redirect back. */
  readonly answer?: Readonly<Record<string, string | undefined>>;
  readonly claims?: Json;
  readonly header?: Json;
  readonly signWith?: { readonly key: KeyObject | string; readonly alg: string };
  /** The token response. */
  readonly tokens?: Json;
  readonly tokenStatus?: number;
}

export interface CrookedProvider {
  readonly issuer: string;
  readonly publicKey: KeyObject;
  lies: Lies;
  /** What it was asked at the token endpoint, in order. */
  readonly asked: URLSearchParams[];
  stop(): Promise<void>;
}

export async function startCrookedProvider(): Promise<CrookedProvider> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const asked: URLSearchParams[] = [];
  let nonce: string | undefined;
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', provider.issuer);
    const send = (body: Json, status = 200): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return send({
          issuer: provider.issuer,
          authorization_endpoint: `${provider.issuer}/auth`,
          token_endpoint: `${provider.issuer}/token`,
          jwks_uri: `${provider.issuer}/jwks`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
          authorization_response_iss_parameter_supported: true,
          ...provider.lies.discovery,
        });
      case '/jwks':
        return send({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig' }] });
      case '/auth': {
        nonce = url.searchParams.get('nonce') ?? undefined;
        const back = new URL(url.searchParams.get('redirect_uri') ?? '');
        const answer = {
          code: 'c1',
          state: url.searchParams.get('state') ?? '',
          iss: provider.issuer,
          ...provider.lies.answer,
        };
        for (const [name, value] of Object.entries(answer))
          if (value !== undefined) back.searchParams.append(name, value);
        return void response.writeHead(302, { location: back.href }).end();
      }
      default: {
        let body = '';
        for await (const chunk of request as AsyncIterable<Buffer>) body += chunk.toString();
        asked.push(new URLSearchParams(body));
        return send(
          { access_token: 'a', token_type: 'Bearer', id_token: idToken(), ...provider.lies.tokens },
          provider.lies.tokenStatus,
        );
      }
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  function idToken(): string {
    const { lies } = provider;
    const now = Math.floor(Date.now() / 1000);
    const claims = { sub: 'ada', aud: 'cli', iat: now, exp: now + 300, nonce, ...lies.claims };
    const { key, alg } = lies.signWith ?? { key: privateKey, alg: 'RS256' };
    return forge(
      { alg: 'RS256', kid: 'k1', ...lies.header },
      { iss: provider.issuer, ...claims },
      key,
      alg,
    );
  }

  const provider: CrookedProvider = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    publicKey,
    lies: {},
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return provider;
}
