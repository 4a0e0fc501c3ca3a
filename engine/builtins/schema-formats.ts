/** The formats a JSON Schema may ask of texts. An unknown one asks for nothing. */
import { isFault } from '../value/fault.ts';
import { parseAddress } from './addresses.ts';
import type { BuiltinContext } from './context.ts';
import { parseTime } from './go-layout-parser.ts';
import { isMailAddress } from './mail-address.ts';
import { compilePattern } from './pattern.ts';
import { splitUri } from './uris.ts';

type Check = (text: string, ctx: BuiltinContext) => boolean;

const DATE = '2006-01-02';
const TIMES = ['15:04:05', '15:04:05Z07:00'];
const INSTANTS = [...TIMES, DATE, `${DATE}T15:04:05Z07:00`];
const SCHEME = /^[a-zA-Z][a-zA-Z0-9+.-]*:/;
const LABEL = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/;
const MAX_HOSTNAME = 255;
const UUID = /^[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$/i;
const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/;
const RELATIVE_POINTER = /^(?:0|[1-9][0-9]*)(?:#|(?:\/(?:[^~/]|~[01])*)*)$/;

const isTime =
  (...layouts: readonly string[]): Check =>
  (text) =>
    layouts.some((layout) => !isFault(parseTime(layout, text)));

const isReference = (text: string): boolean => !text.includes('\\') && !isFault(splitUri(text));
const isUri = (text: string): boolean => isReference(text) && SCHEME.test(text);

const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['date', isTime(DATE)],
  ['time', isTime(...TIMES)],
  ['date-time', isTime(...INSTANTS)],
  ['hostname', isHostname],
  ['email', isMailAddress],
  ['idn-email', isMailAddress],
  ['ipv4', (text) => text.includes('.') && parseAddress(text) !== undefined],
  ['ipv6', (text) => text.includes(':') && parseAddress(text) !== undefined],
  ['uri', isUri],
  ['iri', isUri],
  ['uri-reference', isReference],
  ['iri-reference', isReference],
  ['uri-template', isTemplate],
  ['uuid', (text) => UUID.test(text)],
  ['regex', (text, ctx) => !isFault(compilePattern(ctx.caches.regexes, text))],
  ['json-pointer', (text) => POINTER.test(text)],
  ['relative-json-pointer', (text) => RELATIVE_POINTER.test(text)],
]);

/** Whether a text has a format. */
export function hasFormat(ctx: BuiltinContext, format: string, text: string): boolean {
  return CHECKS.get(format)?.(text, ctx) ?? true;
}

function isHostname(text: string): boolean {
  return text.length <= MAX_HOSTNAME && text.split('.').every((label) => LABEL.test(label));
}

/** A reference whose path closes every brace it opens. */
function isTemplate(text: string): boolean {
  if (!isReference(text)) return false;
  const parsed = splitUri(text);
  const path = isFault(parsed) ? undefined : parsed.get('path');
  if (typeof path !== 'string') return true;
  for (let open = path.indexOf('{'); open >= 0; ) {
    const close = path.indexOf('}', open);
    if (close < 0) return false;
    open = path.indexOf('{', close);
  }
  return true;
}
