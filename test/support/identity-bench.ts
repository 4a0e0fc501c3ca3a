/**
 * The whole way from a credential to an identity, with two providers of the test's own and a clock that stands still: what a forger
 * of tokens is up against. Tokens are signed here by hand, so that any header and payload can be made.
 */
import {
  createHmac,
  generateKeyPairSync,
  type KeyObject,
  type KeyPairKeyObjectResult,
  sign,
} from 'node:crypto';
import { createProofCheck } from '../../control/identity/dpop.ts';
import { createKeySource, type KeySource } from '../../control/identity/providers/key-source.ts';
import type { Mapping, Provider } from '../../control/identity/providers/provider.ts';
import { createProviderBearer } from '../../control/identity/providers/provider-bearer.ts';
import { createRegistry, type LocalIdentity } from '../../control/identity/registry.ts';
import { TOKEN_TYPE } from '../../control/identity/sign.ts';
import { createSignIn, readWith } from '../../control/identity/sign-in.ts';
import { createTokenVerifier } from '../../control/identity/verify.ts';
import type { IdentityInput } from '../../engine/contract/input.ts';
import type { IdentityPort, KeyProof } from '../../proxy/gate/ports.ts';
import { isRefusal } from '../../proxy/gate/refusal.ts';

export const NOW_MS = Date.UTC(2026, 0, 1);
export const NOW = NOW_MS / 1000;
export const CORP = 'https://corp.example';
export const CLUSTER = 'https://cluster.example';

export type Claims = Readonly<Record<string, unknown>>;

/** Keys are slow to make and are the same for all cases of a file. */
export interface BenchKeys {
  readonly corp: KeyPairKeyObjectResult;
  readonly corpEc: KeyPairKeyObjectResult;
  readonly cluster: KeyPairKeyObjectResult;
  readonly attacker: KeyPairKeyObjectResult;
  readonly own: KeyPairKeyObjectResult;
}

export function makeBenchKeys(): BenchKeys {
  return {
    corp: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    corpEc: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    cluster: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    attacker: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    own: generateKeyPairSync('ed25519'),
  };
}

const part = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A compact JWS of exactly these texts, signed as `alg` says, whatever the header says. */
export function forge(
  header: object | string,
  payload: object | string,
  key: KeyObject | string,
  alg: string,
): string {
  const body = `${part(header)}.${part(payload)}`;
  if (typeof key === 'string')
    return `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`;
  const hash = alg === 'EdDSA' ? null : 'sha256';
  const options = alg.startsWith('ES') ? { key, dsaEncoding: 'ieee-p1363' as const } : key;
  return `${body}.${sign(hash, Buffer.from(body), options).toString('base64url')}`;
}

export interface IdentityBench {
  readonly port: IdentityPort;
  /** Addresses that were fetched. */
  readonly fetched: string[];
  readonly revoked: Set<string>;
  clockMs: number;
  /** A token of the directory, of people. */
  corp(claims?: Claims, header?: Claims): string;
  /** A token of the cluster, of workloads. */
  cluster(claims?: Claims, header?: Claims): string;
  /** A token of this gateway. */
  own(claims?: Claims): string;
  /** The code of the refusal, or the subject that was taken for who it is. */
  outcome(token: string, proof?: KeyProof, resource?: string): Promise<string>;
  identify(token: string, proof?: KeyProof): Promise<IdentityInput>;
  /** The code of the refusal, or the subject, of an ID token that is brought to be exchanged. */
  signIn(idToken: string): Promise<string>;
}

const mapping: Mapping = {
  kind: 'service',
  prefix: 'cluster:',
  subject: 'sub',
  name: 'name',
  email: 'email',
  groups: undefined,
  groupMap: undefined,
  giveGroups: ['workloads'],
  keep: [],
  subjects: ['system:serviceaccount:prod:*'],
  require: new Map(),
  mfa: ['mfa'],
};

const provider = (name: string, issuer: string, more: Mapping): Provider => ({
  name,
  issuer,
  jwksUri: `${issuer}/keys`,
  ca: undefined,
  clientId: 'cli',
  scopes: [],
  redirectPort: undefined,
  audiences: ['sallyport'],
  algorithms: ['RS256', 'ES256', 'PS256'],
  maxLifeMs: 3_600_000,
  mapping: more,
});

const agent: LocalIdentity = {
  subject: 'cluster:system:serviceaccount:prod:helper',
  name: 'Helper',
  email: undefined,
  kind: 'agent',
  groups: ['agents'],
  owner: 'ada',
  actsFor: [],
  agent: {
    purpose: 'helps',
    resources: ['shop'],
    expiresAtMs: NOW_MS + 86_400_000,
    actsForGroups: ['engineering'],
    clientId: 'helper-client',
  },
};
const local: LocalIdentity = {
  subject: 'root',
  name: 'Root',
  email: undefined,
  kind: 'human',
  groups: ['admins'],
  owner: undefined,
  actsFor: [],
};

export function openIdentityBench(keys: BenchKeys): IdentityBench {
  const fetched: string[] = [];
  const revoked = new Set<string>();
  const registry = createRegistry([agent, local]);
  const nowMs = (): number => bench.clockMs;
  const clock = { nowNs: () => BigInt(nowMs()) * 1_000_000n };
  const isRevoked = (id: string): boolean => revoked.has(id);
  const proofs = createProofCheck(clock);
  const jwk = (key: KeyObject, kid: string, more: object = {}): object => ({
    ...key.export({ format: 'jwk' }),
    kid,
    ...more,
  });
  const sets: Readonly<Record<string, readonly object[]>> = {
    [`${CORP}/keys`]: [
      jwk(keys.corp.publicKey, 'corp-1', { use: 'sig' }),
      jwk(keys.corpEc.publicKey, 'corp-ec'),
      jwk(keys.attacker.publicKey, 'corp-enc', { use: 'enc' }),
      { kty: 'oct', kid: 'shared', k: Buffer.from('secret').toString('base64url') },
    ],
    [`${CLUSTER}/keys`]: [jwk(keys.cluster.publicKey, 'cluster-1')],
  };
  const keysOf = (one: Provider): KeySource =>
    createKeySource({
      provider: one,
      nowMs,
      onChange: () => undefined,
      fetchJson: async (url) => {
        fetched.push(url);
        return { keys: sets[url] ?? [] };
      },
    });
  const corp = provider('corp', CORP, {
    ...mapping,
    kind: 'human',
    prefix: '',
    groups: 'groups',
    giveGroups: [],
    subjects: [],
  });
  const providers = [corp, provider('cluster', CLUSTER, mapping)].map((one) => ({
    provider: one,
    keys: keysOf(one),
  }));
  const bearer = createProviderBearer({ providers, registry, nowMs, proofs, isRevoked });
  const own = createTokenVerifier({
    issuer: { issuer: 'sallyport', audience: 'sallyport', lifetimeMs: 1, maxLifetimeMs: 1 },
    registry,
    publicKey: keys.own.publicKey,
    clock,
    isRevoked,
    proofs,
    providers: new Set([CORP, CLUSTER]),
  });
  const port = createSignIn(
    [readWith(bearer.takes, bearer.read, 'oidc')],
    readWith(() => true, own.read, 'session'),
    registry,
    () => 'postgres',
  );
  const base = { aud: 'sallyport', iat: NOW - 60, exp: NOW + 600, jti: 't1' };
  const bench: IdentityBench = {
    port,
    fetched,
    revoked,
    clockMs: NOW_MS,
    corp: (claims, header) =>
      forge(
        { alg: 'RS256', kid: 'corp-1', ...header },
        { iss: CORP, sub: 'ada', groups: ['engineering'], ...base, ...claims },
        keys.corp.privateKey,
        'RS256',
      ),
    cluster: (claims, header) =>
      forge(
        { alg: 'ES256', kid: 'cluster-1', ...header },
        { iss: CLUSTER, sub: 'system:serviceaccount:prod:helper', ...base, ...claims },
        keys.cluster.privateKey,
        'ES256',
      ),
    async signIn(idToken) {
      const claims = await bearer.readSignIn(idToken);
      return isRefusal(claims) ? claims.code : claims.sub;
    },
    own: (claims) =>
      forge(
        { alg: 'EdDSA', typ: TOKEN_TYPE },
        {
          iss: 'sallyport',
          ...base,
          nbf: NOW - 60,
          sub: 'ada',
          idp: CORP,
          name: 'Ada',
          kind: 'human',
          groups: ['engineering'],
          ...claims,
        },
        keys.own.privateKey,
        'EdDSA',
      ),
    async outcome(token, proof, resource) {
      const credential = {
        kind: 'bearer',
        token,
        ...(proof === undefined ? {} : { proof }),
      } as const;
      const found = await port.identify(credential, resource);
      return isRefusal(found) ? found.code : found.subject;
    },
    async identify(token, proof) {
      const credential = {
        kind: 'bearer',
        token,
        ...(proof === undefined ? {} : { proof }),
      } as const;
      const found = await port.identify(credential);
      if (isRefusal(found)) throw new Error(found.code);
      return found;
    },
  };
  return bench;
}
