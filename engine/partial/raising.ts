/**
 * Which parts of the rules can do more than have a value: end the evaluation with an error, or print. They are never left out, so that a
 * specialised policy fails where the whole one does. Meeting a limit is no such end: work that is left out meets none.
 */
import { childrenOf } from '../../lang/ast/child-keys.ts';
import type { Node, Ref, Term } from '../../lang/ast/nodes.ts';
import type { CheckedRule } from '../../lang/check/checked.ts';
import { keysBelow, nodeAt, type RuleNode } from '../interpret/rule-tree.ts';
import type { TermFactTable } from '../interpret/term-facts.ts';
import type { Value } from '../value/value.ts';
import type { RuleParts } from './binding-times.ts';
import { leadingNames } from './replaced.ts';

const IMPLIED_VALUE: Value = true;

export class Raising {
  readonly #set: RuleParts & { readonly facts: TermFactTable };
  readonly #hostNames: ReadonlySet<string>;
  readonly #places = new Map<RuleNode, boolean>();

  constructor(set: RuleParts & { readonly facts: TermFactTable }) {
    this.#set = set;
    this.#hostNames = new Set((set.options.builtins ?? []).map(({ name }) => name));
  }

  /** True when evaluating the node may end the evaluation, or print. */
  mayRaise(node: Node): boolean {
    switch (node.kind) {
      case 'With':
      case 'ObjectComprehension':
      case 'TemplateString':
        return true;
      case 'Ref':
        if (node.head.kind === 'Var' && node.head.name === 'data' && this.#refMayRaise(node))
          return true;
        break;
      case 'Var':
        if (node.name === 'data') return true;
        break;
      case 'Call': {
        const callee = this.#set.modules.callees.get(node);
        if (callee === undefined) return true;
        if (callee.kind === 'function') {
          const place = nodeAt(this.#set.tree, callee.path);
          if (place === undefined || this.placeMayRaise(place)) return true;
        } else if (!this.#isQuiet(callee.name)) return true;
        return node.args.some((arg) => this.mayRaise(arg));
      }
      default:
    }
    return childrenOf(node).some((child) => this.mayRaise(child));
  }

  /** True when asking for what stands at or below a place may do so. */
  placeMayRaise(place: RuleNode): boolean {
    const known = this.#places.get(place);
    if (known !== undefined) return known;
    this.#places.set(place, true);
    const raises =
      !this.#agrees(place) ||
      place.rules.some((rule) => this.bodiesMayRaise(rule)) ||
      (place.fallback !== undefined && this.bodiesMayRaise(place.fallback)) ||
      [...place.children.values()].some((child) => this.placeMayRaise(child));
    this.#places.set(place, raises);
    return raises;
  }

  /** True when what a definition evaluates may raise, conflicts with others apart. */
  bodiesMayRaise({ rule }: CheckedRule): boolean {
    const { head, body } = rule;
    const parts = [
      ...head.ref.path,
      ...(head.params ?? []),
      head.contains,
      head.value,
      body,
      ...rule.else,
    ];
    return parts.some((part) => part !== undefined && this.mayRaise(part));
  }

  /** True when the definitions of a place cannot be in conflict. */
  #agrees(place: RuleNode): boolean {
    if (place.kind === 'branch') return true;
    if (place.kind !== 'partial') return haveOneConstant(this.#set.facts, place.rules);
    return place.rules.every(
      (rule) =>
        rule.rule.head.contains !== undefined && keysBelow(rule, place.path.length).length === 0,
    );
  }

  #refMayRaise(ref: Ref): boolean {
    let place: RuleNode | undefined = this.#set.tree;
    for (const name of leadingNames(ref)) {
      if (place.kind !== 'branch') break;
      place = place.children.get(name);
      if (place === undefined) return false;
    }
    return this.placeMayRaise(place);
  }

  #isQuiet(name: string): boolean {
    if (this.#hostNames.has(name) || name.endsWith('print')) return false;
    return this.#set.builtins.has(name) || name === 'eq' || name === 'assign';
  }
}

/** True when no definition can have another value than the first that holds. */
export function haveOneConstant(facts: TermFactTable, rules: readonly CheckedRule[]): boolean {
  const values = rules.flatMap(({ rule }) =>
    [rule.head.value, ...rule.else.map(({ value }) => value)].map((term: Term | undefined) =>
      term === undefined ? IMPLIED_VALUE : facts.of(term).constant,
    ),
  );
  const [first] = values;
  return values.every((value) => value !== undefined && value === first);
}
