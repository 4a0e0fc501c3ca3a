/**
 * By which names the API may be asked. A page of another site can have its own name resolve to this machine and then read
 * what is answered here (DNS rebinding); its name still stands in `Host`, so names nobody configured are refused.
 * RFC 9110 section 7.2.
 */
import { isIP } from 'node:net';

/** Tells whether a `Host` field names this API: an IP address, `localhost` or one of `names`, with any port. */
export function createHostCheck(names: readonly string[]): (host: string | undefined) => boolean {
  const known = new Set(['localhost', ...names.map(plainName)]);
  return (host) => {
    const name = hostnameOf(host ?? '');
    return name !== undefined && (isIP(name) !== 0 || known.has(name));
  };
}

/** `name`, `name:port`, `[v6]` or `[v6]:port` without the port; undefined for anything else. */
function hostnameOf(host: string): string | undefined {
  const found = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::\d{0,5})?$/.exec(host);
  if (found === null) return undefined;
  const [, address, name] = found;
  return address ?? plainName(name ?? '');
}

/** Names differ neither by case nor by the dot of the root. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
