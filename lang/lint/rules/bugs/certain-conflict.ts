/**
 * Two rules without conditions give one document, or one call, different values.
 */
import type { Rule, Term } from '../../../ast/nodes.ts';
import { alwaysHolds, certainlyDiffer, scalarOf } from '../../constant.ts';
import type { LintContext, LintRule } from '../../rule.ts';

/** What a rule gives whatever the input is. */
interface Fixed {
  readonly rule: Rule;
  readonly value: Term | undefined;
}

/** Page: docs/lint/bugs/certain-conflict.md. */
export const certainConflict: LintRule = {
  id: 'bugs/certain-conflict',
  level: 'error',
  help: 'keep one of the two, or give each a condition that excludes the other',
  check: (context) => {
    let fixed: ReadonlyMap<string, readonly Fixed[]> | undefined;
    return {
      Rule: (rule) => {
        const key = isFixed(rule) ? keyOf(rule) : undefined;
        if (key === undefined) return;
        fixed ??= fixedRules(context);
        const value = rule.head.value;
        const alike = fixed.get(key) ?? [];
        const before = alike.slice(
          0,
          alike.findIndex((one) => one.rule === rule),
        );
        const other = before.find(
          (one) =>
            meet(one.rule.head.params, rule.head.params) && certainlyDiffer(one.value, value),
        );
        if (other !== undefined)
          context.report(
            (value ?? rule.head).span,
            'another rule gives a different value for every input, which ends the evaluation in a conflict',
          );
      },
    };
  },
};

function fixedRules({ index, module }: LintContext): ReadonlyMap<string, readonly Fixed[]> {
  const all = new Map<string, Fixed[]>();
  for (const { module: one } of index.modulesOf(module.package.path))
    for (const rule of one.rules) {
      const key = isFixed(rule) ? keyOf(rule) : undefined;
      if (key === undefined) continue;
      const alike = all.get(key) ?? [];
      all.set(key, alike);
      alike.push({ rule, value: rule.head.value });
    }
  return all;
}

function isFixed(rule: Rule): boolean {
  return !rule.isDefault && rule.head.contains === undefined && alwaysHolds(rule.body);
}

/** The document, or the function with so many parameters; undefined where the path is not written out. */
function keyOf({ head: { ref, params } }: Rule): string | undefined {
  if (ref.head.kind !== 'Var') return undefined;
  const names: string[] = [ref.head.name, `${params?.length}`];
  for (const { term } of ref.path) {
    const name = scalarOf(term);
    if (name === undefined) return undefined;
    names.push(name);
  }
  return names.join('\0');
}

/** Do both take the same arguments at least once? A name takes all; one that stands twice takes too few to tell. */
function meet(left: readonly Term[] = [], right: readonly Term[] = []): boolean {
  if (repeatsName(left) || repeatsName(right)) return false;
  return left.every((term, at) => {
    const other = right[at];
    if (term.kind === 'Var' || other?.kind === 'Var') return true;
    const scalar = scalarOf(term);
    return scalar !== undefined && other !== undefined && scalar === scalarOf(other);
  });
}

function repeatsName(params: readonly Term[]): boolean {
  const names = params.flatMap((term) =>
    term.kind === 'Var' && term.name !== '_' ? [term.name] : [],
  );
  return new Set(names).size < names.length;
}
