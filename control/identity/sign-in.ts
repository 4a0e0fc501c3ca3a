/**
 * The identity port: one credential, one sort of it, one reader. A credential that no reader takes is nobody's; none is shown to a
 * second reader. What holds for all sorts (which resources an agent or a limited credential may reach) is checked here.
 */
import type { IdentityInput } from '../../engine/contract/input.ts';
import type { Credential, IdentityPort } from '../../proxy/gate/ports.ts';
import { isRefusal, type Refusal, refuse } from '../../proxy/gate/refusal.ts';
import { actorsOf, type Reach, type TokenClaims, toIdentity } from './claims.ts';
import type { KeyProtocol } from './ports.ts';
import type { IdentityRegistry } from './registry.ts';

/** One sort of credential. */
export interface Authenticator {
  /** True when the credential is of this sort; looks at its form only. */
  takes(token: string): boolean;
  admit(credential: Credential): Promise<Admission | Refusal>;
}

export interface Admission {
  readonly identity: IdentityInput;
  /** What the credential is limited to; undefined for one that opens whatever its identity may reach. */
  readonly only: Reach | undefined;
}

/** An authenticator over claims: `type` is what policies see as `identity.credential.type`. */
export function readWith(
  takes: (token: string) => boolean,
  read: (credential: Credential) => Promise<TokenClaims | Refusal>,
  type: IdentityInput['credential']['type'],
): Authenticator {
  return {
    takes,
    async admit(credential) {
      const claims = await read(credential);
      if (isRefusal(claims)) return claims;
      const identity = toIdentity(claims);
      return {
        identity: {
          ...identity,
          credential: { ...identity.credential, type },
          ...limitResources(identity, claims),
        },
        only: claims.only,
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

/**
 * The port over several sorts of credentials; `last` takes what no other does. `protocolOf` tells by which way a resource is
 * reached.
 */
export function createSignIn(
  authenticators: readonly Authenticator[],
  last: Authenticator,
  registry: IdentityRegistry,
  protocolOf: (resource: string) => KeyProtocol | undefined,
): IdentityPort {
  return {
    async identify(credential, resource) {
      const one = authenticators.find((each) => each.takes(credential.token)) ?? last;
      const admitted = await one.admit(credential);
      if (isRefusal(admitted)) return admitted;
      const { identity, only } = admitted;
      const limited = only === undefined ? undefined : refuseOutOfScope(only, resource, protocolOf);
      if (limited !== undefined || resource === undefined) return limited ?? identity;
      return refuseOutOfReach(identity, resource, registry) ?? identity;
    },
  };
}

/** A limited credential opens what it names; the HTTP API of the gateway, which is no resource, only where it says so. */
function refuseOutOfScope(
  only: Reach,
  resource: string | undefined,
  protocolOf: (resource: string) => KeyProtocol | undefined,
): Refusal | undefined {
  const protocol = resource === undefined ? 'api' : protocolOf(resource);
  const isNamed = resource === undefined || only.resources.includes(resource);
  if (isNamed && protocol !== undefined && only.protocols.includes(protocol)) return undefined;
  return refuse(
    'blocked',
    'identity/out-of-scope',
    resource === undefined
      ? 'this credential is not for the HTTP API'
      : 'this credential is not for this resource',
    { hint: 'it opens only what it was made for' },
  );
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
