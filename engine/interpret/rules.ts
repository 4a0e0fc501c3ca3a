/**
 * Values of rules and functions. Every definition is tried; two different values of one place are a conflict that names both
 * definitions. A result is remembered in the world it holds in.
 */
import type { Body, Term } from '../../lang/ast/nodes.ts';
import type { CheckedRule } from '../../lang/check/checked.ts';
import { canonicalKey, equalValues } from '../value/compare.ts';
import type { Value } from '../value/value.ts';
import { Frame } from './frame.ts';
import type { Machine, NextValue, Scope } from './machine.ts';
import { partialValue } from './partial-rules.ts';
import { conflictFailure } from './places.ts';
import type { RuleNode } from './rule-tree.ts';
import type { World } from './world.ts';

const COMPLETE_CONFLICT = 'complete rules must not produce multiple outputs';
const FUNCTION_CONFLICT = 'functions must not produce multiple outputs for same inputs';

/** What an absent value in a head means. */
const IMPLIED_VALUE: Value = true;

/** See `Machine.ruleValue`. */
export function ruleValue(
  machine: Machine,
  world: World,
  node: RuleNode,
  keys: readonly Value[],
): Value | undefined {
  if (node.kind === 'partial') return partialValue(machine, world, node, keys);
  const memo = world.memo(node);
  return memo.has('') ? memo.get('') : completeResult(machine, world, node)?.value;
}

/** A value and the definition it comes from. */
export interface RuleResult {
  readonly value: Value;
  readonly rule: CheckedRule;
}

/** The value of a node of kind `complete` with the definition that made it: the first of those that agree on it. */
export function completeResult(
  machine: Machine,
  world: World,
  node: RuleNode,
): RuleResult | undefined {
  const result = agreedResult(machine, world, node, COMPLETE_CONFLICT, undefined);
  world.memo(node).set('', result?.value);
  return result;
}

/** See `Machine.functionValue`. */
export function functionValue(
  machine: Machine,
  world: World,
  node: RuleNode,
  args: readonly Value[],
): Value | undefined {
  const memo = world.memo(node);
  const key = canonicalKey(args);
  if (memo.has(key)) return memo.get(key);
  const bindParams: BindParams = (scope, params, next) => matchParams(scope, params, args, 0, next);
  const result = agreedResult(machine, world, node, FUNCTION_CONFLICT, bindParams);
  memo.set(key, result?.value);
  return result?.value;
}

function matchParams(
  scope: Scope,
  params: readonly Term[],
  args: readonly Value[],
  index: number,
  next: () => boolean,
): boolean {
  const param = params[index];
  if (param === undefined) return next();
  return scope.machine.match(scope, param, args[index] ?? null, () =>
    matchParams(scope, params, args, index + 1, next),
  );
}

type BindParams = (scope: Scope, params: readonly Term[], next: () => boolean) => boolean;

/** The value all definitions agree on, or that of the default. */
function agreedResult(
  machine: Machine,
  world: World,
  node: RuleNode,
  conflict: string,
  bindParams: BindParams | undefined,
): RuleResult | undefined {
  let agreed: RuleResult | undefined;
  const firstDecides = haveOneConstant(machine, node.rules);
  for (const rule of node.rules) {
    eachValue(machine, world, rule, bindParams, (value) => {
      if (agreed !== undefined && !equalValues(agreed.value, value)) {
        throw conflictFailure(conflict, agreed.rule, rule);
      }
      agreed ??= { value, rule };
      return firstDecides;
    });
    if (agreed !== undefined && firstDecides) return agreed;
  }
  const { fallback } = node;
  if (agreed !== undefined || fallback === undefined) return agreed;
  eachValue(machine, world, fallback, bindParams, (value) => {
    agreed = { value, rule: fallback };
    return true;
  });
  return agreed;
}

/** True when no definition can give another value than the first that holds: the rest need not be tried. */
function haveOneConstant(machine: Machine, rules: readonly CheckedRule[]): boolean {
  let first: Value | undefined;
  for (const { rule } of rules) {
    for (const term of [rule.head.value, ...rule.else.map((branch) => branch.value)]) {
      const value = term === undefined ? IMPLIED_VALUE : machine.facts.of(term).constant;
      if (value === undefined) return false;
      if (first === undefined) first = value;
      if (first !== value) return false;
    }
  }
  return true;
}

/** The values of one definition: of its body or, when that has no solution, of the first `else` that has one. */
export function eachValue(
  machine: Machine,
  world: World,
  rule: CheckedRule,
  bindParams: BindParams | undefined,
  next: NextValue,
): boolean {
  const { head } = rule.rule;
  machine.budget.enter();
  let found = false;
  let stopped = false;
  const attempt = (body: Body | undefined, term: Term | undefined, branch: number): void => {
    const scope: Scope = { machine, world, frame: new Frame(rule) };
    const solve = (): boolean =>
      machine.solve(scope, body, () =>
        eachTerm(scope, term, (value) => {
          found = true;
          machine.tracer?.fired(rule, branch);
          return next(value);
        }),
      );
    stopped =
      head.params === undefined || bindParams === undefined
        ? solve()
        : bindParams(scope, head.params, solve);
  };
  attempt(rule.rule.body, head.value, 0);
  for (const [index, branch] of rule.rule.else.entries()) {
    if (found) break;
    attempt(branch.body, branch.value, index + 1);
  }
  machine.budget.leave();
  return stopped;
}

function eachTerm(scope: Scope, term: Term | undefined, next: NextValue): boolean {
  return term === undefined ? next(IMPLIED_VALUE) : scope.machine.each(scope, term, next);
}
