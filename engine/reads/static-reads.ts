/**
 * The input paths a document may depend on, found in the checked rules without running them: through the rules and functions it refers
 * to, whatever a `with` replaces. It may name more than an evaluation looks at, never less: a change of the input outside of these
 * paths changes no result.
 */
import { eachChild } from '../../lang/ast/child-keys.ts';
import type { Call, Node, Ref } from '../../lang/ast/nodes.ts';
import type { Callee, CheckedRule } from '../../lang/check/checked.ts';
import { nodeAt, type RuleNode } from '../interpret/rule-tree.ts';
import { coverOf, type InputPath } from './input-path.ts';

/** What is looked through: the rules of a policy set and what their calls call. */
export interface ReadableRules {
  readonly tree: RuleNode;
  readonly modules: { readonly callees: ReadonlyMap<Call, Callee> };
  readonly options: { readonly builtins?: readonly { readonly name: string }[] };
}

/** The documents a decision asks a package for. */
const DECISION_DOCUMENTS = ['allow', 'block', 'require_approval', 'mask'] as const;

/** Builtins that know the time, which a decision takes from its input; those of the host are told it too. */
export const READ_THE_TIME: ReadonlySet<string> = new Set([
  'time.now_ns',
  'io.jwt.decode_verify',
  'crypto.x509.parse_and_verify_certificates',
  'crypto.x509.parse_and_verify_certificates_with_options',
]);
const TIME_PATH: InputPath = ['context', 'now_ns'];

/** The paths that `data.<path>` may depend on; none holds another. */
export function readsOfDocument(
  rules: ReadableRules,
  path: readonly string[],
): readonly InputPath[] {
  const search = new Search(rules);
  search.enter(path);
  return coverOf(search.found());
}

/** The paths that a decision by these packages may depend on; none holds another. */
export function readsOfDecision(
  rules: ReadableRules,
  packages: readonly string[],
): readonly InputPath[] {
  return coverOf(searchDecision(rules, packages).found());
}

/** The rules that a decision by these packages may come to, in no order. */
export function rulesOfDecision(
  rules: ReadableRules,
  packages: readonly string[],
): ReadonlySet<CheckedRule> {
  return searchDecision(rules, packages).seen;
}

function searchDecision(rules: ReadableRules, packages: readonly string[]): Search {
  const search = new Search(rules);
  for (const name of packages)
    for (const document of DECISION_DOCUMENTS) search.enter([...name.split('.'), document]);
  return search;
}

/** One walk; a rule is looked into once. */
class Search {
  readonly #rules: ReadableRules;
  readonly #seen = new Set<CheckedRule>();
  readonly #found = new Map<string, InputPath>();
  /** Made once, for every node that has children. */
  readonly #lookAtChild = (child: Node): void => this.#look(child);

  constructor(rules: ReadableRules) {
    this.#rules = rules;
  }

  /** The rules looked into so far. */
  get seen(): ReadonlySet<CheckedRule> {
    return this.#seen;
  }

  /** Every path found so far, each once. */
  found(): readonly InputPath[] {
    return [...this.#found.values()];
  }

  /** Looks into what stands at a place. */
  enter(path: readonly string[]): void {
    this.#enterPlace(path);
  }

  #note(path: InputPath): void {
    const key = JSON.stringify(path);
    if (!this.#found.has(key)) this.#found.set(key, path);
  }

  /** A reference stops where rules define a place: what lies deeper is part of their value. */
  #enterPlace(path: readonly string[]): void {
    let node: RuleNode | undefined = this.#rules.tree;
    for (const name of path) {
      if (node.kind !== 'branch') break;
      node = node.children.get(name);
      if (node === undefined) return;
    }
    this.#enterNode(node);
  }

  #enterNode(root: RuleNode): void {
    const waiting: RuleNode[] = [root];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      waiting.push(...node.children.values());
      for (const rule of node.rules) this.#enterRule(rule);
      if (node.fallback !== undefined) this.#enterRule(node.fallback);
    }
  }

  #enterRule(rule: CheckedRule): void {
    if (this.#seen.has(rule)) return;
    this.#seen.add(rule);
    const { head, body } = rule.rule;
    // The head's own name is no reference, its keys are terms.
    const parts: readonly (Node | undefined)[] = [
      ...head.ref.path,
      ...(head.params ?? []),
      head.contains,
      head.value,
      body,
      ...rule.rule.else,
    ];
    for (const part of parts) if (part !== undefined) this.#look(part);
  }

  #look(node: Node): void {
    switch (node.kind) {
      case 'Var':
        if (node.name === 'input') this.#note([]);
        else if (node.name === 'data') this.#enterPlace([]);
        else this.#noteBuiltin(node.name);
        return;
      case 'Null':
      case 'Boolean':
      case 'Number':
      case 'String':
        return;
      case 'Ref':
        this.#lookAtRef(node);
        return;
      case 'With':
        // What is replaced is not read, but the keys that name it and the value put there are.
        for (const segment of node.target.path) this.#look(segment);
        this.#look(node.value);
        return;
      case 'Call':
        this.#enterCallee(node);
        for (const arg of node.args) this.#look(arg);
        return;
      default:
        eachChild(node, this.#lookAtChild);
    }
  }

  #lookAtRef({ head, path }: Ref): void {
    for (const { term } of path) if (term.kind !== 'String') this.#look(term);
    const names: string[] = [];
    for (const { term } of path) {
      if (term.kind !== 'String') break;
      names.push(term.value);
    }
    if (head.kind !== 'Var') this.#look(head);
    else if (head.name === 'input') this.#note(names);
    else if (head.name === 'data') this.#enterPlace(names);
    // What stands in for a builtin under `with` is named, not called.
    else this.#noteBuiltin([head.name, ...names].join('.'));
  }

  #enterCallee(call: Call): void {
    const callee = this.#rules.modules.callees.get(call);
    if (callee?.kind === 'builtin') {
      this.#noteBuiltin(callee.name);
      return;
    }
    const node = callee && nodeAt(this.#rules.tree, callee.path);
    // A call that is not known here could do anything.
    if (node === undefined) this.#note([]);
    else this.#enterNode(node);
  }

  #noteBuiltin(name: string): void {
    const ofHost = this.#rules.options.builtins ?? [];
    if (READ_THE_TIME.has(name) || ofHost.some((builtin) => builtin.name === name))
      this.#note(TIME_PATH);
  }
}
