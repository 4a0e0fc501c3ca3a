/**
 * The token exchange (RFC 8693): an agent brings its own token and its user's and gets a short token whose `act` names both.
 * Nothing is given that the registry, the person's consent and both tokens do not all allow, and what is given ends with the first
 * of them.
 */
import type { Credential, KeyProof } from '../../proxy/gate/ports.ts';
import { isRefusal, type Refusal, refuse } from '../../proxy/gate/refusal.ts';
import { type ActorClaims, actorsOf, MAX_ROOTS, partyOf, type TokenClaims } from './claims.ts';
import { type ConsentDesk, consentRoot } from './consents.ts';
import type { RecordEvent } from './ports.ts';
import { type IdentityRegistry, mayActFor } from './registry.ts';
import { type SignedToken, signToken, type TokenIssuer } from './sign.ts';
import type { SigningKey } from './signing-key.ts';

/** How far people may let agents act for them. */
export interface DelegationRules {
  readonly lifetimeMs: number;
  readonly maxConsentMs: number;
  /** Agents in one chain. */
  readonly maxDepth: number;
}

export interface Delegation {
  readonly subjectToken: string;
  readonly actorToken: string;
  /** What the agent proved with its request, for a token of its own that is bound to a key. */
  readonly proof?: KeyProof;
}

export interface TokenExchange {
  /** An agent's token for acting for a person. */
  delegate(request: Delegation): Promise<SignedToken | Refusal>;
}

export interface ExchangeOptions {
  readonly rules: DelegationRules;
  readonly issuer: TokenIssuer;
  readonly key: SigningKey;
  readonly registry: IdentityRegistry;
  readonly consents: Pick<ConsentDesk, 'findStanding'>;
  readonly record: RecordEvent;
  /** Reads any token that could itself sign in. */
  readonly read: (credential: Credential) => Promise<TokenClaims | Refusal>;
  readonly nowMs: () => number;
  readonly newId: () => string;
}

export function createTokenExchange(options: ExchangeOptions): TokenExchange {
  const { rules, issuer, key, registry, record, nowMs } = options;

  const sign = (
    claims: Parameters<typeof signToken>[0],
    id: string,
    expiresAtMs: number,
  ): Promise<SignedToken> => signToken(claims, { id, nowMs: nowMs(), expiresAtMs }, issuer, key);

  function refuseChain(actor: TokenClaims, subject: TokenClaims): Refusal | undefined {
    if (actor.act !== undefined)
      return no('identity/actor-delegated', 'the token of the agent is itself one for another');
    if (subject.kind !== 'human')
      return no('identity/not-a-person', 'an agent acts for a person; this token is of none');
    const chain = [subject, ...actorsOf(subject)];
    if (chain.some(({ sub }) => sub === actor.sub))
      return no('identity/circular-chain', `${actor.sub} is in this chain already`);
    if (chain.length > rules.maxDepth)
      return no('identity/chain-too-long', `at most ${rules.maxDepth} agents act in one chain`);
    const agent = registry.get(actor.sub);
    if (agent === undefined || agent.kind === 'human' || agent.kind !== actor.kind)
      return no('identity/unknown-agent', `${actor.sub} is no registered agent`);
    return chain.some(({ sub, groups }) => mayActFor(agent, sub, groups))
      ? undefined
      : no('identity/not-delegated', `${actor.sub} may not act for ${subject.sub}`);
  }

  return {
    async delegate({ subjectToken, actorToken, proof }) {
      const actor = await options.read({
        kind: 'bearer',
        token: actorToken,
        ...(proof === undefined ? {} : { proof }),
      });
      if (isRefusal(actor)) return actor;
      // The proof is the agent's: a person's bound token is not to be used by whom it was copied to.
      const subject = await options.read({ kind: 'bearer', token: subjectToken });
      if (isRefusal(subject)) return subject;
      const misfit = refuseChain(actor, subject);
      if (misfit !== undefined) return misfit;
      const consent = await options.consents.findStanding(subject.sub, actor.sub);
      if (consent === undefined)
        return refuse(
          'blocked',
          'consent/needed',
          `${subject.sub} has not let ${actor.sub} act for them`,
          { hint: `they do with \`sallyport consent grant ${actor.sub}\`` },
        );
      const roots = [...new Set([...idsOf(subject), ...idsOf(actor), consentRoot(consent.id)])];
      if (roots.length > MAX_ROOTS)
        return no('identity/chain-too-long', 'the chain rests on too many tokens');
      const expiresAtMs = Math.min(
        nowMs() + rules.lifetimeMs,
        actor.exp * 1000,
        subject.exp * 1000,
        consent.expiresAtMs,
      );
      const resources = narrow(subject.resources, consent.resources);
      const act: ActorClaims = {
        ...partyOf(actor),
        ...(subject.act === undefined ? {} : { act: subject.act }),
      };
      const id = options.newId();
      const unrecorded = await record({
        type: 'identity.delegated',
        subject: subject.sub,
        actors: actorsOf({ act }).map(({ sub }) => sub),
        by: actor.sub,
        credential: id,
        detail: `${actor.sub} acts for ${subject.sub} until ${new Date(expiresAtMs).toISOString()}`,
      });
      if (unrecorded !== undefined) return unrecorded;
      return sign(
        {
          ...partyOf(subject),
          act,
          roots,
          ...(actor.cnf === undefined ? {} : { cnf: actor.cnf }),
          ...(resources === undefined ? {} : { resources }),
          ...(subject.scopes === undefined ? {} : { scopes: subject.scopes }),
          ...(subject.mfa === undefined ? {} : { mfa: subject.mfa }),
          ...(subject.ext === undefined ? {} : { ext: subject.ext }),
        },
        id,
        expiresAtMs,
      );
    },
  };
}

function idsOf(claims: TokenClaims): readonly string[] {
  return [claims.jti, ...(claims.roots ?? [])];
}

/** What both allow; all where neither says. */
function narrow(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): readonly string[] | undefined {
  return one === undefined || other === undefined
    ? (one ?? other)
    : one.filter((name) => other.includes(name));
}

function no(code: string, message: string): Refusal {
  return refuse('unauthenticated', code, message);
}
