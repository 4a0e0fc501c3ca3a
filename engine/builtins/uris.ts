/** `uri.parse` and `uri.is_valid`: references split as Go's `net/url` splits them (RFC 3986, a little laxer). OPA topdown/uri.go. */
import { bytesOf } from '../value/bytes.ts';
import { type BuiltinFault, builtinError, isFault } from '../value/fault.ts';
import { RegoObject } from '../value/object.ts';
import { quoteText } from '../value/text.ts';
import type { BuiltinFunction } from './context.ts';
import { unescapePercent } from './encodings.ts';
import { anyValue, builtin, text } from './operand.ts';

const SCHEME = /^([a-zA-Z][a-zA-Z0-9+.-]*):/;
/** Characters Go keeps as they are in a path when it judges whether its encoding was the default one. */
const PLAIN_PATH = /^[A-Za-z0-9\-_.~$&+,/:;=@]*$/;

/** The encoding Go would choose for a decoded path. */
function defaultEscape(path: string): string {
  let escaped = '';
  for (const byte of bytesOf(path)) {
    const character = String.fromCharCode(byte);
    const isPlain = PLAIN_PATH.test(character);
    escaped += isPlain ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}

function parse(source: string): RegoObject | BuiltinFault {
  const fail = (reason: string): BuiltinFault =>
    builtinError(`parse ${quoteText(source)}: ${reason}`);
  if (/[\p{Cc}]/u.test(source)) return fail('net/url: invalid control character in URL');
  const hash = source.indexOf('#');
  let rest = hash < 0 ? source : source.slice(0, hash);
  const fragment = unescapePercent(hash < 0 ? '' : source.slice(hash + 1));
  if (isFault(fragment)) return fail(fragment.message);
  const scheme = SCHEME.exec(rest)?.[1]?.toLowerCase() ?? '';
  if (scheme === '' && rest.startsWith(':')) return fail('missing protocol scheme');
  if (scheme !== '') rest = rest.slice(scheme.length + 1);
  const question = rest.indexOf('?');
  const query = question < 0 ? '' : rest.slice(question + 1);
  if (question >= 0) rest = rest.slice(0, question);
  const members: [string, string][] = [];
  if (scheme !== '') members.push(['scheme', scheme]);
  if (rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'))) {
    const slash = rest.indexOf('/', 2);
    const authority = readAuthority(rest.slice(2, slash < 0 ? undefined : slash));
    if (isFault(authority)) return fail(authority.message);
    members.push(...authority);
    rest = slash < 0 ? '' : rest.slice(slash);
  } else if (!rest.startsWith('/')) {
    if (scheme !== '') rest = '';
    else if (/^[^/]*:/.test(rest)) return fail('first path segment in URL cannot contain colon');
  }
  const path = unescapePercent(rest);
  if (isFault(path)) return fail(path.message);
  if (path !== '') {
    members.push(['path', path], ['raw_path', rest === defaultEscape(path) ? path : rest]);
  }
  if (query !== '') members.push(['raw_query', query]);
  if (fragment !== '') members.push(['fragment', fragment]);
  return RegoObject.from(members);
}

/** `user@host:port` as `hostname` and `port`; an IPv6 address loses its brackets. */
function readAuthority(authority: string): [string, string][] | BuiltinFault {
  const at = authority.lastIndexOf('@');
  const userinfo = at < 0 ? '' : authority.slice(0, at);
  if (/[^A-Za-z0-9\-._:~!$&'()*+,;=%@]/.test(userinfo))
    return builtinError('net/url: invalid userinfo');
  const match = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(authority.slice(at + 1));
  const raw = match?.[1] ?? '';
  const port = match?.[2] ?? '';
  if (match === null || !/^\d*$/.test(port))
    return builtinError(`invalid port ":${port}" after host`);
  // Go takes an escape in a host only for bytes that are not ASCII.
  if (/%[0-7]/.test(raw)) return builtinError('invalid URL escape in host');
  if (/[\s"<>\\^`{|}]/.test(raw)) return builtinError('invalid character in host name');
  const host = unescapePercent(raw.replace(/^\[(.*)\]$/s, '$1'));
  if (isFault(host)) return host;
  const members: [string, string][] = [];
  if (host !== '') members.push(['hostname', host]);
  if (port !== '') members.push(['port', port]);
  return members;
}

export const URIS = {
  'uri.parse': builtin([text], (_ctx, source) => parse(source)),
  'uri.is_valid': builtin(
    [anyValue],
    (_ctx, source) => typeof source === 'string' && source !== '' && !isFault(parse(source)),
  ),
} satisfies Readonly<Record<string, BuiltinFunction>>;
