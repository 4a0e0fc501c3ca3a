/** Which calls of a policy hold patterns. */
import type { Callee } from '../../lang/check/checked.ts';

/** Families whose functions compile a pattern. */
const FAMILIES = ['regex.', 'glob.'] as const;

/** How many calls compile a pattern. */
export function countPatternCalls(callees: Iterable<Callee>): number {
  let count = 0;
  for (const callee of callees)
    if (callee.kind === 'builtin' && FAMILIES.some((family) => callee.name.startsWith(family)))
      count += 1;
  return count;
}
