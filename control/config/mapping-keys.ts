/**
 * What an OIDC issuer and a SAML identity provider have in common in the configuration: how what they say about somebody becomes an
 * identity here.
 */
import { type Static, type TObject, Type } from 'typebox';
import type { Mapping } from '../identity/providers/provider.ts';
import { names, text } from './schema-parts.ts';

/** Claims that a kind of provider has by these names unless the configuration says otherwise. */
export interface UsualClaims {
  readonly subject: string;
  readonly name: string;
  readonly email: string;
  /** Values of `amr`. */
  readonly mfa: readonly string[];
}

/** Keys of the mapping. */
export const mappingKeys = (claims: UsualClaims) => ({
  prefix: Type.Optional(
    Type.String({
      description:
        'Stands before its subjects, so that no other provider can name them; `NAME:` when left out. One provider may have none (`""`).',
      pattern: '^([A-Za-z0-9._-]{1,64}:)?$',
    }),
  ),
  subject_claim: Type.Optional(text('Claim that says who it is.', { default: claims.subject })),
  name_claim: Type.Optional(text('Claim with the name for people.', { default: claims.name })),
  email_claim: Type.Optional(text('Claim with the address.', { default: claims.email })),
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
  mfa: Type.Optional(names('Values of `amr` that stand for a second factor.', claims.mfa)),
});

type MappingSection = Static<TObject<ReturnType<typeof mappingKeys>>> & { readonly name: string };

/** The mapping of a validated provider. */
export function toMapping(
  section: MappingSection,
  kind: Mapping['kind'],
  claims: UsualClaims,
): Mapping {
  const { group_map: groupMap } = section;
  return {
    kind,
    prefix: section.prefix ?? `${section.name}:`,
    subject: section.subject_claim ?? claims.subject,
    name: section.name_claim ?? claims.name,
    email: section.email_claim ?? claims.email,
    groups: section.groups_claim,
    groupMap: groupMap === undefined ? undefined : new Map(Object.entries(groupMap)),
    giveGroups: section.give_groups ?? [],
    keep: section.keep_claims ?? [],
    subjects: section.subjects ?? [],
    require: new Map(Object.entries(section.require ?? {})),
    mfa: section.mfa ?? claims.mfa,
  };
}
