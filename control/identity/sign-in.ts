/**
 * The identity port: one credential, one sort of it, one reader. A credential that no reader takes is nobody's; none is shown to a
 * second reader. What holds for all sorts (which resources an agent may reach) is checked here.
 */
import type { IdentityInput } from '../../engine/contract/input.ts';
import type { Credential, IdentityPort } from '../../proxy/gate/ports.ts';
import { isRefusal, type Refusal, refuse } from '../../proxy/gate/refusal.ts';
import { actorsOf, type TokenClaims, toIdentity } from './claims.ts';
import type { IdentityRegistry } from './registry.ts';

/** One sort of credential. */
export interface Authenticator {
  /** True when the credential is of this sort; looks at its form only. */
  takes(token: string): boolean;
  identify(credential: Credential): Promise<IdentityInput | Refusal>;
}

/** An authenticator over claims: `type` is what policies see as `identity.credential.type`. */
export function readWith(
  takes: (token: string) => boolean,
  read: (credential: Credential) => Promise<TokenClaims | Refusal>,
  type: IdentityInput['credential']['type'],
): Authenticator {
  return {
    takes,
    async identify(credential) {
      const claims = await read(credential);
      if (isRefusal(claims)) return claims;
      const identity = toIdentity(claims);
      return {
        ...identity,
        credential: { ...identity.credential, type },
        ...limitResources(identity, claims),
      };
    },
  };
}

/** A consent's limits travel with the identity, where policies and the check below see them. */
function limitResources(
  identity: IdentityInput,
  claims: TokenClaims,
): Pick<IdentityInput, 'claims'> | undefined {
  return claims.resources === undefined || actorsOf(claims).length === 0
    ? undefined
    : { claims: { ...identity.claims, resources: claims.resources } };
}

/** The port over several sorts of credentials; `last` takes what no other does. */
export function createSignIn(
  authenticators: readonly Authenticator[],
  last: Authenticator,
  registry: IdentityRegistry,
): IdentityPort {
  return {
    async identify(credential, resource) {
      const one = authenticators.find((each) => each.takes(credential.token)) ?? last;
      const identity = await one.identify(credential);
      if (isRefusal(identity) || resource === undefined) return identity;
      return refuseOutOfReach(identity, resource, registry) ?? identity;
    },
  };
}

/** Every agent of the chain must be allowed to reach it, and the consent must be for it. */
function refuseOutOfReach(
  identity: IdentityInput,
  resource: string,
  registry: IdentityRegistry,
): Refusal | undefined {
  for (const subject of [identity.subject, ...identity.actors]) {
    const reach = registry.get(subject)?.agent?.resources;
    if (reach !== undefined && !reach.includes(resource))
      return refuse('blocked', 'identity/out-of-reach', `${subject} is not registered for this`, {
        hint: 'its `resources` in sallyport.yaml name what it may reach',
      });
  }
  const { resources } = identity.claims;
  if (
    Array.isArray(resources) &&
    identity.on_behalf_of !== undefined &&
    !resources.includes(resource)
  )
    return refuse('blocked', 'identity/out-of-consent', 'the consent is not for this resource');
  return undefined;
}
