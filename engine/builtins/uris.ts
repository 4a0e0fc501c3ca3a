/** `uri.parse` and `uri.is_valid`: references split as Go's `net/url` splits them (RFC 3986, a little laxer). OPA topdown/uri.go. */
import { bytesOf } from '../value/bytes.ts';
import { type BuiltinFault, builtinError, isFault } from '../value/fault.ts';
import { RegoObject } from '../value/object.ts';
import { quoteText } from '../value/text.ts';
import type { BuiltinFunction } from './context.ts';
import { unescapePercent } from './encodings.ts';
import { anyValue, builtin, text } from './operand.ts';
import { readAuthority } from './uri-authority.ts';

const SCHEME = /^([a-zA-Z][a-zA-Z0-9+.-]*):/;
/** Control characters of ASCII only: the others are bytes like any. */
const CONTROL = /(?![\u0080-\u009f])\p{Cc}/u;
/** Characters Go keeps as they are in a path when it judges whether its encoding was the default one. */
const PLAIN_PATH = /^[A-Za-z0-9\-_.~$&+,/:;=@]*$/;

/** The encoding Go would choose for a decoded path, or for what has more characters that may stand in it. */
export function escapePath(path: string, more = ''): string {
  let escaped = '';
  for (const byte of bytesOf(path)) {
    const character = String.fromCharCode(byte);
    const isPlain = PLAIN_PATH.test(character) || more.includes(character);
    escaped += isPlain ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}

/** The parts of a reference, under the names of `uri.parse`; a fault where it is malformed. */
export function splitUri(source: string): RegoObject | BuiltinFault {
  const hash = source.indexOf('#');
  let rest = hash < 0 ? source : source.slice(0, hash);
  const before = rest;
  const fail = (reason: string, whole = before): BuiltinFault =>
    builtinError(`parse ${quoteText(whole)}: ${reason}`);
  if (CONTROL.test(rest)) return fail('net/url: invalid control character in URL');
  const members: [string, string][] = [];
  const scheme = SCHEME.exec(rest)?.[1]?.toLowerCase() ?? '';
  if (scheme === '' && rest.startsWith(':')) return fail('missing protocol scheme');
  if (scheme !== '') {
    rest = rest.slice(scheme.length + 1);
    members.push(['scheme', scheme]);
  }
  const question = rest.indexOf('?');
  const query = question < 0 ? '' : rest.slice(question + 1);
  if (question >= 0) rest = rest.slice(0, question);
  if (rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'))) {
    const slash = rest.indexOf('/', 2);
    const authority = readAuthority(scheme, rest.slice(2, slash < 0 ? undefined : slash));
    if (isFault(authority)) return fail(authority.message);
    const { hostname, port } = authority;
    if (hostname !== '') members.push(['hostname', hostname]);
    if (port !== '') members.push(['port', port]);
    rest = slash < 0 ? '' : rest.slice(slash);
  } else if (!rest.startsWith('/')) {
    if (scheme !== '') rest = '';
    else if (/^[^/]*:/.test(rest)) return fail('first path segment in URL cannot contain colon');
  }
  const path = unescapePercent(rest);
  if (isFault(path)) return fail(path.message);
  if (path !== '') {
    members.push(['path', path], ['raw_path', rest === escapePath(path) ? path : rest]);
  }
  if (query !== '') members.push(['raw_query', query]);
  const fragment = unescapePercent(hash < 0 ? '' : source.slice(hash + 1));
  if (isFault(fragment)) return fail(fragment.message, source);
  if (fragment !== '') members.push(['fragment', fragment]);
  return RegoObject.from(members);
}

export const URIS = {
  'uri.parse': builtin([text], (_ctx, source) => splitUri(source)),
  'uri.is_valid': builtin(
    [anyValue],
    (_ctx, source) => typeof source === 'string' && source !== '' && !isFault(splitUri(source)),
  ),
} satisfies Readonly<Record<string, BuiltinFunction>>;
