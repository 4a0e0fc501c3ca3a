/**
 * `.sallyport-lint.yaml`: which lint rules are on, per folder. The nearest file in the folder of a policy or above it counts; the
 * others are not merged with it. It reads files and runs no rule.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, matchesGlob, relative, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import type { LevelOf } from '../../lang/lint/lint.ts';
import type { LintLevel } from '../../lang/lint/rule.ts';
import { LINT_RULES } from '../../lang/lint/rule-list.ts';
import { suggest } from '../../lang/suggest.ts';
import { ControlError } from '../error.ts';

/** The name of the configuration of the linter. */
export const LINT_CONFIG_NAME = '.sallyport-lint.yaml';

interface LintConfig {
  readonly folder: string;
  readonly levels: ReadonlyMap<string, LintLevel>;
  /** Globs of files that are not linted, relative to the folder. */
  readonly ignore: readonly string[];
}

/** Levels by the files that lie above each policy. Throws `usage/invalid` for a file that is not right. */
export function makeLevelOf(): LevelOf {
  const byFolder = new Map<string, LintConfig | undefined>();
  const find = (folder: string): LintConfig | undefined => {
    if (byFolder.has(folder)) return byFolder.get(folder);
    const file = join(folder, LINT_CONFIG_NAME);
    const above = dirname(folder);
    const config = existsSync(file)
      ? readConfig(file, folder)
      : above === folder
        ? undefined
        : find(above);
    byFolder.set(folder, config);
    return config;
  };
  return (rule, name) => {
    const path = resolve(name);
    const config = find(dirname(path));
    if (config === undefined) return rule.level;
    const inside = relative(config.folder, path);
    if (config.ignore.some((glob) => matchesGlob(inside, glob))) return 'off';
    return config.levels.get(rule.id) ?? rule.level;
  };
}

function readConfig(file: string, folder: string): LintConfig {
  const document = parseDocument(readFileSync(file, 'utf8'));
  const [fault] = document.errors;
  if (fault !== undefined) throw invalid(file, fault.message.split('\n')[0] ?? 'cannot be read');
  const value: unknown = document.toJS() ?? {};
  if (!isRecord(value)) throw invalid(file, 'is no mapping');
  const unknown = Object.keys(value).find((key) => key !== 'rules' && key !== 'ignore');
  if (unknown !== undefined) throw invalid(file, `has no key \`${unknown}\``);
  const { rules = {}, ignore = [] } = value;
  if (!isRecord(rules)) throw invalid(file, '`rules` is a mapping of rules to levels');
  if (!Array.isArray(ignore) || !ignore.every((glob) => typeof glob === 'string'))
    throw invalid(file, '`ignore` is a list of globs');
  const ids = LINT_RULES.map(({ id }) => id);
  const levels = new Map<string, LintLevel>();
  for (const [id, level] of Object.entries(rules)) {
    if (!ids.some((one) => one === id)) {
      const close = suggest(id, ids);
      throw invalid(file, `there is no rule \`${id}\``, close && `did you mean \`${close}\`?`);
    }
    const read = readLevel(level);
    if (read === undefined) throw invalid(file, `\`${id}\` is error, warning or off`);
    levels.set(id, read);
  }
  return { folder, levels, ignore };
}

function readLevel(value: unknown): LintLevel | undefined {
  return value === 'error' || value === 'warning' || value === 'off' ? value : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(file: string, what: string, hint?: string): ControlError {
  return new ControlError('usage/invalid', `${file}: ${what}`, { hint });
}
