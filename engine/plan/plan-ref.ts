/**
 * Plans references. A place of the rule tree is known when the plan is made as far as the keys are constants; from the first that is
 * not, and where a `with` may replace rules, the tree is walked at run time.
 */
import type { Ref, RefSegment, Term } from '../../lang/ast/nodes.ts';
import { keysBelow, type RuleNode } from '../interpret/rule-tree.ts';
import type { Domain, Operand } from './ir.ts';
import {
  addFail,
  addTest,
  domainOfOperand,
  hasUnbound,
  isSingle,
  letRegister,
  newRegister,
  type Planner,
} from './planner.ts';

const NULL: Operand = { kind: 'constant', value: null };

/** See `PlannerParts.ref`. */
export function planRef(p: Planner, ref: Ref): Operand {
  const { head, path } = ref;
  if (head.kind === 'Var' && !p.bound.has(head.name)) {
    if (head.name === 'data') return planData(p, path);
    if (head.name === 'input') return planInput(p, path);
  }
  return walkValue(p, p.parts.term(p, head), path, 0);
}

function planInput(p: Planner, path: readonly RefSegment[]): Operand {
  const open = path.findIndex(({ term }) => term.kind !== 'String');
  const constant = open === -1 ? path : path.slice(0, open);
  const names = constant.map(({ term }) => (term.kind === 'String' ? term.value : ''));
  const start = letRegister(p, { kind: 'input', world: p.world, names }, 'any');
  return walkValue(p, start, path, names.length);
}

function walkValue(
  p: Planner,
  start: Operand,
  path: readonly RefSegment[],
  from: number,
  given: readonly Operand[] = [],
): Operand {
  let value = start;
  for (let at = from; at < path.length; at += 1) {
    const term = path[at]?.term;
    if (term === undefined) break;
    const known = given[at - from];
    if (known === undefined && hasUnbound(p, term)) {
      value = enumerate(p, value, term);
    } else {
      const key = known ?? p.parts.term(p, term);
      value = letRegister(p, { kind: 'member', of: value, key }, memberDomain(value, key));
    }
  }
  return value;
}

/** A set gives back the key it is asked for, which may be plain. */
function memberDomain(collection: Operand, key: Operand): Domain {
  return domainOfOperand(collection) === 'any' || domainOfOperand(key) === 'any' ? 'any' : 'value';
}

function enumerate(p: Planner, of: Operand, pattern: Term): Operand {
  const domain = domainOfOperand(of);
  const value = newRegister(p, domain);
  const key = newRegister(p, domain, nameOf(pattern));
  p.steps.push({ kind: 'scan', of, key, value, at: p.at });
  p.parts.match(p, pattern, key);
  return value;
}

function nameOf(pattern: Term): string | undefined {
  return pattern.kind === 'Var' ? pattern.name : undefined;
}

function planData(p: Planner, path: readonly RefSegment[]): Operand {
  const constants: string[] = [];
  for (const { term } of path) {
    if (term.kind !== 'String') break;
    constants.push(term.value);
  }
  if (p.context.isOverlaid(constants)) return planTree(p, path);
  let node: RuleNode | undefined = p.context.tree;
  let depth = 0;
  while (node?.kind === 'branch') {
    const name = constants[depth];
    if (name === undefined) {
      return planTree(p, path);
    }
    node = node.children.get(name);
    depth += 1;
  }
  if (node === undefined) {
    const names = constants;
    const base = letRegister(p, { kind: 'base', world: p.world, names }, 'value');
    return walkValue(p, base, path, names.length);
  }
  return planRuleRef(p, node, path, depth);
}

function planRuleRef(
  p: Planner,
  node: RuleNode,
  path: readonly RefSegment[],
  depth: number,
): Operand {
  if (node.kind === 'function') {
    addFail(p);
    return NULL;
  }
  const group = p.context.groupOf(node);
  const domain = p.context.domainOf(group);
  if (node.kind === 'complete') {
    const value = letRegister(p, { kind: 'rule', world: p.world, group }, domain);
    return walkValue(p, value, path, depth);
  }
  const given = groundKeys(p, path, depth);
  const longest = longestKeys(node);
  const keys = given.slice(0, longest);
  p.context.wantKeys(group, keys.length);
  const value = letRegister(p, { kind: 'partial', world: p.world, group, keys }, 'value');
  return walkValue(p, value, path, depth, given);
}

/** How many keys a reference into a partial document can give at most. */
export function longestKeys(node: RuleNode): number {
  return Math.max(
    ...node.rules.map((rule) => {
      const { length } = keysBelow(rule, node.path.length);
      return rule.rule.head.contains === undefined ? length : length + 1;
    }),
  );
}

/** The keys from `depth` on, up to the first that is not known. */
function groundKeys(p: Planner, path: readonly RefSegment[], depth: number): readonly Operand[] {
  const keys: Operand[] = [];
  for (const { term } of path.slice(depth)) {
    if (hasUnbound(p, term) || !isSingle(p, term)) break;
    keys.push(p.parts.term(p, term));
  }
  return keys;
}

/** What the constants do not lead to is asked at run time, from the root on. */
function planTree(p: Planner, path: readonly RefSegment[]): Operand {
  let place = letRegister(p, { kind: 'root', world: p.world, rest: restKeys(p, path, 0) }, 'any');
  for (const [index, { term }] of path.entries()) {
    const rest = restKeys(p, path, index + 1);
    p.context.wantKeys('unknown', rest.length);
    if (hasUnbound(p, term)) {
      const key = newRegister(p, 'any', nameOf(term));
      const child = newRegister(p, 'any');
      const { world, at } = p;
      p.steps.push({ kind: 'children', world, of: place, key, child, rest, at });
      p.parts.match(p, term, key);
      place = child;
    } else {
      const key = p.parts.term(p, term);
      place = letRegister(p, { kind: 'child', world: p.world, of: place, key, rest }, 'any');
    }
  }
  return letRegister(p, { kind: 'document', world: p.world, of: place }, 'any');
}

/** Constants and bound variables that follow, as far as they go: what a partial rule found on the way is asked for. */
function restKeys(p: Planner, path: readonly RefSegment[], from: number): readonly Operand[] {
  const keys: Operand[] = [];
  for (const { term } of path.slice(from)) {
    const { constant } = p.context.facts.of(term);
    const bound = term.kind === 'Var' ? p.bound.get(term.name) : undefined;
    const key: Operand | undefined =
      constant === undefined ? bound : { kind: 'constant', value: constant };
    if (key === undefined) break;
    keys.push(key);
  }
  return keys;
}

/** Tests that two operands are equal. */
export function testEqual(p: Planner, left: Operand, right: Operand): void {
  addTest(p, { kind: 'compare', operator: '==', left, right });
}
