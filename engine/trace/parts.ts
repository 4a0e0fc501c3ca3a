/** The parts of an expression that say something: variables, references, calls and comprehensions, with their values. */
import type { Node, Term } from '../../lang/ast/nodes.ts';
import { visit } from '../../lang/ast/visit.ts';
import type { CheckedRule } from '../../lang/check/checked.ts';
import type { Scope } from '../interpret/machine.ts';
import { nodeAt, type RuleNode } from '../interpret/rule-tree.ts';
import type { Value } from '../value/value.ts';
import type { Inquiry } from './inquiry.ts';
import type { RuleOutcome, ShownValue } from './outcome.ts';
import { showTerm, valuesOf } from './shown.ts';

/** Parts that are shown with their values. */
const MAX_PARTS = 8;
/** Rules asked by one expression that are followed. */
const MAX_RULES = 4;

/** The parts of an expression with their values, each text once. A composite literal is taken apart, a comprehension is not. */
export function showParts(scope: Scope, rule: CheckedRule, node: Node): readonly ShownValue[] {
  const shown = new Map<string, ShownValue>();
  const show = (term: Term): void => {
    const part = showTerm(scope, rule, term);
    if (shown.size < MAX_PARTS && !shown.has(part.text)) shown.set(part.text, part);
  };
  visit(node, {
    enter: (part, ancestors) => {
      switch (part.kind) {
        case 'Var':
          if (scope.frame.has(part.name) && ancestors.at(-1)?.kind !== 'Ref') show(part);
          return undefined;
        case 'Ref':
          if (isOperator(part, ancestors.at(-1))) return 'skip';
          show(part);
          return undefined;
        case 'Call':
          show(part);
          return undefined;
        case 'ArrayComprehension':
        case 'SetComprehension':
        case 'ObjectComprehension':
          show(part);
          showOuterVariables(scope, part, show);
          return 'skip';
        case 'With':
        case 'Body':
          return 'skip';
        default:
          return undefined;
      }
    },
  });
  return [...shown.values()];
}

/** The variables from outside that a comprehension reads. */
function showOuterVariables(scope: Scope, node: Node, show: (term: Term) => void): void {
  visit(node, {
    Var: (variable, ancestors) => {
      if (scope.frame.has(variable.name) && ancestors.at(-1)?.kind !== 'Ref') show(variable);
      return undefined;
    },
  });
}

/** The name of a function where it is called. */
function isOperator(ref: Node, parent: Node | undefined): boolean {
  return parent?.kind === 'Call' && parent.operator === ref;
}

interface Asked {
  readonly node: RuleNode;
  readonly args: readonly Value[] | undefined;
  readonly isHeld: boolean;
}

/**
 * The rules and functions an expression asks that decide it: with `isHeld` those that have a value other than false, else those
 * that have none or are false.
 */
export function followRules(
  inquiry: Inquiry,
  scope: Scope,
  node: Node,
  isHeld: boolean,
): readonly RuleOutcome[] {
  if (inquiry.depth === 0) return [];
  const asked = new Map<string, Asked>();
  const add = (term: Term, path: readonly string[], args: readonly Value[] | undefined): void => {
    const rule = nodeOf(scope, path);
    if (rule === undefined || asked.size === MAX_RULES) return;
    const values = valuesOf(scope, term);
    if (values.some((value) => value !== false) !== isHeld) return;
    asked.set(`${rule.path.join('\0')} ${term.span.start}`, { node: rule, args, isHeld });
  };
  visit(node, {
    enter: (part, ancestors) => {
      if (part.kind === 'With' || part.kind === 'Body') return 'skip';
      if (isOperator(part, ancestors.at(-1))) return 'skip';
      if (part.kind === 'Ref' && part.head.kind === 'Var' && part.head.name === 'data') {
        add(part, namesOf(part.path.map(({ term }) => term)), undefined);
      }
      if (part.kind === 'Call') {
        const callee = scope.machine.calleeOf(part);
        const args = part.args.map((arg) => valuesOf(scope, arg)[0]);
        if (callee?.kind === 'function' && args.every((arg) => arg !== undefined)) {
          add(part, callee.path, args);
        }
      }
      return undefined;
    },
  });
  const deeper = { ...inquiry, depth: inquiry.depth - 1 };
  return [...asked.values()].map(({ node: rule, args }) =>
    inquiry.readRule(deeper, scope, rule, args, isHeld),
  );
}

/** The rule or function on the way of a path. */
function nodeOf(scope: Scope, path: readonly string[]): RuleNode | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const node = nodeAt(scope.world.tree, path.slice(0, length));
    if (node !== undefined) return node.kind === 'branch' ? undefined : node;
  }
  return undefined;
}

function namesOf(terms: readonly Term[]): readonly string[] {
  const names: string[] = [];
  for (const term of terms) {
    if (term.kind !== 'String') break;
    names.push(term.value);
  }
  return names;
}
