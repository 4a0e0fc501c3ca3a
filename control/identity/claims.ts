/**
 * What a local token says, and the way between its claims and the identity that policies see. RFC 7519 and RFC 8693: `sub` is
 * whom the token is about, `act` who acts for that subject, nested for a chain; the outermost `act` is the one that signs in.
 */
import { Type } from 'typebox';
import type { IdentityInput } from '../../engine/contract/input.ts';
import type { LocalIdentity } from './registry.ts';

/** Depth of `act` that is accepted. */
export const MAX_ACTORS = 8;

/** A person, agent or service as a token describes it. */
export interface PartyClaims {
  readonly sub: string;
  readonly name: string;
  readonly email?: string;
  readonly kind: 'human' | 'agent' | 'service';
  readonly groups: readonly string[];
  readonly owner?: string;
}

export interface ActorClaims extends PartyClaims {
  readonly act?: ActorClaims;
}

export interface TokenClaims extends PartyClaims {
  readonly iss: string;
  readonly aud: string;
  readonly jti: string;
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
  readonly act?: ActorClaims;
}

const party = {
  sub: Type.String({ minLength: 1, maxLength: 255 }),
  name: Type.String({ maxLength: 4096 }),
  email: Type.Optional(Type.String({ maxLength: 4096 })),
  kind: Type.Union([Type.Literal('human'), Type.Literal('agent'), Type.Literal('service')]),
  groups: Type.Array(Type.String({ maxLength: 4096 }), { maxItems: 256 }),
  owner: Type.Optional(Type.String({ maxLength: 255 })),
};

/** JSON Schema of the payload; the depth of `act` is checked apart. */
export const TokenClaimsSchema = Type.Object(
  {
    ...party,
    iss: Type.String(),
    aud: Type.String(),
    jti: Type.String({ minLength: 1, maxLength: 128 }),
    iat: Type.Integer(),
    nbf: Type.Integer(),
    exp: Type.Integer(),
    act: Type.Optional(Type.Ref('actor')),
  },
  { additionalProperties: false },
);

export const ActorClaimsSchema = Type.Object(
  { ...party, act: Type.Optional(Type.Ref('actor')) },
  { additionalProperties: false, $id: 'actor' },
);

export function toPartyClaims(identity: LocalIdentity): PartyClaims {
  return {
    sub: identity.subject,
    name: identity.name,
    ...(identity.email === undefined ? {} : { email: identity.email }),
    kind: identity.kind,
    groups: identity.groups,
    ...(identity.owner === undefined ? {} : { owner: identity.owner }),
  };
}

/** The actors of a token, outermost first. */
export function actorsOf(claims: { readonly act?: ActorClaims }): readonly ActorClaims[] {
  const actors: ActorClaims[] = [];
  for (let actor = claims.act; actor !== undefined; actor = actor.act) actors.push(actor);
  return actors;
}

/**
 * The identity a verified token stands for. With `act` it is the outermost actor, acting for the subject; `actors` then names
 * everybody on the way and ends with that subject. Without it, the subject itself and no actors.
 */
export function toIdentity(claims: TokenClaims): IdentityInput {
  const build = (party: PartyClaims): IdentityInput => ({
    subject: party.sub,
    name: party.name,
    ...(party.email === undefined ? {} : { email: party.email }),
    kind: party.kind,
    groups: party.groups,
    scopes: [],
    claims: party.owner === undefined ? {} : { owner: party.owner },
    issuer: claims.iss,
    credential: {
      id: claims.jti,
      type: 'session',
      issued_at: new Date(claims.iat * 1000).toISOString(),
      expires_at: new Date(claims.exp * 1000).toISOString(),
      bound: false,
    },
    mfa: false,
    actors: [],
  });
  const [outermost, ...others] = actorsOf(claims);
  if (outermost === undefined) return build(claims);
  return {
    ...build(outermost),
    on_behalf_of: build(claims),
    actors: [outermost.sub, ...others.map((actor) => actor.sub), claims.sub],
  };
}
