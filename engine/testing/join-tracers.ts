/** Two watchers of one evaluation as one. */
import type { Tracer } from '../interpret/tracer.ts';

/** A tracer that passes everything on to both; the first alone when there is no second. */
export function joinTracers(first: Tracer, second: Tracer | undefined): Tracer {
  if (second === undefined) return first;
  return {
    literal(scope, literals, index) {
      first.literal(scope, literals, index);
      second.literal(scope, literals, index);
    },
    held(literal) {
      first.held(literal);
      second.held(literal);
    },
    fired(rule, branch) {
      first.fired(rule, branch);
      second.fired(rule, branch);
    },
  };
}
