/**
 * Every rule of the set by its place below `data`: the ground, leading part of its reference is its path in the tree, as in
 * OPA. Built from the text alone, before names are resolved, for only constants make a path.
 */
import type { RefSegment, Rule, Term } from '../ast/nodes.ts';
import type { Source } from '../source.ts';

export interface RuleEntry {
  readonly rule: Rule;
  readonly source: Source;
  readonly package: readonly string[];
  /** One key per part of the reference below `data`; undefined where a variable stands. */
  readonly keys: readonly (string | undefined)[];
  /** How many leading keys are constants. */
  readonly groundLength: number;
  /** The leading keys that are strings, as they are written. */
  readonly path: readonly string[];
  readonly isMulti: boolean;
  readonly arity: number;
  readonly isFunction: boolean;
  /** As shown to the user: `data.pkg.p[x]`. */
  readonly name: string;
}

export interface RuleNode {
  readonly key: string;
  readonly children: Map<string, RuleNode>;
  readonly entries: RuleEntry[];
}

/** The key of a string, which is what names and most parts of references are. */
export function stringKey(value: string): string {
  return `s${value}`;
}

/** The key of a constant part; undefined for anything that must be evaluated. */
export function termKey(term: Term): string | undefined {
  switch (term.kind) {
    case 'String':
      return stringKey(term.value);
    case 'Number':
      return `n${term.text}`;
    case 'Boolean':
      return `b${term.value}`;
    case 'Null':
      return 'null';
    default:
      return undefined;
  }
}

/** Describes one rule. */
export function describeRule(
  rule: Rule,
  source: Source,
  packagePath: readonly string[],
): RuleEntry {
  const { head } = rule;
  const name = head.ref.head.kind === 'Var' ? head.ref.head.name : '';
  const steps = head.ref.path.map((segment) => termKey(segment.term));
  const keys = [...packagePath.map(stringKey), stringKey(name), ...steps];
  const firstOpen = keys.indexOf(undefined);
  const noString = keys.findIndex((key) => key?.startsWith('s') !== true);
  return {
    rule,
    source,
    package: packagePath,
    keys,
    groundLength: firstOpen === -1 ? keys.length : firstOpen,
    path: keys.slice(0, noString === -1 ? keys.length : noString).map((key) => key?.slice(1) ?? ''),
    isMulti: head.contains !== undefined,
    arity: head.params?.length ?? 0,
    isFunction: head.params !== undefined,
    name: displayName(packagePath, name, head.ref.path, source),
  };
}

/** The rule with the lists of another one, where both stand at one place: a large set has few places and many rules. */
export function sharePlace(entry: RuleEntry, other: RuleEntry | undefined): RuleEntry {
  const isSame =
    other?.name === entry.name &&
    other.keys.length === entry.keys.length &&
    other.keys.every((key, at) => key === entry.keys[at]);
  return isSame ? { ...entry, keys: other.keys, path: other.path, name: other.name } : entry;
}

function displayName(
  packagePath: readonly string[],
  name: string,
  path: readonly RefSegment[],
  source: Source,
): string {
  let shown = ['data', ...packagePath, name].join('.');
  for (const { term, style } of path) {
    if (term.kind === 'String' && style === 'dot') shown += `.${term.value}`;
    else shown += `[${source.text.slice(term.span.start, term.span.end)}]`;
  }
  return shown;
}

/** An empty tree. */
export function makeRuleTree(): RuleNode {
  return { key: '', children: new Map(), entries: [] };
}

/** Puts a rule at the end of its ground prefix. */
export function addRule(root: RuleNode, entry: RuleEntry): void {
  let node = root;
  for (const key of entry.keys.slice(0, entry.groundLength)) {
    if (key === undefined) break;
    let next = node.children.get(key);
    if (!next) {
      next = { key, children: new Map(), entries: [] };
      node.children.set(key, next);
    }
    node = next;
  }
  node.entries.push(entry);
}

/** The node at a path of strings, if there is one. */
export function findNode(root: RuleNode, path: readonly string[]): RuleNode | undefined {
  return findKeys(root, path.map(stringKey));
}

/** The node at a path of keys of `termKey`, if there is one. */
export function findKeys(root: RuleNode, keys: readonly string[]): RuleNode | undefined {
  let node: RuleNode | undefined = root;
  for (const key of keys) node = node?.children.get(key);
  return node;
}

/** Is there a function at exactly this path? */
export function isFunctionAt(root: RuleNode, path: readonly string[]): boolean {
  return findNode(root, path)?.entries.some((entry) => entry.arity > 0) ?? false;
}
