/** The pages of lint rules: the policies a page shows, and what the linter reports of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lintContract } from '../../engine/lint-contract.ts';
import { type Finding, type LintSettings, lintModules } from '../../lang/lint/lint.ts';
import type { LintModule, LintRule } from '../../lang/lint/rule.ts';
import { LINT_RULES } from '../../lang/lint/rule-list.ts';
import { parseModule } from '../../lang/parse.ts';
import { renderDiagnostic } from '../../lang/render.ts';
import { projectRoot } from './source-files.ts';

export type LintHeading = 'Avoid' | 'Prefer';

/** The page of a rule. */
export function lintPage({ id }: LintRule): string {
  return readFileSync(join(projectRoot, 'docs/lint', `${id}.md`), 'utf8');
}

/** Parses a policy that must have no fault of syntax. */
export function lintModule(name: string, text: string): LintModule {
  const source = { name, text };
  const { module, diagnostics } = parseModule(source);
  if (module === undefined || diagnostics.length > 0)
    throw new Error(`${name}: ${diagnostics[0]?.message}\n${text}`);
  return { source, module };
}

/**
 * The modules under a heading of a page, named by their packages; several make up one policy set. Those of pages about tests are
 * test files, but where the page is about policies.
 */
export function lintExamples(page: string, heading: LintHeading): readonly LintModule[] {
  const section = page.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const isTest = /^# testing\/(?!test-outside|print)/.test(page);
  const names = new Set<string>();
  return [...section.matchAll(/```rego\n([\s\S]*?)\n```/g)].map(([, text = '']) => {
    const [, name = 'access'] = /^package ([\w.]+?)(?:_test)?$/m.exec(text) ?? [];
    const base = names.has(name) ? `${name}_${names.size + 1}` : name;
    names.add(base);
    return lintModule(`${base}${isTest ? '_test' : ''}.policy`, `${text}\n`);
  });
}

/** Everything that all rules find in the examples of a rule; the rule itself is on, whatever its level. */
export function findInExamples(rule: LintRule, modules: readonly LintModule[]): readonly Finding[] {
  const settings: LintSettings = {
    contract: lintContract(),
    settingOf: ({ id, level }) => ({
      level: level === 'off' && id === rule.id ? 'warning' : level,
    }),
  };
  return lintModules(modules, LINT_RULES, settings);
}

/** What `sallyport lint` prints of the policy a page says to avoid. */
export function reportedOn(rule: LintRule, page: string): string {
  const found = findInExamples(rule, lintExamples(page, 'Avoid'));
  return found
    .map(({ diagnostic }) => renderDiagnostic(diagnostic, { colour: false }).trimEnd())
    .join('\n\n');
}
