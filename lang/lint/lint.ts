/**
 * The frame of the linter: runs every rule that is on over every module, and leaves out what an ignore comment covers. It reads
 * no files; configuration comes in as a function from rule and file to level.
 */
import { visit } from '../ast/visit.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { findIgnores } from './ignore-comment.ts';
import type { Edit, LintLevel, LintModule, LintRule } from './rule.ts';

/** Findings listed for one module. */
const MAX_FINDINGS = 200;

export interface Finding {
  readonly diagnostic: Diagnostic;
  readonly rule: LintRule;
  readonly fix: Edit | undefined;
}

/** The level of a rule in a file; the rule's own where nothing is configured. */
export type LevelOf = (rule: LintRule, file: string) => LintLevel;

/** The findings of all modules, by file and place. Modules must have parsed without faults. */
export function lintModules(
  modules: readonly LintModule[],
  rules: readonly LintRule[],
  levelOf: LevelOf = (rule) => rule.level,
): readonly Finding[] {
  return modules.flatMap((one) => lintModule(one, modules, rules, levelOf));
}

function lintModule(
  one: LintModule,
  modules: readonly LintModule[],
  rules: readonly LintRule[],
  levelOf: LevelOf,
): readonly Finding[] {
  const findings: Finding[] = [];
  const isIgnored = findIgnores(one);
  const isTest = /_test\.[a-z]+$/.test(one.source.name);
  for (const rule of rules) {
    const level = levelOf(rule, one.source.name);
    if (level === 'off' || (isTest && rule.skipsTests === true)) continue;
    const visitor = rule.check({
      ...one,
      modules,
      isTest,
      report: (span, message, fix) => {
        if (isIgnored(rule.id, span)) return;
        const diagnostic: Diagnostic = {
          code: `lint/${rule.id}`,
          severity: level,
          message,
          source: one.source,
          span,
          help: rule.help,
        };
        findings.push({ diagnostic, rule, fix });
      },
    });
    visit(one.module, visitor);
  }
  return findings
    .sort((left, right) => left.diagnostic.span.start - right.diagnostic.span.start)
    .slice(0, MAX_FINDINGS);
}
