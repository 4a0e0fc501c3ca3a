/**
 * Rules by the names they have and had. A renamed rule keeps its former names, so that configuration and ignore comments go on.
 */
import type { LintRule } from './rule.ts';

/** The rule of that name, or the one that had it before. */
export function ruleNamed(name: string, rules: readonly LintRule[]): LintRule | undefined {
  return (
    rules.find(({ id }) => id === name) ??
    rules.find(({ formerly }) => formerly?.some((former) => former === name))
  );
}

/** All names that mean a rule, present ones first. */
export function namesOfRules(rules: readonly LintRule[]): readonly string[] {
  return [...rules.map(({ id }) => id), ...rules.flatMap(({ formerly }) => formerly ?? [])];
}
