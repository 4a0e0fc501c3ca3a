/**
 * `issuers:` of the configuration: identity providers that are trusted, and what their tokens stand for here.
 */
import { type Static, Type } from 'typebox';
import { isSafeUrl } from '../identity/providers/fetch-json.ts';
import { ALGORITHMS } from '../identity/providers/key-set.ts';
import type { Provider } from '../identity/providers/provider.ts';
import { mappingKeys, toMapping } from './mapping-keys.ts';
import { closed, duration, expandable, name, names, text } from './schema-parts.ts';
import type { SettingsFault } from './settings.ts';
import { parseDuration } from './units.ts';

const DEFAULT_MAX_LIFE = '24h';
const DEFAULT_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'];
const DEFAULT_SCOPES = ['openid', 'profile', 'email', 'offline_access'];
const USUAL_CLAIMS = {
  subject: 'sub',
  name: 'name',
  email: 'email',
  mfa: ['mfa', 'otp', 'hwk', 'swk'],
};

export const IssuerSchema = Type.Object(
  {
    name: name('What records and messages call it.'),
    issuer: expandable('Its exact `iss`; an https address, or http on this machine.'),
    jwks_uri: Type.Optional(expandable('Where its keys are; found by discovery when left out.')),
    ca: Type.Optional(expandable('PEM file of the authority that signed its certificate.')),
    audiences: Type.Optional(
      names('Its tokens for one of these are accepted as a password or bearer.', []),
    ),
    algorithms: Type.Optional(names('Signatures that are accepted.', DEFAULT_ALGORITHMS)),
    max_life: Type.Optional(
      duration('Longest life of a token that is accepted.', DEFAULT_MAX_LIFE, '1m', '366d'),
    ),
    kind: Type.Optional(
      Type.Union([Type.Literal('human'), Type.Literal('service')], {
        description: 'What it vouches for, but for registered agents.',
        default: 'service',
      }),
    ),
    client_id: Type.Optional(
      text('The client, a public one, that people sign in with; nobody does when left out.'),
    ),
    scopes: Type.Optional(names('What is asked for when people sign in.', DEFAULT_SCOPES)),
    redirect_port: Type.Optional(
      Type.Integer({
        description:
          'Port of `http://127.0.0.1:PORT/callback` for a provider that wants it exactly; any free one when left out.',
        minimum: 1024,
        maximum: 65_535,
      }),
    ),
    ...mappingKeys(USUAL_CLAIMS),
  },
  closed,
);

type Issuer = Static<typeof IssuerSchema>;

/** The providers of a validated configuration; faults are listed. */
export function readIssuersSection(
  section: readonly Issuer[] | undefined,
  at: (path: string) => string,
  faults: SettingsFault[],
): readonly Provider[] {
  const providers = (section ?? []).map((issuer) => toProvider(issuer, at));
  for (const [index, provider] of providers.entries()) {
    const fault = (key: string, message: string, help: string): void =>
      void faults.push({ path: ['issuers', index, key], message, help });
    const isRepeated = (same: (other: Provider) => boolean): boolean =>
      providers.findIndex(same) !== index;
    if (isRepeated((other) => other.name === provider.name))
      fault('name', `\`${provider.name}\` is used twice`, 'every name stands for one thing only');
    if (isRepeated((other) => other.issuer === provider.issuer))
      fault('issuer', `\`${provider.issuer}\` is used twice`, 'one entry for each issuer');
    if (isRepeated((other) => other.mapping.prefix === provider.mapping.prefix))
      fault(
        'prefix',
        `\`${provider.mapping.prefix}\` is used twice`,
        'two issuers could name one subject',
      );
    if (!isSafeUrl(provider.jwksUri ?? provider.issuer))
      fault(
        provider.jwksUri === undefined ? 'issuer' : 'jwks_uri',
        'its keys would be fetched over an open line',
        'use https; http only on this machine',
      );
    if (provider.clientId !== undefined && provider.mapping.kind !== 'human')
      fault('client_id', 'only people sign in with a client', 'write `kind: human` beside it');
    if (provider.clientId !== undefined && !provider.scopes.includes('openid'))
      fault('scopes', '`openid` is missing', 'without it no provider says who signed in');
    const unknown = provider.algorithms.find((algorithm) => !ALGORITHMS.includes(algorithm));
    if (unknown !== undefined)
      fault(
        'algorithms',
        `\`${unknown}\` is no signature that is accepted`,
        `they are ${ALGORITHMS.join(', ')}`,
      );
  }
  return providers;
}

function toProvider(issuer: Issuer, at: (path: string) => string): Provider {
  return {
    name: issuer.name,
    issuer: issuer.issuer,
    jwksUri: issuer.jwks_uri,
    ca: issuer.ca === undefined ? undefined : at(issuer.ca),
    clientId: issuer.client_id,
    scopes: issuer.scopes ?? DEFAULT_SCOPES,
    redirectPort: issuer.redirect_port,
    audiences: issuer.audiences ?? [],
    algorithms: issuer.algorithms ?? DEFAULT_ALGORITHMS,
    maxLifeMs: parseDuration(issuer.max_life ?? DEFAULT_MAX_LIFE) ?? 0,
    mapping: toMapping(issuer, issuer.kind ?? 'service', USUAL_CLAIMS),
  };
}
