/** Runs OPA's evaluation suite on texts that were formatted and fixed, and says which cases then come out otherwise. */
import { existsSync } from 'node:fs';
import { lintContract } from '../../engine/lint-contract.ts';
import { formatSource } from '../../lang/format/format.ts';
import { applyEdits } from '../../lang/lint/fix.ts';
import { lintModules } from '../../lang/lint/lint.ts';
import type { LintModule } from '../../lang/lint/rule.ts';
import { LINT_RULES } from '../../lang/lint/rule-list.ts';
import { parseModule } from '../../lang/parse.ts';
import { type ConformanceCase, readCases } from './read-cases.ts';
import { type Outcome, runCase } from './run-case.ts';

/** The cases; undefined where they are not beside this checkout. */
export function conformanceCases(): readonly ConformanceCase[] | undefined {
  const file = new URL('../../../shared/conformance/rego-cases.jsonl', import.meta.url).pathname;
  return existsSync(file) ? readCases(file) : undefined;
}

export interface MeaningReport {
  /** Modules that formatting or a fix changed the text of. */
  readonly formatted: number;
  readonly fixed: number;
  /** Cases that come out otherwise, each with both outcomes. */
  readonly changed: readonly string[];
}

/** Compares what each case comes to as it is written with what it comes to when it is fixed and formatted. */
export function compareMeaning(cases: readonly ConformanceCase[]): MeaningReport {
  const changed: string[] = [];
  let [formatted, fixed] = [0, 0];
  for (const one of cases) {
    const after = fixAll(one.modules);
    const texts = after.map(formatText);
    fixed += after.filter((text, at) => text !== one.modules[at]).length;
    formatted += texts.filter((text, at) => text !== after[at]).length;
    const outcomes = [one, { ...one, modules: texts }].map((each) => runCase(each, 'interpret'));
    const [was, is] = outcomes.map(shown);
    if (was !== is) changed.push(`${one.id}: was ${was}, is ${is}`);
  }
  return { formatted, fixed, changed };
}

/** Texts whose every rule is on, every fix applied; a text that has faults stays as it is. */
function fixAll(texts: readonly string[]): readonly string[] {
  const modules = texts.flatMap((text, at): readonly LintModule[] => {
    const source = { name: `test-${at}.rego`, text };
    const { module, diagnostics } = parseModule(source);
    return module === undefined || diagnostics.length > 0 ? [] : [{ source, module }];
  });
  const findings = lintModules(modules, LINT_RULES, {
    contract: lintContract(),
    settingOf: () => ({ level: 'warning' }),
  });
  return texts.map((text, at) => {
    const name = `test-${at}.rego`;
    const edits = findings.flatMap(({ fix, diagnostic }) =>
      fix !== undefined && diagnostic.source.name === name ? [fix] : [],
    );
    return applyEdits(text, edits).text;
  });
}

function formatText(text: string): string {
  const result = formatSource({ name: 'test.rego', text });
  if (result.kind === 'changed-meaning') throw new Error(`the formatter is at fault:\n${text}`);
  return result.kind === 'formatted' ? result.text : text;
}

/** Messages name places, which formatting moves; a result does not. */
function shown(outcome: Outcome): string {
  return outcome.kind === 'passed'
    ? 'passed'
    : `${outcome.kind}: ${outcome.reason.replace(/\d+:\d+|:\d+/g, '')}`;
}
