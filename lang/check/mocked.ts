/** The builtins that some `with` replaces, in rules or in a query. */
import type { Step } from './lowered.ts';
import { eachStep } from './steps.ts';
import { targetBuiltin } from './with-targets.ts';

/** Adds the builtins a body replaces. */
export function collectMocked(body: readonly Step[], names: Set<string>): void {
  eachStep(body, (step) => {
    for (const modifier of step.with) {
      const name = targetBuiltin(modifier.target);
      if (name !== undefined) names.add(name);
    }
  });
}
