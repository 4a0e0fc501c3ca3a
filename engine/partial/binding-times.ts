/**
 * Which parts of the rules can be evaluated as soon as some paths of the input are known. It looks at the paths only, never at values:
 * one analysis serves every input. Base data is known; what a `with` anywhere in the set replaces, the time, what prints and what the
 * host defines are not.
 */
import { childrenOf } from '../../lang/ast/child-keys.ts';
import type { Call, Node, Ref } from '../../lang/ast/nodes.ts';
import type { CheckedRule } from '../../lang/check/checked.ts';
import { OPERATOR_BUILTINS } from '../../lang/check/signatures.ts';
import { nodeAt, type RuleNode } from '../interpret/rule-tree.ts';
import type { PolicySet } from '../policy-set.ts';
import { holdsPath, type InputPath } from '../reads/input-path.ts';
import { READ_THE_TIME } from '../reads/static-reads.ts';
import { leadingNames, overlaps, type Replaced, replacedBy } from './replaced.ts';

/** Builtins that are called for more than their result. */
const SHOWING: ReadonlySet<string> = new Set(['print', 'internal.print', 'trace']);
const MEMBERSHIP_BUILTINS = ['internal.member_2', 'internal.member_3'] as const;

export type RuleParts = Pick<PolicySet, 'tree' | 'modules' | 'builtins' | 'options'>;

export class BindingTimes {
  readonly #set: RuleParts;
  readonly #paths: readonly InputPath[];
  readonly #replaced: Replaced;
  readonly #hostNames: ReadonlySet<string>;
  readonly #places = new Map<RuleNode, boolean>();

  constructor(set: RuleParts, paths: readonly InputPath[]) {
    this.#set = set;
    this.#hostNames = new Set((set.options.builtins ?? []).map(({ name }) => name));
    const rules = set.modules.modules.flatMap((module) => module.rules);
    this.#replaced = replacedBy(rules.map(({ rule }) => rule));
    this.#paths = paths.filter(
      (path) => !this.#replaced.input.some((target) => overlaps(path, target)),
    );
  }

  /** True when a node needs nothing but what is known; `unknown` are variables whose values are not. */
  isKnown(node: Node, unknown: ReadonlySet<string>): boolean {
    switch (node.kind) {
      case 'Var':
        return node.name !== 'input' && node.name !== 'data' && !unknown.has(node.name);
      case 'Ref':
        return this.#isKnownRef(node, unknown);
      case 'Call':
        return this.#isKnownCall(node) && node.args.every((arg) => this.isKnown(arg, unknown));
      case 'Literal':
        return node.with.length === 0 && this.isKnown(node.expr, unknown);
      case 'Infix':
        if (this.#replaced.functions.has(OPERATOR_BUILTINS[node.operator])) return false;
        break;
      case 'Membership':
        if (MEMBERSHIP_BUILTINS.some((name) => this.#replaced.functions.has(name))) return false;
        break;
      default:
    }
    return childrenOf(node).every((child) => this.isKnown(child, unknown));
  }

  /** True when a part of the node could be put in place of itself: it asks for something that is known. */
  mentionsKnown(node: Node): boolean {
    if (node.kind === 'Ref' && node.head.kind === 'Var') {
      const { name } = node.head;
      if ((name === 'input' || name === 'data') && this.#isKnownDocument(node)) return true;
    }
    return childrenOf(node).some((child) => this.mentionsKnown(child));
  }

  /** True when everything that stands at or below a node of the rule tree is known. */
  isKnownPlace(place: RuleNode): boolean {
    const known = this.#places.get(place);
    if (known !== undefined) return known;
    // Rules do not recur; should one, it is not known.
    this.#places.set(place, false);
    const isKnown =
      !this.#replaced.data.some((target) => overlaps(place.path, target)) &&
      (place.fallback === undefined || this.#isKnownRule(place.fallback)) &&
      place.rules.every((rule) => this.#isKnownRule(rule)) &&
      [...place.children.values()].every((child) => this.isKnownPlace(child));
    this.#places.set(place, isKnown);
    return isKnown;
  }

  #isKnownRule(rule: CheckedRule): boolean {
    const { head, body } = rule.rule;
    const parts = [
      ...head.ref.path,
      ...(head.params ?? []),
      head.contains,
      head.value,
      body,
      ...rule.rule.else,
    ];
    return parts.every((part) => part === undefined || this.isKnown(part, NOTHING));
  }

  #isKnownRef(ref: Ref, unknown: ReadonlySet<string>): boolean {
    const { head, path } = ref;
    if (!path.every(({ term }) => this.isKnown(term, unknown))) return false;
    const isDocument = head.kind === 'Var' && (head.name === 'input' || head.name === 'data');
    return isDocument ? this.#isKnownDocument(ref) : this.isKnown(head, unknown);
  }

  /** Of a reference into `input` or `data`, the place alone: its keys may still be unknown. */
  #isKnownDocument(ref: Ref): boolean {
    const names = leadingNames(ref);
    if (ref.head.kind === 'Var' && ref.head.name === 'input')
      return this.#paths.some((path) => holdsPath(path, names));
    if (this.#replaced.data.some((target) => overlaps(names, target))) return false;
    let place: RuleNode | undefined = this.#set.tree;
    for (const name of names) {
      if (place.kind !== 'branch') break;
      place = place.children.get(name);
      // Base data where no rule stands.
      if (place === undefined) return true;
    }
    return this.isKnownPlace(place);
  }

  #isKnownCall(call: Call): boolean {
    const callee = this.#set.modules.callees.get(call);
    if (callee === undefined) return false;
    if (callee.kind === 'builtin') {
      const { name } = callee;
      const isOwn = this.#set.builtins.has(name) || name === 'eq' || name === 'assign';
      const isMoving = READ_THE_TIME.has(name) || SHOWING.has(name) || this.#hostNames.has(name);
      return isOwn && !isMoving && !this.#replaced.functions.has(name);
    }
    if (this.#replaced.functions.has(callee.path.join('\0'))) return false;
    const place = nodeAt(this.#set.tree, callee.path);
    return place !== undefined && this.isKnownPlace(place);
  }
}

const NOTHING: ReadonlySet<string> = new Set();
