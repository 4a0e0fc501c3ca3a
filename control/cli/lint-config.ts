/**
 * `.sallyport-lint.yaml`: which lint rules are on and with which options, per folder. The nearest file in the folder of a policy or
 * above it counts; the others are not merged with it. It reads files and runs no rule.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, matchesGlob, relative, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import type { RuleSetting } from '../../lang/lint/lint.ts';
import type { LintLevel, LintRule } from '../../lang/lint/rule.ts';
import { namesOfRules, ruleNamed } from '../../lang/lint/rule-names.ts';
import { suggest } from '../../lang/suggest.ts';
import { ControlError } from '../error.ts';

/** The name of the configuration of the linter. */
export const LINT_CONFIG_NAME = '.sallyport-lint.yaml';

interface ConfiguredRule {
  /** Undefined where only options are given. */
  readonly level: LintLevel | undefined;
  readonly options: Readonly<Record<string, number>>;
  /** Globs of files the rule says nothing about. */
  readonly ignore: readonly string[];
}

interface LintConfig {
  readonly folder: string;
  readonly rules: ReadonlyMap<LintRule, ConfiguredRule>;
  /** Globs of files that are not linted, relative to the folder. */
  readonly ignore: readonly string[];
}

/**
 * Settings by the files that lie above each policy. The function throws `usage/invalid` for a file that is not right.
 *
 * @param rules every rule that may be named
 */
export function makeSettingOf(
  rules: readonly LintRule[],
): (rule: LintRule, file: string) => RuleSetting {
  const byFolder = new Map<string, LintConfig | undefined>();
  const find = (folder: string): LintConfig | undefined => {
    if (byFolder.has(folder)) return byFolder.get(folder);
    const file = join(folder, LINT_CONFIG_NAME);
    const above = dirname(folder);
    const config = existsSync(file)
      ? readConfig(file, folder, rules)
      : above === folder
        ? undefined
        : find(above);
    byFolder.set(folder, config);
    return config;
  };
  return (rule, name) => {
    const path = resolve(name);
    const config = find(dirname(path));
    if (config === undefined) return { level: rule.level };
    const inside = relative(config.folder, path);
    const isCovered = (globs: readonly string[]): boolean =>
      globs.some((glob) => matchesGlob(inside, glob));
    const configured = config.rules.get(rule);
    if (isCovered(config.ignore) || isCovered(configured?.ignore ?? [])) return { level: 'off' };
    return { level: configured?.level ?? rule.level, options: configured?.options ?? {} };
  };
}

function readConfig(file: string, folder: string, rules: readonly LintRule[]): LintConfig {
  const document = parseDocument(readFileSync(file, 'utf8'));
  const [fault] = document.errors;
  if (fault !== undefined)
    throw invalid(
      file,
      `this YAML cannot be read: ${fault.message.split('\n')[0]?.replace(/:$/, '')}`,
    );
  const value: unknown = document.toJS() ?? {};
  if (!isRecord(value)) throw invalid(file, 'the file must be a set of keys');
  checkKeys(file, value, ['rules', 'ignore']);
  const { rules: written = {}, ignore } = value;
  if (!isRecord(written)) throw invalid(file, '`rules` must be a set of rules with their levels');
  const configured = new Map<LintRule, ConfiguredRule>();
  for (const [name, setting] of Object.entries(written)) {
    const rule = ruleNamed(name, rules);
    if (rule === undefined)
      throw invalid(file, `there is no rule \`${name}\``, nearest(name, namesOfRules(rules)));
    configured.set(rule, readRule(file, name, rule, setting));
  }
  return { folder, rules: configured, ignore: readGlobs(file, '`ignore`', ignore) };
}

/** A level, or a mapping of `level`, `ignore` and the options the rule has. */
function readRule(file: string, name: string, rule: LintRule, value: unknown): ConfiguredRule {
  if (!isRecord(value)) return { level: readLevel(file, name, value), options: {}, ignore: [] };
  const known = Object.entries(rule.options ?? {});
  checkKeys(file, value, ['level', 'ignore', ...known.map(([option]) => option)], `\`${name}\` `);
  const options: Record<string, number> = {};
  for (const [option, { least }] of known) {
    const given = value[option];
    if (given === undefined) continue;
    if (typeof given !== 'number' || !Number.isSafeInteger(given) || given < least)
      throw invalid(file, `\`${option}\` of \`${name}\` must be a whole number, ${least} or more`);
    options[option] = given;
  }
  const { level, ignore } = value;
  return {
    level: level === undefined ? undefined : readLevel(file, name, level),
    options,
    ignore: readGlobs(file, `\`ignore\` of \`${name}\``, ignore),
  };
}

function checkKeys(
  file: string,
  value: Readonly<Record<string, unknown>>,
  known: readonly string[],
  owner = '',
): void {
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw invalid(
      file,
      `${owner === '' ? 'there is' : `${owner}has`} no key \`${unknown}\``,
      nearest(unknown, known) ?? `the keys are ${known.join(', ')}`,
    );
}

function readGlobs(file: string, what: string, value: unknown = []): readonly string[] {
  if (Array.isArray(value) && value.every((glob) => typeof glob === 'string')) return value;
  throw invalid(file, `${what} must be a list of patterns, such as ["vendor/**"]`);
}

function readLevel(file: string, name: string, value: unknown): LintLevel {
  if (value === 'error' || value === 'warning' || value === 'off') return value;
  throw invalid(file, `\`${name}\` must be error, warning or off`);
}

function nearest(name: string, names: readonly string[]): string | undefined {
  const close = suggest(name, names);
  return close === undefined ? undefined : `did you mean \`${close}\`?`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(file: string, what: string, hint?: string): ControlError {
  return new ControlError('usage/invalid', `${relative('', file)}: ${what}`, { hint });
}
