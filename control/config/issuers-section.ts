/**
 * `issuers:` of the configuration: identity providers that are trusted, and what their tokens stand for here.
 */
import { type Static, Type } from 'typebox';
import { isSafeUrl } from '../identity/providers/fetch-json.ts';
import { ALGORITHMS } from '../identity/providers/key-set.ts';
import type { Provider } from '../identity/providers/provider.ts';
import { closed, duration, expandable, name, names, text } from './schema-parts.ts';
import type { SettingsFault } from './settings.ts';
import { parseDuration } from './units.ts';

const DEFAULT_MAX_LIFE = '24h';
const DEFAULT_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'];
const DEFAULT_MFA = ['mfa', 'otp', 'hwk', 'swk'];

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
    prefix: Type.Optional(
      Type.String({
        description:
          'Stands before its subjects, so that no other issuer can name them; `NAME:` when left out. One issuer may have none (`""`).',
        pattern: '^([A-Za-z0-9._-]{1,64}:)?$',
      }),
    ),
    subject_claim: Type.Optional(text('Claim that says who it is.', { default: 'sub' })),
    name_claim: Type.Optional(text('Claim with the name for people.', { default: 'name' })),
    email_claim: Type.Optional(text('Claim with the address.', { default: 'email' })),
    groups_claim: Type.Optional(text('Claim with the groups; none are taken over when left out.')),
    group_map: Type.Optional(
      Type.Record(Type.String({ maxLength: 256 }), Type.Array(text('A group.'), { maxItems: 64 }), {
        description:
          'Its groups and what they are here; others are dropped. All are taken over as they are when left out.',
      }),
    ),
    give_groups: Type.Optional(names('Groups that all of its subjects are given.', [])),
    keep_claims: Type.Optional(names('Claims that policies see in `identity.claims`.', [])),
    subjects: Type.Optional(
      names('Patterns (`*`) of its own subjects, one of which must match; any when empty.', []),
    ),
    require: Type.Optional(
      Type.Record(Type.String({ maxLength: 256 }), Type.String({ maxLength: 1024 }), {
        description: 'Claims with the pattern (`*`) that each must match.',
        default: {},
      }),
    ),
    mfa: Type.Optional(names('Values of `amr` that stand for a second factor.', DEFAULT_MFA)),
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
    clientId: undefined,
    scopes: [],
    audiences: issuer.audiences ?? [],
    algorithms: issuer.algorithms ?? DEFAULT_ALGORITHMS,
    maxLifeMs: parseDuration(issuer.max_life ?? DEFAULT_MAX_LIFE) ?? 0,
    mapping: {
      kind: issuer.kind ?? 'service',
      prefix: issuer.prefix ?? `${issuer.name}:`,
      subject: issuer.subject_claim ?? 'sub',
      name: issuer.name_claim ?? 'name',
      email: issuer.email_claim ?? 'email',
      groups: issuer.groups_claim,
      groupMap:
        issuer.group_map === undefined ? undefined : new Map(Object.entries(issuer.group_map)),
      giveGroups: issuer.give_groups ?? [],
      keep: issuer.keep_claims ?? [],
      subjects: issuer.subjects ?? [],
      require: new Map(Object.entries(issuer.require ?? {})),
      mfa: issuer.mfa ?? DEFAULT_MFA,
    },
  };
}
