/**
 * What the parts of an explanation share: the evaluation it is made in, the rule whose text is shown, and how to ask further.
 */
import type { Body, Literal } from '../../lang/ast/nodes.ts';
import type { CheckedRule } from '../../lang/check/checked.ts';
import type { Scope } from '../interpret/machine.ts';
import type { RuleNode } from '../interpret/rule-tree.ts';
import type { World } from '../interpret/world.ts';
import type { Value } from '../value/value.ts';
import type { BodyWatch } from './body-watch.ts';
import type { Reading, RuleOutcome } from './outcome.ts';
import type { Places } from './places.ts';

export interface Inquiry {
  readonly watch: BodyWatch;
  readonly places: Places;
  /** The annotations of rules. */
  readonly titleOf: (rule: CheckedRule) => string | undefined;
  /** Rules asked by rules that are followed; 0 follows none. */
  readonly depth: number;
  /** Reads a literal that holds or fails, its modifiers applied. */
  readonly readLiteral: (
    inquiry: Inquiry,
    scope: Scope,
    rule: CheckedRule,
    literal: Literal,
    isHeld: boolean,
  ) => Reading;
  /** Reads the literal at which a body without a solution stopped; undefined when the body holds. */
  readonly readStop: (
    inquiry: Inquiry,
    scope: Scope,
    rule: CheckedRule,
    body: Body,
  ) => Reading | undefined;
  /** The definitions of a rule or function: those that hold, or why each fails. */
  readonly readRule: (
    inquiry: Inquiry,
    scope: { readonly machine: Scope['machine']; readonly world: World },
    node: RuleNode,
    args: readonly Value[] | undefined,
    isHeld: boolean,
  ) => RuleOutcome;
}
