/**
 * Replaces `${env:NAME}` and `${file:path}` in the strings that allow it. `$${` stands for a literal `${`. A variable that is
 * not set and a file that cannot be read are problems, never empty strings.
 */
import type { ConfigPath, ConfigText } from './document.ts';
import type { ConfigProblem } from './problem.ts';
import { Secret } from './secret.ts';
import type { Expansion } from './validate.ts';

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Text of a file, its path relative to the configuration file; throws when it cannot be read. */
  readonly readFile: (path: string) => string;
}

const REFERENCE = /\$\$\{|\$\{(?:(env|file):([^}]*))?[^}]*\}?/g;

/** The data with `text` strings expanded and `secret` strings turned into `Secret`s. */
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
    } else {
      complain(
        path,
        `\`${whole}\` is no reference`,
        `write \`\${env:NAME}\`, \`\${file:path}\`, or \`$\${\` for the two characters themselves`,
      );
    }
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
