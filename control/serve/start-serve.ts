/** Puts the decision service together and runs it: reads the policies, listens, watches the files, stops in order. */
import { randomUUID } from 'node:crypto';
import type { CompileOptions } from '../../engine/compile-options.ts';
import type { ListenAddress } from '../../proxy/gate/protocol.ts';
import { listenApi } from '../listen.ts';
import type { Log } from '../log.ts';
import { readPolicyFiles } from '../policies/read-files.ts';
import { watchPolicies } from '../policies/watch.ts';
import { assertGuarded, createAccess, type ServeTokens } from './access.ts';
import { openDecisionLog } from './decision-log.ts';
import { createServeMetrics } from './metrics.ts';
import type { DocumentPath } from './parameters.ts';
import type { ServeLimits } from './ports.ts';
import { createServedPolicies } from './served-policies.ts';
import { createServeServer } from './server.ts';
import { readServeTls, type ServeTlsFiles } from './tls.ts';

export interface ServeSettings {
  readonly paths: readonly string[];
  readonly listen: ListenAddress;
  readonly tokens: ServeTokens;
  readonly tls: ServeTlsFiles | undefined;
  readonly limits: ServeLimits;
  readonly defaultDecision: DocumentPath;
  readonly envoyDecision: DocumentPath;
  readonly decisionLog: string | undefined;
  readonly watch: boolean;
}

export interface RunningServe {
  readonly address: ListenAddress;
  readonly revision: () => string;
  /** Reads the policies anew; a fault is logged, and the old ones go on deciding. */
  reload(): void;
  /** Takes no more connections, answers what is open, and ends. */
  stop(): Promise<void>;
}

/** Inputs of other proxies have any shape; the instant is the server's own. */
const SERVED: CompileOptions = { inputSchema: 'none', provided: ['time.now_ns'] };

/** Starts it. Throws a `ControlError` when the policies cannot be used or the address cannot be had. */
export async function startServe(settings: ServeSettings, log: Log): Promise<RunningServe> {
  const { listen, tokens, limits } = settings;
  assertGuarded(listen.host, tokens);
  const tls = settings.tls === undefined ? undefined : readServeTls(settings.tls);
  const access = createAccess(tokens);
  const nowIso = (): string => new Date().toISOString();
  const policies = createServedPolicies(() => readPolicyFiles(settings.paths), SERVED, nowIso);
  const decisionLog =
    settings.decisionLog === undefined ? undefined : openDecisionLog(settings.decisionLog);
  let metrics: ReturnType<typeof createServeMetrics> | undefined;
  const { app } = await createServeServer((inFlight) => {
    metrics = createServeMetrics(inFlight);
    return {
      policies,
      access,
      limits,
      metrics,
      decisionLog,
      defaultDecision: settings.defaultDecision,
      envoyDecision: settings.envoyDecision,
      hosts: tokens.ask === undefined ? [] : undefined,
      nowMs: Date.now,
      newId: randomUUID,
      onFault: (error) => log.error({ err: error }, 'a request could not be answered'),
    };
  }, tls);
  metrics?.reloaded('swapped', Date.now());
  const warnOfInterpreting = (): void => {
    const { interpreted } = policies.status;
    if (interpreted !== undefined)
      log.warn({ reason: interpreted }, 'policies are interpreted: answers are slow');
  };
  warnOfInterpreting();

  const reload = (): void => {
    try {
      const outcome = policies.reload();
      metrics?.reloaded(outcome, Date.now());
      if (outcome === 'unchanged') return;
      log.info({ revision: policies.policySet.revision }, 'policies read');
      warnOfInterpreting();
    } catch (error) {
      metrics?.reloaded('refused', Date.now());
      log.error({ err: error }, 'the policies on disk cannot be used; the old ones go on deciding');
    }
  };
  const watch = settings.watch
    ? watchPolicies(settings.paths, reload, (error) =>
        log.warn({ err: error }, 'policies are not watched any more'),
      )
    : undefined;
  try {
    const address = await listenApi(app, listen);
    return {
      address,
      revision: () => policies.policySet.revision,
      reload,
      async stop() {
        watch?.close();
        await app.close();
        decisionLog?.close();
      },
    };
  } catch (error) {
    watch?.close();
    await app.close();
    throw error;
  }
}
