/**
 * Puts the credentials of targets together for the composition root: their sources, what is kept sealed, and the port of the data
 * plane. Outages are loud; whether anybody gets in meanwhile is decided by what is still in memory.
 */
import { dirname } from 'node:path';
import { toRfc3339 } from '../proxy/gate/instant.ts';
import type { Clock, JournalPort } from '../proxy/gate/ports.ts';
import { refuse } from '../proxy/gate/refusal.ts';
import type { Settings } from './config/settings.ts';
import { createAwsSource } from './credentials/aws-source.ts';
import { createFileSource } from './credentials/file-source.ts';
import { createJsonSender } from './credentials/json-request.ts';
import { createKeyRing } from './credentials/key-ring.ts';
import type { SealedSecretStore } from './credentials/ports.ts';
import {
  createSealedSecrets,
  type RecordSecretEvent,
  type SealedSecrets,
} from './credentials/sealed-secrets.ts';
import { createSecretPort, type RunningSecretPort } from './credentials/secret-port.ts';
import { createVaultSource } from './credentials/vault-source.ts';
import type { Log } from './log.ts';
import type { ChangeFeed } from './store/changes/change-feed.ts';

export interface CredentialParts {
  readonly store: SealedSecretStore & ChangeFeed;
  readonly clock: Clock;
  readonly journal: JournalPort['append'];
  readonly log: Log;
}

export interface OpenCredentials {
  readonly port: RunningSecretPort;
  readonly sealed: SealedSecrets;
  close(): Promise<void>;
}

/** Opens them; nothing is fetched yet but for what `warm` of the port starts. */
export function openCredentials(settings: Settings, parts: CredentialParts): OpenCredentials {
  const { store, clock, journal, log } = parts;
  const { keys, vault, aws, freshMs, keepMs } = settings.secretSources;
  const nowMs = (): number => Number(clock.nowNs() / 1_000_000n);
  const record: RecordSecretEvent = async (event) => {
    try {
      await journal({ ...event, at: toRfc3339(clock.nowNs()) }, 'synced');
      return undefined;
    } catch {
      // The journal reports its own fault on /healthz and in the log; what is not recorded does not happen.
      return refuse('unavailable', 'journal/unavailable', 'this cannot be recorded at present');
    }
  };
  const sealed = createSealedSecrets({ store, keys: createKeyRing(keys), record, nowMs });
  const vaultSource =
    vault === undefined
      ? undefined
      : createVaultSource({ ...vault, send: createJsonSender('Vault', vault.ca), nowMs });
  const port = createSecretPort({
    secrets: settings.secrets,
    sources: {
      file: createFileSource(dirname(settings.file)),
      vault: vaultSource,
      'aws-secret':
        aws === undefined
          ? undefined
          : createAwsSource({ ...aws, send: createJsonSender('AWS Secrets Manager', undefined) }),
      store: sealed.source,
    },
    freshMs,
    keepMs,
    nowMs,
    onFault: (name, reason) =>
      reason === undefined
        ? log.info({ name }, 'a credential of a target can be had again')
        : log.error(
            { name, reason },
            'A CREDENTIAL OF A TARGET CANNOT BE HAD; the last one is used while there is one',
          ),
    onLost: (name) =>
      log.warn({ name }, 'an account that was lent has ended; sessions that use it may fail'),
  });
  const unwatch = store.watch((change) => {
    if (change.kind === 'secret') port.invalidate('store', change.id);
  });
  return {
    port,
    sealed,
    async close() {
      unwatch();
      await port.close();
      vaultSource?.close();
    },
  };
}
