/**
 * The identities that the configuration names: who may be given a local token, and whom an agent may act for.
 */

export interface LocalIdentity {
  readonly subject: string;
  readonly name: string;
  readonly email: string | undefined;
  readonly kind: 'human' | 'agent' | 'service';
  readonly groups: readonly string[];
  /** Subject of the person who answers for an agent or service. */
  readonly owner: string | undefined;
  readonly actsFor: readonly string[];
}

export type IdentityRegistry = ReadonlyMap<string, LocalIdentity>;

export function createRegistry(identities: readonly LocalIdentity[]): IdentityRegistry {
  return new Map(identities.map((identity) => [identity.subject, identity]));
}

/** True when `agent` may be given a token that acts for `subject`: its owner, or somebody its entry names. */
export function mayActFor(agent: LocalIdentity, subject: string): boolean {
  return agent.kind !== 'human' && (agent.owner === subject || agent.actsFor.includes(subject));
}
