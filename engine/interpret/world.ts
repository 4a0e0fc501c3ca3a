/**
 * What an expression is evaluated against: the documents, the rules, what replaces functions, and the results already known
 * for exactly these. A `with` makes another world; nothing known in one is taken over into the other.
 */
import type { Value } from '../value/value.ts';
import { type InputDocument, replaceAt } from './input-document.ts';
import { type RuleNode, withoutPath } from './rule-tree.ts';

/** What stands in for a function under `with`: a value for every call, a function of the policy, or a builtin. */
export type Mock =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'function'; readonly path: readonly string[] }
  | { readonly kind: 'builtin'; readonly name: string };

/** Remembers `undefined` too: a rule without a result is asked once. */
export interface Memo<Key> {
  get(key: Key): Value | undefined;
  has(key: Key): boolean;
  set(key: Key, value: Value | undefined): unknown;
}

export class World {
  readonly input: InputDocument;
  /** The base document below `data`. */
  readonly data: Value;
  readonly tree: RuleNode;
  /** By the name of the replaced builtin, or the path of the replaced function joined with NUL. */
  readonly mocks: ReadonlyMap<string, Mock>;
  /** True while `input` is, at least in part, the one of the caller: reading it counts as reading that. */
  readonly inputIsGiven: boolean;
  readonly #documents = new Map<RuleNode, Memo<string>>();
  #unmocked: World | undefined;

  constructor(
    input: InputDocument,
    data: Value,
    tree: RuleNode,
    mocks: ReadonlyMap<string, Mock> = new Map(),
    inputIsGiven = true,
  ) {
    this.input = input;
    this.data = data;
    this.tree = tree;
    this.mocks = mocks;
    this.inputIsGiven = inputIsGiven;
  }

  /** Results of a rule or function by arguments or keys; `''` for the whole of it. */
  memo(node: RuleNode): Memo<string> {
    let memo = this.#documents.get(node);
    if (memo === undefined) {
      memo = new Map<string, Value | undefined>();
      this.#documents.set(node, memo);
    }
    return memo;
  }

  withInput(path: readonly Value[], value: Value): World {
    const input = this.input.with(path, value);
    const isGiven = this.inputIsGiven && path.length > 0;
    return new World(input, this.data, this.tree, this.mocks, isGiven);
  }

  /** Rules at and below `path` are out of sight: the value is all that is there. */
  withData(path: readonly string[], value: Value): World {
    const data = replaceAt(this.data, path, value);
    const tree = withoutPath(this.tree, path);
    return new World(this.input, data, tree, this.mocks, this.inputIsGiven);
  }

  withMock(target: string, mock: Mock): World {
    const mocks = new Map(this.mocks).set(target, mock);
    return new World(this.input, this.data, this.tree, mocks, this.inputIsGiven);
  }

  /** This world with the original functions: where a mock is evaluated, which may call what it replaces. */
  unmocked(): World {
    if (this.mocks.size === 0) return this;
    this.#unmocked ??= new World(this.input, this.data, this.tree, new Map(), this.inputIsGiven);
    return this.#unmocked;
  }
}
