/** The builtins that some `with` replaces, in rules or in a query. */
import type { LoweredRule } from './lower-rule.ts';
import type { Step } from './lowered.ts';
import { eachStep } from './steps.ts';
import { targetBuiltin } from './with-targets.ts';

/** Names of builtins replaced anywhere in the rules. */
export function mockedBuiltins(rules: readonly LoweredRule[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const rule of rules) {
    for (const branch of rule.branches) collectMocked(branch.body, names);
  }
  return names;
}

/** Adds the builtins a body replaces. */
export function collectMocked(body: readonly Step[], names: Set<string>): void {
  eachStep(body, (step) => {
    for (const modifier of step.with) {
      const name = targetBuiltin(modifier.target);
      if (name !== undefined) names.add(name);
    }
  });
}
