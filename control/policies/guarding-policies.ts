/** What the gateway loads its policies with: the packages that guard its resources, and who hears of what goes wrong. */
import type { Target } from '../../proxy/gate/ports.ts';
import type { Log } from '../log.ts';
import type { GatewayPolicyOptions } from './compile.ts';

/** Every list of packages that guards a resource, each once. */
export function guardingPolicies(
  { targets }: { readonly targets: readonly Pick<Target, 'policies'>[] },
  onError: (error: unknown) => void,
  log: Pick<Log, 'warn'>,
): GatewayPolicyOptions {
  const guards = new Map(targets.map(({ policies }) => [policies.join('\0'), policies]));
  return {
    onError,
    onInterpreted: ({ code, policies, message }) =>
      log.warn({ code, policies, reason: message }, 'policies are interpreted: decisions are slow'),
    guards: [...guards.values()],
  };
}
