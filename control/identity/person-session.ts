/**
 * The session a person gets who signed in at a provider: a short token of this gateway. What is renewed silently later stays one
 * sign-in: every token of it rests on the same root, and ends with it. Nothing is signed that could not be recorded.
 */
import type { Credential } from '../../proxy/gate/ports.ts';
import { isRefusal, type Refusal, refuse } from '../../proxy/gate/refusal.ts';
import { partyOf, type TokenClaims } from './claims.ts';
import type { OnceStore, RecordEvent } from './ports.ts';
import { PROVIDER_SKEW_SECONDS } from './providers/provider-token.ts';
import { type SignedToken, signToken, type TokenIssuer } from './sign.ts';
import type { SigningKey } from './signing-key.ts';
import { MAX_TOKEN_LENGTH } from './verify.ts';

const ROOT = 'login:';

/** The id under which everything that came of one sign-in is revoked. */
export const isLoginRoot = (id: string): boolean => id.startsWith(ROOT);

/** What a provider said about a person, verified. */
export interface SignInEvidence {
  readonly person: TokenClaims;
  /** The id under which the evidence is used up, and until when it could be shown again. */
  readonly onceId: string;
  readonly onceUntilMs: number;
  /** When the provider wants the session to end at the latest. */
  readonly notAfterMs?: number;
}

export interface PersonSessions {
  /** For an ID token, which is good once. `previous` is the session it renews. */
  byIdToken(idToken: string, previous: string | undefined): Promise<SignedToken | Refusal>;
  /** For a sign-in that was verified elsewhere. */
  open(evidence: SignInEvidence): Promise<SignedToken | Refusal>;
}

export interface PersonSessionOptions {
  readonly sessionMs: number;
  readonly issuer: TokenIssuer;
  readonly key: SigningKey;
  readonly store: OnceStore;
  readonly record: RecordEvent;
  readonly readSignIn: (idToken: string) => Promise<TokenClaims | Refusal>;
  /** Reads a token of this gateway. */
  readonly readOwn: (credential: Credential) => Promise<TokenClaims | Refusal>;
  readonly nowMs: () => number;
  readonly newId: () => string;
}

export function createPersonSessions(options: PersonSessionOptions): PersonSessions {
  const { issuer, key, store, nowMs } = options;

  /** The root of the sign-in that `previous` belongs to; undefined when that is over and a new one begins. */
  async function rootOf(
    previous: string,
    person: TokenClaims,
  ): Promise<string | Refusal | undefined> {
    const before = await options.readOwn({ kind: 'bearer', token: previous });
    if (isRefusal(before)) return before.code === 'identity/expired' ? undefined : before;
    if (before.sub !== person.sub || before.idp !== person.idp || before.act !== undefined)
      return no('identity/swapped-subject', 'the session to renew is of somebody else');
    return before.roots?.find(isLoginRoot);
  }

  async function open(
    { person, onceId, onceUntilMs, notAfterMs }: SignInEvidence,
    previous?: string,
  ): Promise<SignedToken | Refusal> {
    if (person.kind !== 'human')
      return no('identity/not-a-person', 'only people sign in at a provider');
    const renewed = previous === undefined ? undefined : await rootOf(previous, person);
    if (isRefusal(renewed)) return renewed;
    const now = nowMs();
    if (!(await store.useOnce(onceId, now, onceUntilMs)))
      return no('identity/replayed', 'this sign-in was used before');
    const id = options.newId();
    const signed = await signToken(
      {
        ...partyOf(person),
        roots: [person.jti, renewed ?? `${ROOT}${id}`],
        ...(person.mfa === undefined ? {} : { mfa: person.mfa }),
        ...(person.ext === undefined ? {} : { ext: person.ext }),
      },
      {
        id,
        nowMs: now,
        expiresAtMs: Math.min(now + options.sessionMs, notAfterMs ?? Number.POSITIVE_INFINITY),
      },
      issuer,
      key,
    );
    if (signed.token.length > MAX_TOKEN_LENGTH)
      return no('identity/oversized', 'the provider says more about you than a token can hold');
    const unrecorded = await options.record({
      type: 'identity.signed-in',
      subject: person.sub,
      actors: [],
      by: person.sub,
      credential: id,
      detail:
        renewed === undefined
          ? `${person.sub} signed in at ${person.iss}`
          : `${person.sub} renewed a session by ${person.iss}`,
    });
    return unrecorded ?? signed;
  }

  return {
    open: (evidence) => open(evidence),
    async byIdToken(idToken, previous) {
      const person = await options.readSignIn(idToken);
      return isRefusal(person)
        ? person
        : open(
            {
              person,
              onceId: `id-token:${person.jti}`,
              // Remembered for longer than the provider's clock can make it acceptable.
              onceUntilMs: (person.exp + 2 * PROVIDER_SKEW_SECONDS) * 1000,
            },
            previous,
          );
    },
  };
}

function no(code: string, message: string): Refusal {
  return refuse('unauthenticated', code, message);
}
