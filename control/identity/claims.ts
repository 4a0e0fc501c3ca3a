/**
 * What a local token says, and the way between its claims and the identity that policies see. RFC 7519 and RFC 8693: `sub` is
 * whom the token is about, `act` who acts for that subject, nested for a chain; the outermost `act` is the one that signs in.
 */
import { Type } from 'typebox';
import type { IdentityInput } from '../../engine/contract/input.ts';
import { KEY_PROTOCOLS, type KeyProtocol } from './ports.ts';
import type { LocalIdentity } from './registry.ts';

/** Depth of `act` that is accepted. */
export const MAX_ACTORS = 8;
/** Ids whose revocation ends a token; a chain of delegations adds three for each step. */
export const MAX_ROOTS = 32;

/** A person, agent or service as a token describes it. */
export interface PartyClaims {
  readonly sub: string;
  /** The `iss` of the provider that vouched for it; absent for the identities of the configuration. */
  readonly idp?: string;
  readonly name: string;
  readonly email?: string;
  readonly kind: 'human' | 'agent' | 'service';
  readonly groups: readonly string[];
  readonly owner?: string;
}

export interface ActorClaims extends PartyClaims {
  readonly act?: ActorClaims;
}

/** The key a token is bound to (RFC 7800): a JWK thumbprint (RFC 9449) or a certificate's (RFC 8705). */
export interface Confirmation {
  readonly jkt?: string;
  readonly 'x5t#S256'?: string;
}

export interface TokenClaims extends PartyClaims {
  readonly iss: string;
  readonly aud: string;
  readonly jti: string;
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
  readonly act?: ActorClaims;
  readonly cnf?: Confirmation;
  readonly scopes?: readonly string[];
  readonly mfa?: boolean;
  /** Ids of the tokens and of the consent it was made from: when one of them is revoked, it ends too. */
  readonly roots?: readonly string[];
  /** The resources that the user's consent is limited to. */
  readonly resources?: readonly string[];
  /** What the credential opens and nothing besides; a claim of this gateway only. */
  readonly only?: Reach;
  /** Claims of the provider that policies are to see. */
  readonly ext?: Readonly<Record<string, unknown>>;
}

/** A credential's limits: these resources, by these ways in. */
export interface Reach {
  readonly resources: readonly string[];
  readonly protocols: readonly KeyProtocol[];
}

/** SHA-256 in base64url. */
const THUMBPRINT = '^[A-Za-z0-9_-]{43}$';

const party = {
  idp: Type.Optional(Type.String({ minLength: 1, maxLength: 1024 })),
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
    cnf: Type.Optional(
      Type.Object(
        {
          jkt: Type.Optional(Type.String({ pattern: THUMBPRINT })),
          'x5t#S256': Type.Optional(Type.String({ pattern: THUMBPRINT })),
        },
        { additionalProperties: false, minProperties: 1 },
      ),
    ),
    scopes: Type.Optional(Type.Array(Type.String({ maxLength: 256 }), { maxItems: 64 })),
    mfa: Type.Optional(Type.Boolean()),
    roots: Type.Optional(Type.Array(Type.String({ maxLength: 256 }), { maxItems: MAX_ROOTS })),
    resources: Type.Optional(Type.Array(Type.String({ maxLength: 63 }), { maxItems: 256 })),
    only: Type.Optional(
      Type.Object(
        {
          resources: Type.Array(Type.String({ maxLength: 63 }), { maxItems: 256 }),
          protocols: Type.Array(Type.Enum([...KEY_PROTOCOLS])),
        },
        { additionalProperties: false },
      ),
    ),
    ext: Type.Optional(Type.Object({}, { additionalProperties: true })),
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

/** The party alone, without what else a token says. */
export function partyOf({ sub, idp, name, email, kind, groups, owner }: PartyClaims): PartyClaims {
  return {
    sub,
    ...(idp === undefined ? {} : { idp }),
    name,
    ...(email === undefined ? {} : { email }),
    kind,
    groups,
    ...(owner === undefined ? {} : { owner }),
  };
}

/** The actors of a token, outermost first. */
export function actorsOf(claims: { readonly act?: ActorClaims }): readonly ActorClaims[] {
  const actors: ActorClaims[] = [];
  for (let actor = claims.act; actor !== undefined; actor = actor.act) actors.push(actor);
  return actors;
}

/** Ids whose revocation ends a session of this identity: its credential's, and those of what that was made from. */
export function credentialIdsOf({ credential, claims }: IdentityInput): readonly string[] {
  const roots = claims['roots'];
  return [
    credential.id,
    ...(Array.isArray(roots) ? roots.filter((root) => typeof root === 'string') : []),
  ];
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
    scopes: claims.scopes ?? [],
    claims: party.owner === undefined ? {} : { owner: party.owner },
    issuer: party.idp ?? claims.iss,
    credential: {
      id: claims.jti,
      type: 'session',
      issued_at: new Date(claims.iat * 1000).toISOString(),
      expires_at: new Date(claims.exp * 1000).toISOString(),
      // A token that is bound gets this far only with the proof of its key.
      bound: claims.cnf !== undefined,
    },
    mfa: claims.mfa ?? false,
    actors: [],
  });
  const principal = build(claims);
  const about = { ...principal, claims: { ...claims.ext, ...principal.claims } };
  const roots = claims.roots === undefined ? {} : { roots: claims.roots };
  const [outermost, ...others] = actorsOf(claims);
  if (outermost === undefined) return { ...about, claims: { ...about.claims, ...roots } };
  const actor = build(outermost);
  return {
    ...actor,
    // The second factor was the person's, not the program's.
    mfa: false,
    claims: { ...actor.claims, ...roots },
    on_behalf_of: about,
    actors: [outermost.sub, ...others.map((actor) => actor.sub), claims.sub],
  };
}
