/**
 * The input of a decision that is only tried: an action somebody of the configuration might take, now, on a session of its own.
 */
import type { ActionInput, PolicyInput, ResourceInput } from '../../engine/contract/input.ts';
import { suggest } from '../../lang/suggest.ts';
import { contextAt } from '../../proxy/gate/instant.ts';
import type { Settings } from '../config/settings.ts';
import { ControlError } from '../error.ts';
import { toIdentity, toPartyClaims } from '../identity/claims.ts';
import type { IdentityRegistry, LocalIdentity } from '../identity/registry.ts';

export interface Trial {
  /** Subject of who acts. */
  readonly as: string;
  /** Subject of whom an agent acts for. */
  readonly for: string | undefined;
  readonly resource: ResourceInput;
  readonly action: ActionInput;
  /** What asks; it stands where a client names itself. */
  readonly application: string;
}

/** The input policies would see. Throws `identity/unknown-subject` for who is not in the registry. */
export function trialInput(
  registry: IdentityRegistry,
  tokens: Pick<Settings['tokens'], 'issuer' | 'audience' | 'lifetimeMs'>,
  trial: Trial,
): PolicyInput {
  const actor = toPartyClaims(find(registry, trial.as));
  const principal = trial.for === undefined ? undefined : toPartyClaims(find(registry, trial.for));
  const now = Date.now();
  const seconds = Math.floor(now / 1000);
  const identity = toIdentity({
    ...(principal ?? actor),
    ...(principal === undefined ? {} : { act: actor }),
    iss: tokens.issuer,
    aud: tokens.audience,
    jti: 'decide',
    iat: seconds,
    nbf: seconds,
    exp: seconds + Math.floor(tokens.lifetimeMs / 1000),
  });
  return {
    identity,
    resource: trial.resource,
    session: {
      id: 'decide',
      started_at: new Date(now).toISOString(),
      client: { ip: '127.0.0.1', application: trial.application, fingerprint: '' },
      actions: 0,
      rows: 0,
    },
    action: trial.action,
    context: contextAt(BigInt(now) * 1_000_000n, []),
  };
}

function find(registry: IdentityRegistry, subject: string): LocalIdentity {
  const identity = registry.get(subject);
  if (identity !== undefined) return identity;
  const close = suggest(subject, registry.keys());
  throw new ControlError('identity/unknown-subject', `no identity is called \`${subject}\``, {
    hint: close === undefined ? 'add it under `identities:`' : `did you mean \`${close}\`?`,
  });
}
