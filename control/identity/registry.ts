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
  /** What the registry of agents says beyond that; absent for other identities. */
  readonly agent?: AgentEntry;
}

export interface AgentEntry {
  /** What it is for, in a sentence. */
  readonly purpose: string;
  /** Names of the resources it may reach, whoever it acts for. */
  readonly resources: readonly string[];
  /** Milliseconds since the epoch after which it is no longer accepted. */
  readonly expiresAtMs: number;
  /** Groups whose members it may act for. */
  readonly actsForGroups: readonly string[];
  /** What it calls itself at the identity provider (`azp`, `client_id`). */
  readonly clientId: string | undefined;
}

export type IdentityRegistry = ReadonlyMap<string, LocalIdentity>;

export function createRegistry(identities: readonly LocalIdentity[]): IdentityRegistry {
  return new Map(identities.map((identity) => [identity.subject, identity]));
}

/** True when `agent` may be given a token that acts for `subject`: its owner, somebody its entry names, or a group's member. */
export function mayActFor(
  agent: LocalIdentity,
  subject: string,
  groups: readonly string[] = [],
): boolean {
  return (
    agent.kind !== 'human' &&
    (agent.owner === subject ||
      agent.actsFor.includes(subject) ||
      groups.some((group) => agent.agent?.actsForGroups.includes(group) ?? false))
  );
}

/** True when the registry lets this identity in at that moment: agents have an end. */
export function isInForce(identity: LocalIdentity, nowMs: number): boolean {
  return identity.agent === undefined || nowMs < identity.agent.expiresAtMs;
}
