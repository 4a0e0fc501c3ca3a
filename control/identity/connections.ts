/**
 * Tokens for one connection: whoever is signed in gets a short token that opens one resource and nothing else, to hand to a program
 * as its password. It ends with the token it was made from, at its own time, or when the program is done.
 */
import type { Credential, IdentityPort } from '../../proxy/gate/ports.ts';
import { isRefusal, type Refusal, refuse } from '../../proxy/gate/refusal.ts';
import { actorsOf, MAX_ROOTS, partyOf, type TokenClaims } from './claims.ts';
import type { KeyProtocol, RecordEvent } from './ports.ts';
import { type SignedToken, signToken, type TokenIssuer } from './sign.ts';
import type { SigningKey } from './signing-key.ts';

export interface ConnectionToken extends SignedToken {
  readonly resource: string;
  readonly protocol: KeyProtocol;
  /** Who it stands for: the outermost of the chain. */
  readonly subject: string;
}

export interface Connections {
  /** A token for this resource. `lifetimeMs` is cut to what the credential allows. */
  open(
    credential: Credential,
    request: { readonly resource: string; readonly lifetimeMs: number | undefined },
  ): Promise<ConnectionToken | Refusal>;
  /** Ends a token that `open` made, and the sessions opened with it; whoever holds it may. */
  end(token: string): Promise<string | Refusal>;
}

export interface ConnectionOptions {
  readonly issuer: TokenIssuer;
  readonly key: SigningKey;
  /** Life of a token when none is asked for. */
  readonly lifetimeMs: number;
  /** Checks that the credential may reach the resource at all. */
  readonly identify: IdentityPort['identify'];
  /** Reads any unlimited token that could itself sign in. */
  readonly read: (credential: Credential) => Promise<TokenClaims | Refusal>;
  /** Reads a token of this gateway, limited ones included. */
  readonly readOwn: (credential: Credential) => Promise<TokenClaims | Refusal>;
  readonly protocolOf: (resource: string) => KeyProtocol | undefined;
  readonly record: RecordEvent;
  readonly revokeId: (id: string, by: string, expiresAtMs: number) => Promise<void>;
  readonly nowMs: () => number;
  readonly newId: () => string;
}

export function createConnections(options: ConnectionOptions): Connections {
  const { protocolOf, nowMs } = options;
  return {
    async open(credential, { resource, lifetimeMs }) {
      // What is no token is not shown to a reader: a break-glass code would be used up by that.
      const claims = await options.read(credential);
      if (isRefusal(claims)) return claims;
      const protocol = protocolOf(resource);
      if (protocol === undefined)
        return refuse(
          'unknown-resource',
          'resource/unknown',
          `there is no resource \`${resource}\``,
        );
      const identity = await options.identify(credential, resource);
      if (isRefusal(identity)) return identity;
      const roots = [...new Set([claims.jti, ...(claims.roots ?? [])])];
      if (roots.length > MAX_ROOTS)
        return refuse(
          'unauthenticated',
          'identity/chain-too-long',
          'the chain rests on too many tokens',
        );
      const now = nowMs();
      const expiresAtMs = Math.min(now + (lifetimeMs ?? options.lifetimeMs), claims.exp * 1000);
      const id = options.newId();
      const unrecorded = await options.record({
        type: 'identity.connected',
        subject: claims.sub,
        actors: actorsOf(claims).map(({ sub }) => sub),
        by: identity.subject,
        credential: id,
        detail: `${identity.subject} got a token for ${resource} until ${new Date(expiresAtMs).toISOString()}`,
      });
      if (unrecorded !== undefined) return unrecorded;
      const signed = await signToken(
        {
          ...partyOf(claims),
          roots,
          only: { resources: [resource], protocols: [protocol] },
          ...(claims.act === undefined ? {} : { act: claims.act }),
          ...(claims.resources === undefined ? {} : { resources: claims.resources }),
          ...(claims.scopes === undefined ? {} : { scopes: claims.scopes }),
          ...(claims.mfa === undefined ? {} : { mfa: claims.mfa }),
          ...(claims.ext === undefined ? {} : { ext: claims.ext }),
        },
        { id, nowMs: now, expiresAtMs },
        options.issuer,
        options.key,
      );
      return { ...signed, resource, protocol, subject: identity.subject };
    },
    async end(token) {
      const claims = await options.readOwn({ kind: 'bearer', token });
      if (isRefusal(claims)) return claims;
      if (claims.only === undefined)
        return refuse(
          'blocked',
          'identity/not-a-connection',
          'this is not a token of a connection',
          {
            hint: 'end your own token with POST /v1/token/revoke',
          },
        );
      await options.revokeId(claims.jti, claims.sub, claims.exp * 1000);
      return claims.jti;
    },
  };
}

/** Lets no limited token be the start of anything: what came of it would be less limited. */
export function refuseLimited(
  read: (credential: Credential) => Promise<TokenClaims | Refusal>,
): (credential: Credential) => Promise<TokenClaims | Refusal> {
  return async (credential) => {
    const claims = await read(credential);
    return isRefusal(claims) || claims.only === undefined
      ? claims
      : refuse('blocked', 'identity/out-of-scope', 'a limited token makes no other', {
          hint: 'use the token you signed in with',
        });
  };
}
