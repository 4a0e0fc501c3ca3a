/**
 * Whom a request is from and what it is for: the token in its authorization fields, the resource in its host. Pure.
 */

export type CredentialReading =
  | {
      readonly ok: true;
      readonly token: string | undefined;
      /** Present when the token came with the scheme `DPoP`: a proof is to come with every request. */
      readonly scheme?: 'dpop';
    }
  | { readonly ok: false; readonly why: string };

const DPOP = /^dpop +([A-Za-z0-9\-._~+/]+=*)$/i;

/** The gateway token: `Bearer <token>`, `DPoP <token>`, or the password of `Basic` (the name is for the client's own use). */
export function readToken(
  authorization: string | undefined,
  proxyAuthorization: string | undefined,
): CredentialReading {
  const bound = DPOP.exec(authorization ?? '')?.[1];
  if (bound !== undefined) {
    return proxyAuthorization === undefined
      ? { ok: true, token: bound, scheme: 'dpop' }
      : { ok: false, why: 'a `DPoP` token stands beside another' };
  }
  const tokens = [authorization, proxyAuthorization]
    .filter((field) => field !== undefined)
    .map(tokenOf);
  if (tokens.includes(undefined)) {
    return { ok: false, why: 'the authorization is neither `Bearer`, `DPoP` nor `Basic`' };
  }
  const [token] = tokens;
  if (tokens.some((each) => each !== token)) {
    return { ok: false, why: 'the request carries two different tokens' };
  }
  return { ok: true, token };
}

function tokenOf(field: string): string | undefined {
  const bearer = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(field)?.[1];
  if (bearer !== undefined) return bearer;
  const basic = /^basic +([A-Za-z0-9+/]+=*)$/i.exec(field)?.[1];
  if (basic === undefined) return undefined;
  const pair = Buffer.from(basic, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 0 || colon === pair.length - 1 ? undefined : pair.slice(colon + 1);
}

const HOST = /^([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)\.?(?::\d{1,5})?$/;

/** The host without its port, lower case; undefined when it is no host name (an IPv6 address in brackets is none here). */
export function readHost(host: string): string | undefined {
  return HOST.exec(host.toLowerCase())?.[1];
}

/** The resource a host stands for: as configured, or its first label. Undefined for an address. */
export function resourceOf(
  host: string,
  hosts: Readonly<Record<string, string>>,
): string | undefined {
  const configured = Object.hasOwn(hosts, host) ? hosts[host] : undefined;
  if (configured !== undefined) return configured;
  if (/^[\d.]+$/.test(host)) return undefined;
  return host.split('.')[0];
}
