/** The part of a reference between `//` and the path: user, host and port as Go's `net/url` takes them apart (RFC 3986, 6874). */
import { type BuiltinFault, builtinError, isFault } from '../value/fault.ts';
import { quoteText } from '../value/text.ts';
import { parseAddress } from './addresses.ts';
import { unescapePercent } from './encodings.ts';

export interface Authority {
  readonly hostname: string;
  readonly port: string;
}

const USERINFO = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;
const PORT = /^(?::\d*)?$/;
/** ASCII that a host may not have as it is. */
const NO_HOST_CHARACTER = /(?![\u0080-\u009f])[\p{Cc} #/?@\\^`{|}]/u;
/** Bytes that a host may not have behind an escape: those of ASCII, but for `%` itself. */
const ESCAPED_ASCII = /%(?!25)[0-7][0-9a-fA-F]/;
/** Bytes that the zone of an address may have behind an escape, besides spaces: what a host may have. */
const ZONE_CHARACTER = /[\w\-.~$&+,:;=[\]<>"!'()* %]/;

/** Takes an authority apart; the user is looked at and left out. */
export function readAuthority(scheme: string, authority: string): Authority | BuiltinFault {
  const at = authority.lastIndexOf('@');
  const host = readHost(scheme, authority.slice(at + 1));
  if (isFault(host)) return host;
  const userinfo = at < 0 ? '' : authority.slice(0, at);
  if (!USERINFO.test(userinfo)) return builtinError('net/url: invalid userinfo');
  const user = unescapePercent(userinfo);
  return isFault(user) ? user : host;
}

function readHost(scheme: string, host: string): Authority | BuiltinFault {
  const open = host.lastIndexOf('[');
  if (open > 0) return builtinError('invalid IP-literal');
  if (open === 0) return readLiteral(host);
  const first = host.indexOf(':');
  // More than one colon is taken by programs that name several hosts, but not in what a browser reads.
  const isStrict = scheme === 'http' || scheme === 'https';
  const colon = isStrict ? first : host.lastIndexOf(':');
  if (colon >= 0 && !PORT.test(host.slice(colon))) return badPort(host.slice(colon));
  const name = unescapeHost(host);
  return isFault(name) ? name : splitPort(name);
}

/** `[address%25zone]:port`. */
function readLiteral(host: string): Authority | BuiltinFault {
  const close = host.lastIndexOf(']');
  if (close < 0) return builtinError("missing ']' in host");
  const port = host.slice(close + 1);
  if (!PORT.test(port)) return badPort(port);
  const literal = host.slice(1, close);
  const zoneAt = literal.indexOf('%25');
  const address = unescapeHost(zoneAt < 0 ? literal : literal.slice(0, zoneAt));
  if (isFault(address)) return address;
  const zone = zoneAt < 0 ? '' : unescapeZone(literal.slice(zoneAt));
  if (isFault(zone)) return zone;
  if (!address.includes(':') || parseAddress(address) === undefined || zone === '%')
    return builtinError(
      `invalid host: ParseAddr(${quoteText(address + zone)}): unable to parse IP`,
    );
  return { hostname: `${address}${zone}`, port: port.slice(1) };
}

function splitPort(host: string): Authority {
  const colon = host.lastIndexOf(':');
  if (colon < 0 || !PORT.test(host.slice(colon))) return { hostname: host, port: '' };
  return { hostname: host.slice(0, colon), port: host.slice(colon + 1) };
}

function badPort(port: string): BuiltinFault {
  return builtinError(`invalid port ${quoteText(port)} after host`);
}

function unescapeHost(host: string): string | BuiltinFault {
  const escaped = ESCAPED_ASCII.exec(host)?.[0];
  if (escaped !== undefined) return badEscape(escaped);
  const bad = NO_HOST_CHARACTER.exec(host)?.[0];
  if (bad !== undefined) return badCharacter(bad);
  return unescapePercent(host);
}

function unescapeZone(zone: string): string | BuiltinFault {
  for (const [escaped] of zone.matchAll(/%[0-9a-fA-F]{2}/g)) {
    const byte = Number.parseInt(escaped.slice(1), 16);
    if (byte >= 0x80 || !ZONE_CHARACTER.test(String.fromCharCode(byte))) return badEscape(escaped);
  }
  const bad = NO_HOST_CHARACTER.exec(zone)?.[0];
  if (bad !== undefined) return badCharacter(bad);
  return unescapePercent(zone);
}

function badEscape(escaped: string): BuiltinFault {
  return builtinError(`invalid URL escape ${quoteText(escaped)}`);
}

function badCharacter(character: string): BuiltinFault {
  return builtinError(`invalid character ${quoteText(character)} in host name`);
}
