/**
 * The frame of the linter: runs every rule that is on over every module, in one walk of its tree, and leaves out what an ignore
 * comment covers. It reads no files; configuration comes in as a function from rule and file to level and options.
 */
import type { NodeKind } from '../ast/child-keys.ts';
import type { Node, Rule } from '../ast/nodes.ts';
import { visit } from '../ast/visit.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { LintContract } from './contract.ts';
import { findIgnores } from './ignore-comment.ts';
import { inputPathsOf } from './input-path.ts';
import { indexModules, type LintIndex } from './lint-index.ts';
import type { Edit, LintContext, LintLevel, LintModule, LintRule } from './rule.ts';
import { namesOfRules } from './rule-names.ts';

/** Findings listed for one module; one more says how many there are besides. */
export const MAX_FINDINGS = 200;

export interface Finding {
  readonly diagnostic: Diagnostic;
  readonly fix: Edit | undefined;
}

/** A rule as it is configured for a file. */
export interface RuleSetting {
  readonly level: LintLevel;
  /** Options by name; one that is missing has its default. */
  readonly options?: Readonly<Record<string, number>>;
}

export interface LintSettings {
  /** How a rule is configured for a file; as it comes where this is left out. */
  readonly settingOf?: (rule: LintRule, file: string) => RuleSetting;
  /** What a decision and its input look like. */
  readonly contract?: LintContract;
}

/** The findings of all modules, by file and place. Modules must have parsed without faults. */
export function lintModules(
  modules: readonly LintModule[],
  rules: readonly LintRule[],
  settings: LintSettings = {},
): readonly Finding[] {
  const index = indexModules(modules);
  return modules.flatMap((one) => lintModule(one, index, rules, settings));
}

/** The findings of one module among others. */
export function lintModule(
  one: LintModule,
  index: LintIndex,
  rules: readonly LintRule[],
  settings: LintSettings = {},
): readonly Finding[] {
  const steps = lintInSteps(one, index, rules, settings, rules.length);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same with a pause after each walk for so many rules, for whoever has other things to do in between. */
export function* lintInSteps(
  one: LintModule,
  index: LintIndex,
  rules: readonly LintRule[],
  settings: LintSettings,
  rulesAtOnce: number,
): Generator<undefined, readonly Finding[]> {
  const findings: Finding[] = [];
  const isIgnored = findIgnores(one);
  const isTest = /_test\.[a-z]+$/.test(one.source.name);
  const shared = {
    ...one,
    isTest,
    index,
    contract: settings.contract,
    ruleNames: namesOfRules(rules),
    inputPath: makeInputPath(one),
  };
  const contextOf = (rule: LintRule, { level, options }: RuleSetting): LintContext => {
    const names = [rule.id, ...(rule.formerly ?? [])];
    return {
      ...shared,
      option: (name) => options?.[name] ?? rule.options?.[name]?.default ?? 0,
      report: (span, message, fix, advice) => {
        if (level === 'off' || names.some((name) => isIgnored(name, span))) return;
        const { source } = one;
        const help = advice ?? rule.help;
        const code = `lint/${rule.id}` as const;
        const diagnostic: Diagnostic = { code, severity: level, message, source, span, help };
        findings.push({ diagnostic, fix });
      },
    };
  };
  for (let from = 0; from < rules.length; from += rulesAtOnce) {
    if (from > 0) yield;
    const handlers = new Map<NodeKind, Handler[]>();
    for (const rule of rules.slice(from, from + rulesAtOnce)) {
      const setting = settings.settingOf?.(rule, one.source.name) ?? { level: rule.level };
      if (setting.level === 'off' || (isTest && rule.skipsTests === true)) continue;
      for (const [kind, handler] of Object.entries(rule.check(contextOf(rule, setting))))
        addHandler(handlers, kind as NodeKind, handler as Handler);
    }
    visit(one.module, {
      enter: (node, ancestors) => {
        for (const handler of handlers.get(node.kind) ?? []) handler(node, ancestors);
        return undefined;
      },
    });
  }
  return cut(
    withoutConsequences(findings, rules).sort(
      (left, right) => left.diagnostic.span.start - right.diagnostic.span.start,
    ),
    one,
  );
}

/** Leaves out findings of rules that yield to one that tells the cause at the same place. */
function withoutConsequences(findings: readonly Finding[], rules: readonly LintRule[]): Finding[] {
  const causes = new Map<string, ReadonlySet<string>>();
  for (const { id, yieldsTo } of rules)
    if (yieldsTo !== undefined)
      causes.set(`lint/${id}`, new Set(yieldsTo.map((at) => `lint/${at}`)));
  return findings.filter(({ diagnostic: { code, span } }) => {
    const told = causes.get(code);
    return !findings.some(
      ({ diagnostic: other }) =>
        told?.has(other.code) === true &&
        other.span.start < span.end &&
        other.span.end > span.start,
    );
  });
}

/** No finding is left out without a word: the last one then says that there are more. */
function cut(findings: readonly Finding[], { source }: LintModule): readonly Finding[] {
  const next = findings[MAX_FINDINGS];
  if (next === undefined) return findings;
  const diagnostic: Diagnostic = {
    code: 'lint/limit',
    severity: 'warning',
    message: `more than ${MAX_FINDINGS} findings in this file: the rest, from here on, is not shown`,
    source,
    span: next.diagnostic.span,
    help: 'mend those above, or turn a rule off that does not fit',
  };
  return [...findings.slice(0, MAX_FINDINGS), { diagnostic, fix: undefined }];
}

/** The table is keyed by the node's own kind, which the compiler cannot follow through a union. */
type Handler = (node: Node, ancestors: readonly Node[]) => void;

function addHandler(handlers: Map<NodeKind, Handler[]>, kind: NodeKind, handler: Handler): void {
  const known = handlers.get(kind);
  if (known === undefined) handlers.set(kind, [handler]);
  else known.push(handler);
}

function makeInputPath({ module }: LintModule): LintContext['inputPath'] {
  const byRule = new Map<Rule, (node: Node) => string | undefined>();
  return (node, ancestors) => {
    const rule = node.kind === 'Rule' ? node : ancestors.find((one) => one.kind === 'Rule');
    if (rule === undefined) return undefined;
    const known = byRule.get(rule) ?? inputPathsOf(rule, module);
    byRule.set(rule, known);
    return known(node);
  };
}
