/** What the address of a request asks for: the path of a document and the parameters of OPA's REST API. */
import { ServeFault } from './fault.ts';

/** Names of a document below `data`, whole numbers as such: they are items of arrays. */
export type DocumentPath = readonly (string | number)[];

export type ExplainMode = 'off' | 'full' | 'notes' | 'fails' | 'debug';

/** How an answer is to look. */
export interface AnswerParameters {
  readonly pretty: boolean;
  readonly metrics: boolean;
  readonly provenance: boolean;
  readonly strictBuiltinErrors: boolean;
  readonly explain: ExplainMode;
}

const EXPLAIN_MODES: readonly ExplainMode[] = ['notes', 'fails', 'full', 'debug'];
/** The longest whole number that is exact; a longer one is a name. */
const WHOLE_NUMBER = /^-?(?:0|[1-9]\d{0,14})$/;
/** Names one path may have. */
const MAX_SEGMENTS = 64;

/** Path and query of the address as it was sent. */
export function splitUrl(url: string): { readonly path: string; readonly query: URLSearchParams } {
  const mark = url.indexOf('?');
  const path = mark === -1 ? url : url.slice(0, mark);
  return { path, query: new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1)) };
}

/** The document that a path names after `prefix`. Throws `ServeFault` for a path that names none. */
export function readDocumentPath(path: string, prefix: string): DocumentPath {
  const names = path
    .slice(prefix.length)
    .split('/')
    .filter((name) => name !== '');
  if (names.length > MAX_SEGMENTS) {
    throw new ServeFault(400, 'invalid_parameter', `a path has at most ${MAX_SEGMENTS} names`);
  }
  return names.map((name) => {
    const decoded = decodeName(name);
    return WHOLE_NUMBER.test(decoded) ? Number(decoded) : decoded;
  });
}

function decodeName(name: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(name);
  } catch {
    throw new ServeFault(400, 'invalid_parameter', 'the path is not percent-encoded UTF-8');
  }
  if (!decoded.includes('"')) return decoded;
  throw new ServeFault(400, 'invalid_parameter', 'a name of the path holds a quotation mark');
}

/** How a path is written in messages: `data.app.allow`, `data.lists[2]`. */
export function documentName(path: DocumentPath): string {
  return path.reduce<string>((text, name) => {
    if (typeof name === 'number') return `${text}[${name}]`;
    return /^[A-Za-z_]\w*$/.test(name) ? `${text}.${name}` : `${text}[${JSON.stringify(name)}]`;
  }, 'data');
}

/** True for a parameter without a value, and for `true`. */
export function isAsked(query: URLSearchParams, name: string): boolean {
  const values = query.getAll(name);
  if (values.length === 1 && values[0] === '') return true;
  return values.some((value) => value.toLowerCase() === 'true');
}

export function readParameters(query: URLSearchParams): AnswerParameters {
  const wanted = query.getAll('explain');
  const explain = wanted.flatMap((value) => EXPLAIN_MODES.filter((mode) => mode === value))[0];
  return {
    pretty: isAsked(query, 'pretty'),
    metrics: isAsked(query, 'metrics') || isAsked(query, 'instrument'),
    provenance: isAsked(query, 'provenance'),
    strictBuiltinErrors: isAsked(query, 'strict-builtin-errors'),
    explain: explain ?? 'off',
  };
}
