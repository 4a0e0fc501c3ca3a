/**
 * The targets of the configuration as the data plane wants them: certificates read, found by name.
 */
import { readFileSync } from 'node:fs';
import type { Target, TargetPort, Upstream } from '../proxy/gate/ports.ts';
import { ControlError } from './error.ts';

/** Throws `tls/unusable` when the certificate of an authority cannot be read. */
export function createTargets(configured: readonly Target[]): TargetPort {
  const targets = new Map(
    configured.map((target) => [target.resource.name, withCertificate(target)] as const),
  );
  return { find: (name) => targets.get(name) };
}

/** By which protocol a resource is reached; undefined when there is none of this name. */
export function createProtocolLookup(
  configured: readonly Target[],
): (resource: string) => Upstream['kind'] | undefined {
  const kinds = new Map(
    configured.map(({ resource, upstream }) => [resource.name, upstream.kind] as const),
  );
  return (resource) => kinds.get(resource);
}

function withCertificate(target: Target): Target {
  const { upstream } = target;
  if (upstream.ca === undefined) return target;
  try {
    return { ...target, upstream: { ...upstream, ca: readFileSync(upstream.ca, 'utf8') } };
  } catch (cause) {
    throw new ControlError('tls/unusable', `the certificate ${upstream.ca} cannot be read`, {
      cause,
      hint: `check \`ca\` of the resource ${target.resource.name}`,
    });
  }
}
