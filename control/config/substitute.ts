/**
 * Replaces `${env:NAME}` and `${file:path}` in the strings that allow it, and keeps what is fetched later (`${vault:...}`) as
 * references where a credential of a target stands. `$${` stands for a literal `${`. A variable that is not set and a file that
 * cannot be read are problems, never empty strings.
 */
import type { ConfigPath, ConfigText } from './document.ts';
import type { ConfigProblem } from './problem.ts';
import { Secret, type SecretPart } from './secret.ts';
import { readReference, type SecretReference, type SecretSourceName } from './secret-reference.ts';
import type { Expansion } from './validate.ts';

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Text of a file, its path relative to the configuration file; throws when it cannot be read. */
  readonly readFile: (path: string) => string;
}

const REFERENCE = /\$\$\{|\$\{(?:(env|file|vault|aws-secret|store):([^}]*))?[^}]*\}?/g;
/** Sorts of reference that only a credential of a target takes. */
const FETCHED: ReadonlySet<string> = new Set(['vault', 'aws-secret', 'store']);

/**
 * The data with `text` strings expanded, `secret` and `credential` strings turned into `Secret`s, `account` strings into either: a
 * `Secret` when a part of it is fetched.
 */
export function substitute(
  text: ConfigText,
  expansions: readonly Expansion[],
  surroundings: Surroundings,
): { readonly data: unknown; readonly problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const kinds = new Map(expansions.map((item) => [item.path.join('\0'), item.kind]));
  const complain = (path: ConfigPath, message: string, help: string): void => {
    problems.push({
      code: 'config/secret-missing',
      message,
      help,
      span: text.valueSpan(path),
      source: text.source,
    });
  };

  const resolve = (path: ConfigPath, whole: string, sort: string, name: string): string => {
    if (whole === '$${') return '${';
    if (sort === 'env' && name !== '') {
      const value = surroundings.env[name];
      if (value !== undefined && value !== '') return value;
      complain(
        path,
        `the environment variable \`${name}\` is not set`,
        `set it: ${name}=... sallyport ...`,
      );
    } else if (sort === 'file' && name !== '') {
      try {
        return surroundings.readFile(name).replace(/\r?\n$/, '');
      } catch (error) {
        const why = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
        complain(
          path,
          `the file \`${name}\` cannot be read${why}`,
          'a path is relative to this file',
        );
      }
    } else if (FETCHED.has(sort)) {
      complain(
        path,
        `\`${path.join('.')}\` cannot be fetched from a secret store`,
        `write it as \`\${env:NAME}\` or \`\${file:path}\`; credentials of resources may be fetched`,
      );
    } else {
      complain(
        path,
        `\`${whole}\` is no reference`,
        `write \`\${env:NAME}\`, \`\${file:path}\`, or \`$\${\` for the two characters themselves`,
      );
    }
    return '';
  };

  /** A file is read now, so that a missing one stops the start, and again when it is used: it may be a mounted secret. */
  const keepReference = (
    path: ConfigPath,
    whole: string,
    sort: string,
    name: string,
    kind: Expansion['kind'],
  ): SecretPart => {
    const isLater = FETCHED.has(sort) || (sort === 'file' && name !== '' && kind === 'credential');
    if (!isLater) return resolve(path, whole, sort, name);
    if (sort === 'file') resolve(path, whole, sort, name);
    const read: SecretReference | string = readReference(sort as SecretSourceName, name);
    if (typeof read !== 'string') return read;
    complain(path, `\`${whole}\` cannot be used: ${read}`, 'docs/credentials.md shows every form');
    return '';
  };

  const walk = (value: unknown, path: ConfigPath): unknown => {
    if (typeof value === 'string') {
      const kind = kinds.get(path.map(String).join('\0'));
      if (kind === undefined) {
        if (value.includes('${'))
          complain(path, `\`${path.join('.')}\` takes no \`\${...}\``, 'write the value itself');
        return value;
      }
      if (kind === 'credential' || kind === 'account') {
        const kept = new Secret(
          splitReferences(value, (whole, sort, name) =>
            keepReference(path, whole, sort, name, kind),
          ),
        );
        return kind === 'account' && !kept.isFetched ? kept.reveal() : kept;
      }
      const expanded = value.replace(REFERENCE, (whole: string, sort?: string, name?: string) =>
        resolve(path, whole, sort ?? '', name ?? ''),
      );
      return kind === 'secret' ? new Secret(expanded) : expanded;
    }
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index]));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])]),
      );
    return value;
  };
  return { data: walk(text.data, []), problems };
}

/** The text as parts: what stands between references, and what `read` makes of each. */
function splitReferences(
  text: string,
  read: (whole: string, sort: string, name: string) => SecretPart,
): readonly SecretPart[] {
  const parts: SecretPart[] = [];
  let from = 0;
  for (const match of text.matchAll(REFERENCE)) {
    if (match.index > from) parts.push(text.slice(from, match.index));
    parts.push(read(match[0], match[1] ?? '', match[2] ?? ''));
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}
