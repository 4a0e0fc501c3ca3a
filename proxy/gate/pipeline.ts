/**
 * The one gate all protocols pass: admits connections (identify, find the target, mint the permit), keeps the sessions, and
 * ends them. What happens to an action is in `session.ts`. It must not import storage, HTTP API or configuration.
 */
import type { IdentityInput } from '../../engine/contract/input.ts';
import { FixedCopies } from './fixed-copies.ts';
import type { Arrival, Gate, GateSession } from './gate.ts';
import type { HostedSession } from './hosted-session.ts';
import { toMs, toRfc3339 } from './instant.ts';
import { DEFAULT_GATE_LIMITS, type GateLimits } from './limits.ts';
import { type GateObserver, SILENT_OBSERVER, shieldObserver } from './observer.ts';
import { mintPermit } from './permit.ts';
import type { Credential, GatePorts, Target } from './ports.ts';
import { createRecorder } from './recorder.ts';
import { isRefusal, type Refusal, refuse } from './refusal.ts';
import { createSession } from './session.ts';

export interface GateOptions {
  readonly limits?: Partial<GateLimits>;
  readonly observer?: GateObserver;
  /** Those whom a requester acts for may approve; false when left out. */
  readonly chainMayApprove?: boolean;
}

/** The gate as the composition root holds it. */
export interface RunningGate extends Gate {
  /** Ends one session with this refusal (revoked, killed); false when it is not open. */
  endSession(id: string, cause: Refusal): boolean;
  /** Ends every session that executed something under this grant; how many. */
  endUsersOf(grant: string, cause: Refusal): number;
  /** Records that this policy set decides from now on. Resolves to a refusal when that could not be recorded. */
  recordPolicy(revision: string, files: readonly string[]): Promise<Refusal | undefined>;
  /** Why the gate admits nothing any more; undefined while it does. */
  readonly stopped: Refusal | undefined;
}

export function createGate(ports: GatePorts, options: GateOptions = {}): RunningGate {
  const limits: GateLimits = { ...DEFAULT_GATE_LIMITS, ...options.limits };
  const observer = shieldObserver(options.observer ?? SILENT_OBSERVER);
  const sessions = new Map<string, HostedSession>();
  let opening = 0;
  let held = 0;
  const endAll = (cause: Refusal): void => {
    for (const session of sessions.values()) session.end(cause);
  };
  const fixed = new FixedCopies();
  const recorder = createRecorder(ports.journal, endAll, observer.fault);
  let shut: Refusal | undefined;

  async function identify(arrival: Arrival): Promise<IdentityInput | Refusal> {
    const identity = await ports.identities.identify(arrival.credential, arrival.resource);
    if (isRefusal(identity)) return identity;
    const expiresMs = Date.parse(identity.credential.expires_at);
    if (expiresMs > toMs(ports.clock.nowNs())) return identity;
    // An expiry that cannot be read is one that has passed.
    return refuse('unauthenticated', 'identity/expired', 'the credential has expired', {
      hint: 'Sign in again, then reconnect.',
    });
  }

  async function admit(arrival: Arrival, id: string): Promise<GateSession | Refusal> {
    const identity = await identify(arrival);
    if (isRefusal(identity)) return identity;
    const target = ports.targets.find(arrival.resource);
    if (target === undefined) {
      return refuse('unknown-resource', 'resource/unknown', 'there is no resource of this name', {
        hint: 'Name a resource of the gateway: by the database of the connection, or the first label of the host.',
      });
    }
    if (!hasDatabase(target, arrival.database)) {
      return refuse(
        'unknown-resource',
        'resource/database',
        'the resource has no database of this name, or none at all',
        { hint: 'Leave the database out: the resource names the one there is.' },
      );
    }
    const permit = mintPermit(identity, target);
    const startedNs = ports.clock.nowNs();
    const session = createSession(id, permit, arrival, startedNs, {
      ports,
      limits,
      observer,
      recorder,
      chainMayApprove: options.chainMayApprove ?? false,
      fixed,
      takeHold: () => {
        if (held >= limits.maxHeldActions) return false;
        held += 1;
        return true;
      },
      giveHold: () => {
        held -= 1;
      },
      onClosed: (closed) => {
        sessions.delete(closed);
      },
    });
    sessions.set(id, session);
    observer.sessionOpened();
    const unrecorded = await recorder.record(
      {
        type: 'session.opened',
        at: toRfc3339(startedNs),
        session: id,
        identity,
        resource: permit.target.resource,
        client: arrival.client,
      },
      'written',
    );
    const cause = unrecorded ?? recorder.stopped ?? shut;
    if (cause === undefined) return session;
    await session.close(cause.code);
    return cause;
  }

  async function open(said: Arrival): Promise<GateSession | Refusal> {
    const arrival = clip(said);
    const stopped = recorder.stopped ?? shut;
    if (stopped !== undefined) return stopped;
    if (sessions.size + opening >= limits.maxSessions) {
      observer.sessionRefused('limit/sessions');
      return refuse('limit', 'limit/sessions', 'the gateway has no room for another session', {
        hint: 'Close a connection, or ask the operator to raise `maxSessions`.',
      });
    }
    opening += 1;
    const id = ports.newId();
    let admitted: GateSession | Refusal;
    try {
      admitted = await admit(arrival, id);
    } catch (error) {
      observer.fault(error);
      admitted = refuse('unavailable', 'gate/fault', 'the gateway could not admit this connection');
    } finally {
      opening -= 1;
    }
    if (!isRefusal(admitted)) return admitted;
    observer.sessionRefused(admitted.code);
    const { code, message } = admitted;
    const at = toRfc3339(ports.clock.nowNs());
    const { client } = arrival;
    const { resource } = arrival;
    await recorder.record(
      { type: 'session.refused', at, session: id, code, message, resource, client },
      'written',
    );
    return admitted;
  }

  async function confirm(
    session: GateSession,
    credential: Credential,
  ): Promise<Refusal | undefined> {
    const { identity, target } = session.permit;
    try {
      const shown = await ports.identities.identify(credential, target.resource.name);
      if (isRefusal(shown)) return shown;
      if (shown.subject === identity.subject && shown.credential.id === identity.credential.id)
        return undefined;
      return refuse('unauthenticated', 'identity/changed', 'the credential is not the one before');
    } catch (error) {
      observer.fault(error);
      return refuse('unavailable', 'gate/fault', 'the gateway could not check the credential');
    }
  }

  return {
    open,
    confirm,
    sessions,
    get stopped() {
      return recorder.stopped ?? shut;
    },
    endSession(id, cause) {
      const session = sessions.get(id);
      session?.end(cause);
      return session !== undefined;
    },
    endUsersOf(grant, cause) {
      const users = [...sessions.values()].filter((session) => session.hasUsed(grant));
      for (const session of users) session.end(cause);
      return users.length;
    },
    recordPolicy(revision, files) {
      const at = toRfc3339(ports.clock.nowNs());
      return recorder.record({ type: 'policy.loaded', at, revision, files }, 'synced');
    },
    async shutDown(cause) {
      shut ??= cause;
      endAll(cause);
      await Promise.all([...sessions.values()].map((session) => session.done));
    },
  };
}

/** Characters of each thing an unknown client says of itself: refused or not, it is written down. */
const MAX_CLIENT_TEXT = 256;

function clip(arrival: Arrival): Arrival {
  const { client, resource } = arrival;
  return {
    ...arrival,
    resource: resource.slice(0, MAX_CLIENT_TEXT),
    client: {
      ip: client.ip,
      application: client.application.slice(0, MAX_CLIENT_TEXT),
      fingerprint: client.fingerprint.slice(0, MAX_CLIENT_TEXT),
    },
  };
}

/** INVARIANT: what a permit lets its holder dial is what is configured; nothing a client asks for changes it. */
function hasDatabase({ upstream }: Target, database: string | undefined): boolean {
  if (database === undefined) return true;
  return upstream.kind === 'postgres' && upstream.database === database;
}
