/** Plans the definitions of one place: bodies with their values and `else` branches, keys of partial rules, parameters of functions. */
import type { Body, Term } from '../../lang/ast/nodes.ts';
import type { CheckedRule } from '../../lang/check/checked.ts';
import { keysBelow, type RuleNode } from '../interpret/rule-tree.ts';
import type { Attempt, Block, Domain, Operand, PlannedRule, Step } from './ir.ts';
import { LayeredNames } from './layered-names.ts';
import { PARTS } from './make-planner.ts';
import { testEqual } from './plan-ref.ts';
import { addYield, newRegister, type PlanContext, type Planner } from './planner.ts';

const TRUE: Operand = { kind: 'constant', value: true };

/** A planner for a definition, or for a query. */
export function startPlanner(
  context: PlanContext,
  rule: CheckedRule | undefined,
  isWatched = false,
): Planner {
  return {
    context,
    numbering: { registers: 0, worlds: 0 },
    rule,
    bound: new LayeredNames(),
    steps: [],
    computed: new LayeredNames(),
    isWatched,
    world: 0,
    at: rule?.rule.head.span ?? { start: 0, end: 0 },
    parts: PARTS,
  };
}

/** Plans a definition of a complete rule or a function. */
export function planValueRule(
  context: PlanContext,
  rule: CheckedRule,
  isWatched = false,
): PlannedRule {
  const { head, body, else: branches } = rule.rule;
  const first = startPlanner(context, rule, isWatched);
  const params = (head.params ?? []).map((param) =>
    newRegister(first, 'any', param.kind === 'Var' ? param.name : undefined),
  );
  const attempt = (branchBody: Body | undefined, value: Term | undefined): Block => {
    const p: Planner = {
      ...first,
      bound: new LayeredNames(),
      computed: new LayeredNames(),
      steps: [],
    };
    for (const [index, param] of (head.params ?? []).entries()) {
      const register = params[index];
      if (register !== undefined) p.parts.match(p, param, register);
    }
    p.parts.body(p, branchBody);
    if (value !== undefined) p.at = value.span;
    addYield(p, [value === undefined ? TRUE : p.parts.term(p, value)]);
    return { steps: p.steps };
  };
  const attempts: Attempt[] = [
    { block: attempt(body, head.value), branch: 0 },
    ...branches.map((branch, index) => ({
      block: attempt(branch.body, branch.value),
      branch: index + 1,
    })),
  ];
  return { rule, params, attempts, single: attempts.every(({ block }) => isSingleBlock(block)) };
}

/** Plans a definition of a partial rule when so many of its keys are given, in registers. */
export function planPartialRule(
  context: PlanContext,
  node: RuleNode,
  rule: CheckedRule,
  given: number,
  isWatched = false,
): PlannedRule {
  const { head, body } = rule.rule;
  const keys = keysBelow(rule, node.path.length);
  const terms = head.contains === undefined ? keys : [...keys, head.contains];
  const p = startPlanner(context, rule, isWatched);
  const params = Array.from({ length: given }, () => newRegister(p, 'any'));
  const wanted = params.slice(0, terms.length);
  for (const [index, register] of wanted.entries()) {
    const term = terms[index];
    if (term !== undefined && isPattern(term)) p.parts.match(p, term, register);
  }
  p.parts.body(p, body);
  p.at = head.span;
  const value = head.contains === undefined ? head.value : undefined;
  const operands = p.parts.list(p, value === undefined ? terms : [...terms, value]);
  for (const [index, register] of wanted.entries()) {
    const operand = operands[index];
    if (operand !== undefined && operand !== register) testEqual(p, register, operand);
  }
  const isImplied = head.contains === undefined && value === undefined;
  addYield(p, isImplied ? [...operands, TRUE] : operands);
  const block = { steps: p.steps };
  return { rule, params, attempts: [{ block, branch: 0 }], single: isSingleBlock(block) };
}

/** Terms that can be unified with a key before the body is tried. */
function isPattern(term: Term): boolean {
  switch (term.kind) {
    case 'Var':
    case 'String':
    case 'Number':
    case 'Boolean':
    case 'Null':
      return true;
    case 'Array':
      return term.items.every(isPattern);
    default:
      return false;
  }
}

function isSingleBlock(block: Block): boolean {
  return block.steps.every((step) => !ITERATING.includes(step.kind));
}

const ITERATING: readonly Step['kind'][] = ['scan', 'results', 'children'];

/** The domain of what a definition yields. */
export function yieldedDomain(rule: PlannedRule): Domain {
  const isAny = rule.attempts.some(({ block }) =>
    block.steps.some(
      (step) =>
        step.kind === 'yield' &&
        step.operands.some((each) => each.kind === 'register' && each.domain === 'any'),
    ),
  );
  return isAny ? 'any' : 'value';
}

/** A query: a block that yields the values of its variables. */
export interface PlannedQuery {
  readonly block: Block;
  /** Of what is yielded, in its order. */
  readonly names: readonly string[];
}

/** Plans the body of a query. */
export function planQuery(context: PlanContext, body: Body): PlannedQuery {
  const p = startPlanner(context, undefined);
  p.parts.body(p, body);
  const names = p.bound.keys();
  addYield(p, p.bound.values());
  return { block: { steps: p.steps }, names };
}
