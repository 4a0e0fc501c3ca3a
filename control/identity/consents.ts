/**
 * A person's word that an agent may act for them: given by that person only, for a time, for all or some of the agent's resources,
 * and ended by them at any moment, with everything that lives by it. The configuration says which agents may be given it at all.
 */
import type { IdentityInput } from '../../engine/contract/input.ts';
import { type Refusal, refuse } from '../../proxy/gate/refusal.ts';
import type { Consent, ConsentStore, RecordEvent } from './ports.ts';
import { type IdentityRegistry, isInForce, mayActFor } from './registry.ts';

/** Consents shown in one list. */
export const MAX_LISTED_CONSENTS = 500;
const MIN_LIFETIME_MS = 60_000;

/** The id under which everything made by a consent is revoked. */
export const consentRoot = (id: string): string => `consent:${id}`;

export interface ConsentRequest {
  readonly agent: string;
  readonly lifetimeMs: number;
  readonly resources: readonly string[] | undefined;
}

export interface ConsentDesk {
  /** Records that `person` lets the agent act for them. */
  grant(person: IdentityInput, request: ConsentRequest): Promise<Consent | Refusal>;
  /** Those one has given; for admins those of everybody. */
  list(viewer: IdentityInput, isAdmin: boolean): Promise<readonly Consent[]>;
  /** Ends one's own consent, or anybody's for an admin; sessions that live by it end at once. */
  revoke(id: string, by: IdentityInput, isAdmin: boolean): Promise<Consent | Refusal>;
  /** The consent that holds now, the longest one when there are several. */
  findStanding(subject: string, agent: string): Promise<Consent | undefined>;
}

export interface ConsentDeskOptions {
  readonly store: ConsentStore;
  readonly registry: IdentityRegistry;
  readonly record: RecordEvent;
  /** Revokes an id and ends the sessions that rest on it. */
  readonly revokeRoot: (id: string, by: string, expiresAtMs: number) => Promise<void>;
  readonly maxLifetimeMs: number;
  readonly nowMs: () => number;
  readonly newId: () => string;
}

export function createConsentDesk(options: ConsentDeskOptions): ConsentDesk {
  const { store, registry, record, nowMs } = options;
  const isStanding = (consent: Consent): boolean =>
    consent.revokedAtMs === undefined && nowMs() < consent.expiresAtMs;

  function refuseGrant(person: IdentityInput, request: ConsentRequest): Refusal | undefined {
    if (person.kind !== 'human' || person.on_behalf_of !== undefined)
      return refuse('blocked', 'consent/not-a-person', 'only a person lets others act for them');
    const agent = registry.get(request.agent);
    if (agent === undefined || agent.kind === 'human' || !isInForce(agent, nowMs()))
      return refuse('blocked', 'consent/unknown-agent', `no agent is called ${request.agent}`, {
        hint: 'agents are registered under `agents:` in sallyport.yaml',
      });
    if (!mayActFor(agent, person.subject, person.groups))
      return refuse('blocked', 'consent/not-offered', `${agent.subject} may not act for you`, {
        hint: 'the configuration names for whom: its owner, `acts_for`, `acts_for_groups`',
      });
    const beyond = request.resources?.find(
      (name) => agent.agent?.resources.includes(name) === false,
    );
    if (beyond !== undefined)
      return refuse(
        'blocked',
        'consent/resource',
        `${agent.subject} may not reach ${beyond} at all`,
      );
    if (request.lifetimeMs < MIN_LIFETIME_MS || request.lifetimeMs > options.maxLifetimeMs)
      return refuse('blocked', 'consent/lifetime', 'a consent cannot last that long', {
        hint: `from 1m to ${Math.floor(options.maxLifetimeMs / 60_000)}m (\`delegation.max_consent\`)`,
      });
    return undefined;
  }

  return {
    async grant(person, request) {
      const refusal = refuseGrant(person, request);
      if (refusal !== undefined) return refusal;
      const grantedAtMs = nowMs();
      const consent: Consent = {
        id: options.newId(),
        subject: person.subject,
        agent: request.agent,
        purpose: registry.get(request.agent)?.agent?.purpose ?? '',
        resources: request.resources,
        grantedAtMs,
        expiresAtMs: grantedAtMs + request.lifetimeMs,
        revokedAtMs: undefined,
      };
      const until = new Date(consent.expiresAtMs).toISOString();
      const unrecorded = await record({
        type: 'identity.consented',
        subject: consent.subject,
        actors: [consent.agent],
        by: person.subject,
        credential: consentRoot(consent.id),
        detail: `${consent.subject} lets ${consent.agent} act for them until ${until}`,
      });
      if (unrecorded !== undefined) return unrecorded;
      await store.insertConsent(consent);
      return consent;
    },
    list: (viewer, isAdmin) =>
      store.listConsents(isAdmin ? {} : { subject: viewer.subject }, MAX_LISTED_CONSENTS),
    async revoke(id, by, isAdmin) {
      const consent = await store.findConsent(id);
      const isOwn = consent?.subject === by.subject && by.on_behalf_of === undefined;
      if (consent === undefined || !(isOwn || isAdmin))
        return refuse('blocked', 'consent/not-found', 'there is no consent of yours with this id');
      const atMs = nowMs();
      // Ended first and written down after: whoever takes a word back is not to wait for the record.
      const ended = await store.revokeConsent(id, atMs);
      await options.revokeRoot(consentRoot(id), by.subject, consent.expiresAtMs);
      if (!ended) return consent;
      const unrecorded = await record({
        type: 'identity.consent-ended',
        subject: consent.subject,
        actors: [consent.agent],
        by: by.subject,
        credential: consentRoot(id),
        detail: `${by.subject} ended the consent of ${consent.subject} to ${consent.agent}`,
      });
      return unrecorded ?? { ...consent, revokedAtMs: atMs };
    },
    async findStanding(subject, agent) {
      const all = await store.listConsents({ subject, agent }, MAX_LISTED_CONSENTS);
      return all.filter(isStanding).sort((a, b) => b.expiresAtMs - a.expiresAtMs)[0];
    },
  };
}
