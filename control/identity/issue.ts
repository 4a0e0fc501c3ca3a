/**
 * Makes local tokens for the identities of the configuration. Whoever can run this on the gateway's machine can read its key;
 * the checks here keep an operator from mistakes, and the verification in verify.ts keeps everybody else out.
 */
import { suggest } from '../../lang/suggest.ts';
import { ControlError } from '../error.ts';
import { type Confirmation, toPartyClaims } from './claims.ts';
import { type IdentityRegistry, type LocalIdentity, mayActFor } from './registry.ts';
import { signToken, type TokenIssuer } from './sign.ts';
import type { SigningKey } from './signing-key.ts';

export interface TokenRequest {
  readonly subject: string;
  /** Whom an agent acts for. */
  readonly onBehalfOf: string | undefined;
  readonly lifetimeMs: number | undefined;
  /** The key it is bound to, if it is to be. */
  readonly binding?: Confirmation;
}

export interface IssuedToken {
  readonly token: string;
  readonly id: string;
  readonly subject: string;
  readonly onBehalfOf: string | undefined;
  readonly expiresAt: string;
}

/** Signs a token. Throws `identity/...` for a subject, delegation or lifetime that is not allowed. */
export async function issueToken(
  request: TokenRequest,
  issuer: TokenIssuer,
  registry: IdentityRegistry,
  key: SigningKey,
  ambient: { readonly nowMs: number; readonly newId: () => string },
): Promise<IssuedToken> {
  const identity = findIdentity(request.subject, registry);
  const principal =
    request.onBehalfOf === undefined ? undefined : findIdentity(request.onBehalfOf, registry);
  if (principal !== undefined && !mayActFor(identity, principal.subject))
    throw new ControlError(
      'identity/not-delegated',
      `${identity.subject} may not act for ${principal.subject}`,
      {
        hint:
          identity.kind === 'human'
            ? 'only agents and services act for others'
            : `add ${principal.subject} to \`acts_for\` of ${identity.subject} in sallyport.yaml`,
      },
    );
  const lifetimeMs = request.lifetimeMs ?? issuer.lifetimeMs;
  if (lifetimeMs < 1000 || lifetimeMs > issuer.maxLifetimeMs)
    throw new ControlError(
      'identity/lifetime',
      lifetimeMs < 1000 ? 'a token lives a second at least' : 'a token cannot live that long',
      {
        hint: `ask for 1s to ${durationOf(issuer.maxLifetimeMs)}, or raise \`tokens.max_lifetime\``,
      },
    );
  const until = ambient.nowMs + lifetimeMs;
  const signed = await signToken(
    {
      ...toPartyClaims(principal ?? identity),
      ...(principal === undefined ? {} : { act: toPartyClaims(identity) }),
      ...(request.binding === undefined ? {} : { cnf: request.binding }),
    },
    { id: ambient.newId(), nowMs: ambient.nowMs, expiresAtMs: until },
    issuer,
    key,
  );
  return {
    token: signed.token,
    id: signed.id,
    subject: identity.subject,
    onBehalfOf: principal?.subject,
    expiresAt: new Date(signed.expiresAtMs).toISOString(),
  };
}

function findIdentity(subject: string, registry: IdentityRegistry): LocalIdentity {
  const identity = registry.get(subject);
  if (identity !== undefined) return identity;
  const close = suggest(subject, [...registry.keys()]);
  throw new ControlError('identity/unknown-subject', `no identity is called \`${subject}\``, {
    hint:
      close === undefined
        ? 'add it under `identities:` in sallyport.yaml'
        : `did you mean \`${close}\`? Identities stand under \`identities:\` in sallyport.yaml`,
  });
}

/** `30d`, `12h`, `90m`, `45s`: whole units, the largest that fits. */
function durationOf(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
  ] as const)
    if (seconds % size === 0) return `${seconds / size}${unit}`;
  return `${seconds}s`;
}
