/**
 * How an evaluation is watched: for coverage, and to find the expression a rule stopped at. A machine without a tracer asks for it
 * once per literal and does nothing else. A tracer must not change what it is shown.
 */
import type { Literal } from '../../lang/ast/nodes.ts';
import type { CheckedRule } from '../../lang/check/checked.ts';
import type { Scope } from './machine.ts';

export interface Tracer {
  /** The literal at `index` of a body is about to be evaluated with what is bound in `scope`. */
  literal(scope: Scope, literals: readonly Literal[], index: number): void;
  /** The literal has a solution; called again for each further one. */
  held(literal: Literal): void;
  /** A definition gave a value: by its body (0) or by its `else` branch of that number, counted from 1. */
  fired(rule: CheckedRule, branch: number): void;
}
