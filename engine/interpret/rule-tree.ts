/**
 * The rules of a module set arranged as the tree they form below `data`. A node with a rule whose head has a variable in its
 * reference takes the rules of its descendants too: together they make one document.
 */
import type { RefSegment, Rule, Term } from '../../lang/ast/nodes.ts';
import type { CheckedModuleSet, CheckedRule } from '../../lang/check/checked.ts';
import { branchesApart } from './else-branches.ts';

/**
 * What stands at a place below `data`: packages and rules deeper down only (`branch`), one value (`complete`), a set or an
 * object with variable keys (`partial`), or a function, which is no part of the document.
 */
export type NodeKind = 'branch' | 'complete' | 'partial' | 'function';

export interface RuleNode {
  readonly path: readonly string[];
  readonly kind: NodeKind;
  /** Definitions in source order; of a `partial` node those below it as well, each group in source order. */
  readonly rules: readonly CheckedRule[];
  /** The `default` definition of a `complete` node or a function. */
  readonly fallback: CheckedRule | undefined;
  /** Empty for a `partial` node. */
  readonly children: ReadonlyMap<string, RuleNode>;
}

interface Draft {
  readonly path: readonly string[];
  readonly rules: CheckedRule[];
  readonly children: Map<string, Draft>;
}

/** The whole tree, its root standing for `data`. */
export function buildRuleTree(set: CheckedModuleSet): RuleNode {
  const root: Draft = { path: [], rules: [], children: new Map() };
  for (const checked of set.modules) {
    draftAt(root, checked.module.package.path);
    for (const rule of checked.rules) draftAt(root, rule.path).rules.push(rule);
  }
  return finish(root);
}

function draftAt(root: Draft, path: readonly string[]): Draft {
  let draft = root;
  for (const [index, name] of path.entries()) {
    let child = draft.children.get(name);
    if (child === undefined) {
      child = { path: path.slice(0, index + 1), rules: [], children: new Map() };
      draft.children.set(name, child);
    }
    draft = child;
  }
  return draft;
}

function finish(draft: Draft): RuleNode {
  const { path } = draft;
  const kind = kindOf(draft);
  if (kind === 'partial') {
    const rules = withoutVainDefaults(collect(draft), path.length);
    return { path, kind, rules, fallback: undefined, children: new Map() };
  }
  return {
    path,
    kind,
    rules: draft.rules.filter((rule) => !rule.rule.isDefault),
    fallback: draft.rules.find((rule) => rule.rule.isDefault),
    children: new Map([...draft.children].map(([name, child]) => [name, finish(child)])),
  };
}

function kindOf(draft: Draft): NodeKind {
  if (draft.rules.length === 0) return 'branch';
  if (draft.rules.some((rule) => rule.rule.head.params !== undefined)) return 'function';
  return draft.rules.some((rule) => isPartialAt(rule, draft.path.length)) ? 'partial' : 'complete';
}

function isPartialAt(rule: CheckedRule, depth: number): boolean {
  return rule.rule.head.contains !== undefined || keysBelow(rule, depth).length > 0;
}

/** Rules with a variable at this place stand before those with a constant, as in OPA: the first spelling of a number is kept. */
function collect(draft: Draft, top: Draft = draft): readonly CheckedRule[] {
  const isFixed = (rule: CheckedRule): boolean => isScalar(keysBelow(rule, draft.path.length)[0]);
  const own = draft.rules
    .flatMap(branchesApart)
    .map((rule) => (rule.package.length < top.path.length ? rule : raised(rule, top.path)));
  return [
    ...own.filter((rule) => !isFixed(rule)),
    ...own.filter(isFixed),
    ...[...draft.children.values()].flatMap((child) => collect(child, top)),
  ];
}

/** A default below or beside a head with variables is never the value of anything, as in OPA. */
function withoutVainDefaults(rules: readonly CheckedRule[], depth: number): readonly CheckedRule[] {
  const open = rules.flatMap((rule) => {
    const keys = keysBelow(rule, depth);
    const ground = keys.findIndex((key) => constantText(key) === undefined);
    return ground === -1 ? [] : [keys.slice(0, ground).map(constantText)];
  });
  return rules.filter((rule) => {
    if (!rule.rule.isDefault) return true;
    const keys = keysBelow(rule, depth).map(constantText);
    return !open.some((ground) => ground.every((key, at) => key === keys[at]));
  });
}

/** Tells constant keys apart; undefined for what is evaluated. */
function constantText(key: Term): string | undefined {
  switch (key.kind) {
    case 'String':
      return JSON.stringify(key.value);
    case 'Number':
      return String(Number(key.text));
    case 'Boolean':
      return String(key.value);
    case 'Null':
      return 'null';
    default:
      return undefined;
  }
}

/** The rule of a package at or below `path`, written as one of the package above: what lies between is part of its head. */
function raised(checked: CheckedRule, path: readonly string[]): CheckedRule {
  const { rule } = checked;
  const { ref } = rule.head;
  const { span } = ref.head;
  const [name = '', ...above] = path.toReversed();
  const between = checked.path.slice(path.length, checked.package.length + 1);
  const segments = between.map((value): RefSegment => {
    const term: Term = { kind: 'String', span, value, raw: false };
    return { kind: 'RefSegment', span, style: 'dot', term };
  });
  const head: Term = { kind: 'Var', span, name };
  const written = { ...ref, head, path: [...segments, ...ref.path] };
  return {
    ...checked,
    package: above.toReversed(),
    rule: { ...rule, head: { ...rule.head, ref: written } },
  };
}

function isScalar(term: Term | undefined): boolean {
  return term?.kind === 'Number' || term?.kind === 'Boolean' || term?.kind === 'Null';
}

/** The head's reference below `depth` elements of the path under `data`: the keys a rule contributes under. */
export function keysBelow(checked: CheckedRule, depth: number): readonly Term[] {
  return headSegments(checked.rule)
    .slice(Math.max(0, depth - checked.package.length - 1))
    .map((segment) => segment.term);
}

function headSegments(rule: Rule): readonly RefSegment[] {
  return rule.head.ref.path;
}

/** The node at a path, or undefined. */
export function nodeAt(root: RuleNode, path: readonly string[]): RuleNode | undefined {
  let node: RuleNode | undefined = root;
  for (const name of path) node = node?.children.get(name);
  return node;
}

/** The tree without what stands at `path`; the tree itself when nothing does. */
export function withoutPath(node: RuleNode, path: readonly string[]): RuleNode {
  const [name, ...rest] = path;
  if (name === undefined) return { ...node, kind: 'branch', rules: [], children: new Map() };
  const child = node.children.get(name);
  if (child === undefined) return node;
  const children = new Map(node.children);
  if (rest.length === 0) children.delete(name);
  else children.set(name, withoutPath(child, rest));
  return { ...node, children };
}
