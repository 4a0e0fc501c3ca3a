/**
 * Which rules are tests: those whose name starts with `test_`, and with `todo_test_` those to be written, as in OPA. Definitions
 * of one name are tests of their own.
 */
import type { CheckedRule } from '../../lang/check/checked.ts';
import { positionAt } from '../../lang/source.ts';
import type { PolicySet } from '../policy-set.ts';

/** A test before it is run. */
export interface PolicyTest {
  readonly package: string;
  /** `test_x`; a second definition of the name is `test_x#2`. */
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly isTodo: boolean;
  readonly rule: CheckedRule;
}

/** The tests of a policy set in the order of its sources; with `filter`, those whose `package.name` matches. */
export function findTests(policySet: PolicySet, filter?: RegExp): readonly PolicyTest[] {
  const seen = new Map<string, number>();
  const tests: PolicyTest[] = [];
  for (const rule of policySet.modules.modules.flatMap(({ rules }) => rules)) {
    const ruleName = rule.path[rule.package.length] ?? '';
    const isTodo = ruleName.startsWith('todo_test_');
    if (!isTodo && !ruleName.startsWith('test_')) continue;
    if (rule.rule.isDefault || rule.rule.head.params !== undefined) continue;
    const key = rule.path.join('\0');
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    const base = rule.path.slice(rule.package.length).join('.');
    const name = count === 1 ? base : `${base}#${count}`;
    const packageName = rule.package.join('.');
    if (filter !== undefined && !filter.test(`${packageName}.${name}`)) continue;
    const { line } = positionAt(rule.source, rule.rule.span.start);
    tests.push({ package: packageName, name, file: rule.source.name, line, isTodo, rule });
  }
  return tests;
}
