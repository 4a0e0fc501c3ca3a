/**
 * Puts identity together for the composition root: the keys of the trusted providers, the proofs, and the one port that turns a
 * credential into an identity. No rule of access is decided here.
 */
import { toRfc3339 } from '../../proxy/gate/instant.ts';
import type { Clock, IdentityPort, JournalPort } from '../../proxy/gate/ports.ts';
import { refuse } from '../../proxy/gate/refusal.ts';
import type { Log } from '../log.ts';
import { type ApiKeys, createApiKeys } from './api-keys.ts';
import { type BreakGlassEntry, createBreakGlass } from './break-glass.ts';
import { type Connections, createConnections, refuseLimited } from './connections.ts';
import { type ConsentDesk, createConsentDesk } from './consents.ts';
import { createProofCheck } from './dpop.ts';
import { createTokenExchange, type DelegationRules, type TokenExchange } from './exchange.ts';
import { createPersonSessions, type PersonSessions } from './person-session.ts';
import type { IdentityStore, KeyProtocol, RecordEvent } from './ports.ts';
import { createFetchJson } from './providers/fetch-json.ts';
import { createKeySource } from './providers/key-source.ts';
import type { Provider } from './providers/provider.ts';
import { createProviderBearer, type TrustedProvider } from './providers/provider-bearer.ts';
import type { IdentityRegistry } from './registry.ts';
import type { RevocationView } from './revocations.ts';
import type { SamlProvider } from './saml/saml-provider.ts';
import type { SamlSignIn } from './saml/saml-sign-in.ts';
import type { TokenIssuer } from './sign.ts';
import { createSignIn, readWith } from './sign-in.ts';
import type { SigningKey } from './signing-key.ts';
import { createTokenVerifier } from './verify.ts';

export interface IdentityParts {
  readonly issuer: TokenIssuer;
  readonly providers: readonly Provider[];
  readonly samlProviders: readonly SamlProvider[];
  /** Milliseconds for which a person is signed in. */
  readonly sessionMs: number;
  readonly registry: IdentityRegistry;
  readonly key: SigningKey;
  readonly delegation: DelegationRules;
  readonly breakGlass: readonly BreakGlassEntry[];
  readonly store: IdentityStore;
  readonly journal: JournalPort['append'];
  readonly newId: () => string;
  readonly clock: Clock;
  readonly revocations: Pick<RevocationView, 'isRevoked' | 'note'>;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
  /** Life of a token for one connection when none is asked for. */
  readonly connectionMs: number;
  /** By which way a resource is reached; undefined when there is none of this name. */
  readonly protocolOf: (resource: string) => KeyProtocol | undefined;
}

export interface AssembledIdentity {
  readonly port: IdentityPort;
  readonly consents: ConsentDesk;
  readonly exchange: TokenExchange;
  readonly connections: Connections;
  readonly apiKeys: ApiKeys;
  readonly people: PersonSessions;
  /** Undefined where no SAML provider is configured. */
  readonly saml: SamlSignIn | undefined;
  /** `ok`, or which providers do not answer; sessions that are signed in do not depend on them. */
  health(): string;
}

export async function assembleIdentity(parts: IdentityParts): Promise<AssembledIdentity> {
  const { registry, clock, store, revocations, newId, log } = parts;
  const { isRevoked } = revocations;
  const nowMs = (): number => Number(clock.nowNs() / 1_000_000n);
  const proofs = createProofCheck(clock);
  const providers = parts.providers.map(
    (provider): TrustedProvider => ({
      provider,
      keys: createKeySource({
        provider,
        fetchJson: createFetchJson(provider.ca),
        nowMs,
        onChange: (status) =>
          status.reachable
            ? log.info(status, 'an identity provider answers again')
            : log.error(
                status,
                'AN IDENTITY PROVIDER DOES NOT ANSWER; its keys are kept meanwhile',
              ),
      }),
    }),
  );
  const bearer = createProviderBearer({
    providers,
    otherPrefixes: parts.samlProviders.map(({ mapping }) => mapping.prefix),
    registry,
    nowMs,
    proofs,
    isRevoked,
  });
  const own = createTokenVerifier({
    issuer: parts.issuer,
    registry,
    publicKey: parts.key.publicKey,
    clock,
    isRevoked,
    proofs,
    providers: new Set([...parts.providers, ...parts.samlProviders].map(({ issuer }) => issuer)),
  });
  const record: RecordEvent = async (event) => {
    try {
      await parts.journal({ ...event, at: toRfc3339(clock.nowNs()) }, 'synced');
      return undefined;
    } catch {
      // The journal reports its own fault on /healthz and in the log; what is not recorded does not happen.
      return refuse('unavailable', 'journal/unavailable', 'this cannot be recorded at present');
    }
  };
  const revokeId = async (tokenId: string, by: string, expiresAtMs: number): Promise<void> => {
    await store.revokeToken({ tokenId, by, atMs: nowMs(), expiresAtMs });
    revocations.note(tokenId);
  };
  const breakGlass = createBreakGlass({
    entries: parts.breakGlass,
    store,
    record,
    nowMs,
    alert: (use) =>
      use === 'refused'
        ? log.warn({}, 'a break-glass code was shown that opens nothing')
        : log.error(use, 'BREAK-GLASS: A SEALED CODE WAS USED'),
  });
  const consents = createConsentDesk({
    store,
    registry,
    record,
    revokeRoot: revokeId,
    maxLifetimeMs: parts.delegation.maxConsentMs,
    nowMs,
    newId,
  });
  const read = refuseLimited((credential) =>
    (bearer.takes(credential.token) ? bearer : own).read(credential),
  );
  const exchange = createTokenExchange({
    rules: parts.delegation,
    issuer: parts.issuer,
    key: parts.key,
    registry,
    consents,
    record,
    read,
    nowMs,
    newId,
  });
  const people = createPersonSessions({
    sessionMs: parts.sessionMs,
    issuer: parts.issuer,
    key: parts.key,
    store,
    record,
    readSignIn: bearer.readSignIn,
    readOwn: refuseLimited(own.read),
    nowMs,
    newId,
  });
  const { protocolOf } = parts;
  const apiKeys = createApiKeys({
    store,
    registry,
    issuer: parts.issuer.issuer,
    protocolOf,
    record,
    isRevoked,
    revokeId,
    onFault: (error) => log.warn({ err: error }, 'the use of a key was not noted'),
    nowMs,
    newId,
  });
  const port = createSignIn(
    [
      readWith(breakGlass.takes, ({ token }) => breakGlass.open(token), 'session'),
      readWith(apiKeys.takes, apiKeys.read, 'api-key'),
      readWith(bearer.takes, bearer.read, 'oidc'),
    ],
    readWith(() => true, own.read, 'session'),
    registry,
    protocolOf,
  );
  return {
    port,
    consents,
    exchange,
    apiKeys,
    connections: createConnections({
      issuer: parts.issuer,
      key: parts.key,
      lifetimeMs: parts.connectionMs,
      identify: port.identify,
      read,
      readOwn: own.read,
      protocolOf,
      record,
      revokeId,
      nowMs,
      newId,
    }),
    people,
    saml: await openSaml(parts, people, nowMs),
    health() {
      const down = providers.filter(({ keys }) => !keys.status.reachable);
      return down.length === 0
        ? 'ok'
        : `ok, but these providers do not answer: ${down.map(({ provider }) => provider.name).join(', ')}`;
    },
  };
}

/** The SAML library is loaded only where it is needed. */
async function openSaml(
  { samlProviders, providers, registry, log }: IdentityParts,
  people: PersonSessions,
  nowMs: () => number,
): Promise<SamlSignIn | undefined> {
  if (samlProviders.length === 0) return undefined;
  const { createSamlSignIn } = await import('./saml/saml-sign-in.ts');
  return createSamlSignIn({
    providers: samlProviders,
    people,
    registry,
    otherPrefixes: providers.map(({ mapping }) => mapping.prefix),
    nowMs,
    onRefused: (provider, { code, message }) =>
      log.warn({ provider, code }, `a SAML sign-in was refused: ${message}`),
  });
}
