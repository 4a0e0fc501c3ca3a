/**
 * The composition root: puts configuration, policies, store, journal, gate, protocols and API together, in the order in which a
 * fault stops the start with nothing half open, and takes them apart again. No rule of access is decided here.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createGate } from '../proxy/gate/pipeline.ts';
import type { JournalPort } from '../proxy/gate/ports.ts';
import type { Listener } from '../proxy/gate/protocol.ts';
import type { JournalEntry } from '../proxy/gate/record.ts';
import { refuse } from '../proxy/gate/refusal.ts';
import { openJournal } from '../proxy/journal/journal.ts';
import { readJournal } from '../proxy/journal/read.ts';
import { loadSigner } from '../proxy/journal/signer.ts';
import type { HealthReport } from './api/ports.ts';
import { loadApiRoles } from './api/roles.ts';
import { createApi } from './api/server.ts';
import { createClock } from './clock.ts';
import type { Settings } from './config/settings.ts';
import { createRecentDecisions } from './decisions/recent-decisions.ts';
import { createTryDecision } from './decisions/try-decision.ts';
import { ControlError } from './error.ts';
import { newId } from './identifier.ts';
import { assembleIdentity } from './identity/assemble.ts';
import { describeLogin } from './identity/login-offer.ts';
import { createRegistry } from './identity/registry.ts';
import { openRevocationView } from './identity/revocations.ts';
import { createRevokeToken } from './identity/revoke-token.ts';
import { openSigningKey } from './identity/signing-key.ts';
import { apiHosts, apiTls, apiUrlOf, openApi } from './listen.ts';
import { createLog, type Log } from './log.ts';
import { createMetrics } from './metrics.ts';
import { openApprovals } from './open-approvals.ts';
import { openCredentials } from './open-credentials.ts';
import { loadPolicies } from './policies/compile.ts';
import { guardingPolicies } from './policies/guarding-policies.ts';
import { createPolicyHolder } from './policies/policy-holder.ts';
import { readPolicyFiles } from './policies/read-files.ts';
import { watchPolicies } from './policies/watch.ts';
import {
  type ApiAddress,
  type GatewayAddresses,
  removePresence,
  writePresence,
} from './presence.ts';
import { bindProtocols } from './protocols.ts';
import { findUnreachable } from './reachability.ts';
import { createSessionEnder } from './sessions/end-session.ts';
import { readSession } from './sessions/read-recorded.ts';
import { createSessionIndex } from './sessions/session-index.ts';
import { JOURNAL_KEY_FILE } from './state-files.ts';
import { openStore } from './store/open.ts';
import { createProtocolLookup, createTargets } from './targets.ts';
import { VERSION } from './version.ts';
import { endSessionsOf, watchStore } from './watch-store.ts';

const STOPPING = refuse('unavailable', 'gate/stopping', 'the gateway is stopping', {
  hint: 'connect again in a moment',
});

export interface GatewayOptions {
  readonly log?: Log;
  /** Reload policies when their files change; true when left out. */
  readonly watch?: boolean;
}

export interface RunningGateway {
  readonly addresses: GatewayAddresses;
  /** Reads the policies anew; rejects with the fault when they do not compile, and the old ones go on deciding. */
  reload(): Promise<'swapped' | 'unchanged'>;
  /** Stops accepting, lets sessions end within the configured time, closes everything. Idempotent. */
  stop(): Promise<void>;
}

/** Starts everything; throws a coded error and leaves nothing open when a part cannot start. */
export async function startGateway(
  settings: Settings,
  options: GatewayOptions = {},
): Promise<RunningGateway> {
  const log = options.log ?? createLog('info');
  const cleanups: (() => Promise<void> | void)[] = [];
  const unwind = async (): Promise<void> => {
    for (const cleanup of cleanups.splice(0).reverse()) {
      try {
        await cleanup();
      } catch (error) {
        log.error({ err: error }, 'a part did not close cleanly');
      }
    }
  };
  try {
    return await assemble(settings, options, log, cleanups, unwind);
  } catch (error) {
    await unwind();
    throw error;
  }
}

async function assemble(
  settings: Settings,
  options: GatewayOptions,
  log: Log,
  cleanups: (() => Promise<void> | void)[],
  unwind: () => Promise<void>,
): Promise<RunningGateway> {
  const clock = createClock();
  const nowIso = (): string => new Date(Date.now()).toISOString();
  const readFiles = () => readPolicyFiles(settings.policyPaths, join(settings.file, '..'));
  const onPolicyError = (error: unknown): void =>
    log.error({ err: error }, 'a policy failed; the action was blocked');

  // Policies first: the fault a person is most likely to have made stops the start before anything is written.
  const policies = createPolicyHolder({
    read: readFiles,
    compile: (files) => loadPolicies(files, guardingPolicies(settings, onPolicyError, log)),
    record: async (revision, files) => {
      const refusal = await gate.recordPolicy(revision, files);
      if (refusal !== undefined)
        throw new ControlError(
          'policy/invalid',
          `the new policies are not used: ${refusal.message}`,
        );
    },
    nowIso,
  });
  const roles = loadApiRoles({
    paths: settings.access.policyPaths,
    base: join(settings.file, '..'),
    access: settings.access,
    nowNs: () => clock.nowNs(),
    onError: onPolicyError,
  });
  makeStateDir(settings.stateDir);
  const key = openSigningKey(settings.stateDir);

  let journalFault: string | undefined;
  const journal = openJournal(settings.journal.dir, {
    signer: loadSigner(join(settings.stateDir, JOURNAL_KEY_FILE)),
    limits: { maxSegmentBytes: settings.journal.segmentBytes },
    onFailure: (error) => {
      journalFault = error.message;
      log.error({ err: error }, 'the journal cannot be written; all traffic stops');
    },
  });
  cleanups.push(() => journal.close());
  if (journal.tornBytes > 0)
    log.warn(
      { bytes: journal.tornBytes },
      'an unfinished write at the end of the journal was moved aside',
    );
  const sessions = createSessionIndex();
  const decisions = createRecentDecisions(sessions.find);
  const note = (entry: JournalEntry): void => {
    sessions.note(entry);
    decisions.note(entry);
  };
  for await (const record of readJournal(settings.journal.dir)) note(record.entry);

  const store = await openStore(settings, (error) =>
    log.warn({ err: error }, 'a connection to the store broke; it is opened again'),
  );
  cleanups.push(() => store.close());
  const registry = createRegistry(settings.identities);
  const listeners = new Map<string, Listener>();
  const metrics = createMetrics({
    connections: () =>
      Object.fromEntries([...listeners].map(([name, listener]) => [name, listener.connections])),
    approvalsWaiting: () => desk.waiting,
    interpreted: () => policies.status.interpreted.length,
    onFault: (error) => log.error({ err: error }, 'a fault in the gate; the action was blocked'),
  });
  const counted = metrics.watchJournal(journal);
  const record: JournalPort['append'] = async (entry, durability) => {
    const id = await counted.append(entry, durability);
    note(entry);
    return id;
  };
  let apiAddress: ApiAddress = { ...settings.listen.api, tls: settings.tls?.api === true };
  const { desk, ...approvals } = await openApprovals(settings, {
    store,
    clock,
    journal: record,
    emailOf: (subject) => registry.get(subject)?.email,
    log,
    metrics,
    apiUrl: () => settings.listen.apiUrl ?? apiUrlOf(settings, apiAddress),
  });
  cleanups.push(() => approvals.close());
  const revocations = await openRevocationView({
    store,
    nowMs: () => Date.now(),
    onRevoked: (id) => endSessionsOf(id, gate),
    onFault: (error) => log.error({ err: error }, 'revocations were not read'),
  });
  cleanups.push(() => revocations.close());
  const credentials = openCredentials(settings, { store, clock, journal: record, log });
  cleanups.push(() => credentials.close());
  const identity = await assembleIdentity({
    issuer: settings.tokens,
    providers: settings.providers,
    samlProviders: settings.samlProviders,
    sessionMs: settings.login.sessionMs,
    connectionMs: settings.tokens.connectionMs,
    protocolOf: createProtocolLookup(settings.targets),
    registry,
    key,
    delegation: settings.delegation,
    breakGlass: settings.breakGlass,
    store,
    journal: record,
    newId,
    clock,
    revocations,
    log,
  });
  const identities = identity.port;
  const gate = createGate(
    {
      identities,
      targets: createTargets(settings.targets),
      decisions: policies,
      approvals: desk,
      journal: { append: record },
      clock,
      newId,
    },
    {
      limits: { maxSessions: settings.limits.connections * 2 },
      observer: metrics.observer,
      chainMayApprove: !settings.approvals.rules.separateChain,
    },
  );
  cleanups.push(() => gate.shutDown(STOPPING));
  cleanups.push(
    watchStore(store, gate, revocations, (error) =>
      log.error({ err: error }, 'a revocation was not looked up'),
    ),
  );
  const first = policies.status;
  const unrecorded = await gate.recordPolicy(first.revision, first.files);
  if (unrecorded !== undefined)
    throw new ControlError(
      'state/not-writable',
      `the journal cannot be written: ${unrecorded.message}`,
      {
        hint: 'check the disk and the owner of the journal folder',
      },
    );

  let isReady = false;
  const health = async (): Promise<HealthReport> => {
    const checks = {
      journal: journalFault ?? gate.stopped?.message ?? 'ok',
      store: await store.ping().then(
        () => 'ok',
        () => 'the store cannot be written',
      ),
      policy:
        policies.status.error === undefined ? 'ok' : `ok, but ${policies.status.error.message}`,
      issuers: identity.health(),
      credentials: credentials.port.health(),
    };
    return { healthy: checks.journal === 'ok' && checks.store === 'ok', checks };
  };
  let bound: Awaited<ReturnType<typeof bindProtocols>> | undefined;
  const api = await createApi(
    {
      version: VERSION,
      identities,
      consents: identity.consents,
      exchange: identity.exchange,
      connections: identity.connections,
      apiKeys: identity.apiKeys,
      secrets: credentials.sealed,
      listener: (protocol) => {
        const address = bound?.[protocol];
        return address === undefined ? undefined : { ...address, tls: settings.tls !== undefined };
      },
      endSession: createSessionEnder({
        gate,
        journal: record,
        nowIso,
        onFault: (error) => log.error({ err: error }, 'the end of a session was not recorded'),
      }),
      signIn: {
        people: identity.people,
        saml: identity.saml,
        offer: describeLogin(settings),
        url: settings.listen.apiUrl,
      },
      desk,
      notices: approvals.notices,
      sessions: {
        ...sessions,
        records: (id, limit) => readSession(settings.journal.dir, id, limit),
      },
      policy: () => policies.status,
      health,
      isReady: () => isReady,
      metrics: metrics.render,
      revokeToken: createRevokeToken(
        { maxLifetimeMs: settings.tokens.maxLifetimeMs, sessionMs: settings.login.sessionMs },
        store,
        revocations,
        log,
      ),
      hosts: apiHosts(settings),
      registry,
      decisions,
      tryDecision: createTryDecision(settings, registry, policies),
      roles,
      record: (entry) => record(entry, 'synced'),
      limits: {
        bodyBytes: settings.limits.apiBodyBytes,
        requestsPerMinute: settings.limits.apiRatePerMinute,
      },
      onFault: (error) => log.error({ err: error }, 'a fault in the API'),
      nowMs: () => Date.now(),
    },
    apiTls(settings),
  );
  cleanups.push(() => api.close());

  bound = await bindProtocols(settings, {
    gate,
    secrets: credentials.port,
    metrics,
    log,
    register: (listener, name) => {
      listeners.set(name, listener);
      cleanups.push(() => listener.close(settings.limits.drainMs));
    },
  });
  apiAddress = await openApi(api, settings, log);
  const addresses = { ...bound, api: apiAddress };

  const reload = async (cause: string): Promise<'swapped' | 'unchanged'> => {
    try {
      roles.reload();
      const outcome = await policies.reload();
      metrics.policyReloaded('loaded');
      if (outcome === 'swapped')
        log.info({ revision: policies.status.revision, cause }, 'new policies decide');
      return outcome;
    } catch (error) {
      metrics.policyReloaded('refused');
      log.error(
        { err: error, cause, revision: policies.status.revision },
        'THE NEW POLICIES ARE NOT USED; the previous ones go on deciding',
      );
      throw error;
    }
  };
  const reloadQuietly = (cause: string): void => void reload(cause).catch(() => undefined);
  if (options.watch !== false) {
    const watch = watchPolicies(
      [...settings.policyPaths, ...(settings.access.policyPaths ?? [])],
      () => reloadQuietly('change'),
      (error) =>
        log.warn({ err: error }, 'policy files are not watched; send SIGHUP after a change'),
    );
    cleanups.push(() => watch.close());
  }
  writePresence(settings.stateDir, addresses);
  cleanups.push(() => removePresence(settings.stateDir));
  isReady = true;
  log.info({ ...addresses, revision: first.revision, pid: process.pid }, 'the gateway is running');
  void credentials.port.warm();
  void findUnreachable(settings.targets).then((targets) => {
    for (const target of targets)
      log.warn(
        { ...target, code: 'target/unreachable' },
        'a target does not answer; its clients are told so',
      );
  });

  let stopping: Promise<void> | undefined;
  return {
    addresses,
    reload: () => reload('request'),
    stop() {
      isReady = false;
      stopping ??= unwind().then(() => log.info({}, 'the gateway has stopped'));
      return stopping;
    },
  };
}

function makeStateDir(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new ControlError('state/not-writable', `the state folder ${dir} cannot be made`, {
      cause,
      hint: 'check its parent and that the disk is not full, or name another with `state:`',
    });
  }
}
