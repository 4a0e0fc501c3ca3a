/**
 * What compiled code is evaluated against: the documents, the rules in sight, what replaces functions, and results already known
 * for exactly these. A `with` makes another world; nothing known in one is taken over into the other.
 */

import { isStockBuiltin } from '../builtins/builtin-table.ts';
import type { BuiltinContext } from '../builtins/context.ts';
import type { BuiltinTable } from '../builtins/registry.ts';
import { replaceAt } from '../interpret/input-document.ts';
import { type RuleNode, withoutPath } from '../interpret/rule-tree.ts';
import type { Mock } from '../interpret/world.ts';
import { fromPlain } from '../value/plain.ts';
import type { Value } from '../value/value.ts';
import { InputIndexes } from './input-index.ts';
import type { LinkedProgram } from './linked-program.ts';

/** Stands in a memo for a rule that was asked and has no value. */
export const NO_VALUE: unique symbol = Symbol('no value');

/** Builtins that generated code has a quick way for. */
const QUICK_BUILTINS = ['startswith', 'endswith', 'contains', 'sprintf'] as const;

/** What one evaluation has besides its worlds. */
export class EvaluationState {
  readonly program: LinkedProgram;
  readonly builtins: BuiltinTable;
  readonly context: BuiltinContext;
  readonly strict: boolean;
  readonly print: ((line: string) => void) | undefined;
  /** More steps for code that has used those it began with; only decisions ask here. */
  readonly refuel: () => number;
  /** Builtins that code has a quick way for are those of the engine. */
  readonly isStock: boolean;
  /** Formats of `sprintf` that are nothing but texts around `%s` and `%v`, taken apart. */
  readonly formats = new Map<string, readonly string[] | undefined>();
  #boxed: Map<object, Value> | undefined;
  #searches: InputIndexes | undefined;

  constructor(options: Omit<EvaluationState, 'box' | 'forget' | 'isStock' | 'formats' | 'search'>) {
    this.program = options.program;
    this.builtins = options.builtins;
    this.context = options.context;
    this.strict = options.strict;
    this.print = options.print;
    this.refuel = options.refuel;
    this.isStock = QUICK_BUILTINS.every((name) => {
      const builtin = options.builtins.get(name);
      return builtin !== undefined && isStockBuiltin(builtin);
    });
  }

  /** What was converted for one evaluation is not that of the next. */
  forget(): void {
    if (this.#boxed !== undefined) this.#boxed = undefined;
    if (this.#searches !== undefined) this.#searches = undefined;
  }

  /** Elements of an array of the input by a member; see input-index.ts. */
  search(...search: Parameters<InputIndexes['find']>): ReturnType<InputIndexes['find']> {
    this.#searches ??= new InputIndexes();
    return this.#searches.find(...search);
  }

  /** The value of plain data, converted once; a value that was made here is its own. */
  box(data: object): Value {
    this.#boxed ??= new Map();
    let value = this.#boxed.get(data);
    if (value === undefined) {
      value = fromPlain(data, 0, this.#boxed);
      this.#boxed.set(data, value);
      if (typeof value === 'object' && value !== null) this.#boxed.set(value, value);
    }
    return value;
  }
}

/** The names are short because generated code is made of them. */
export class CompiledWorld {
  /** Of this evaluation. */
  readonly e: EvaluationState;
  /** The input: plain data or a value; undefined when there is none. Only what decides over and over in one world sets it. */
  i: unknown;
  readonly data: Value;
  readonly tree: RuleNode;
  readonly mocks: ReadonlyMap<string, Mock>;
  /** Results of complete groups, by group; `NO_VALUE` for none. */
  readonly m: unknown[];
  /** Results of functions and partial groups, by group, then by arguments or keys. */
  readonly known: (Map<unknown, unknown> | undefined)[] = [];
  #unmocked: CompiledWorld | undefined;
  /** A group has been asked for, so that something is known. */
  isUsed = false;

  constructor(
    e: EvaluationState,
    input: unknown,
    data: Value,
    tree: RuleNode,
    mocks: ReadonlyMap<string, Mock>,
  ) {
    this.e = e;
    this.i = input;
    this.data = data;
    this.tree = tree;
    this.mocks = mocks;
    this.m = new Array<unknown>(e.program.groups.length).fill(undefined);
  }

  withInput(path: readonly Value[], value: Value): CompiledWorld {
    const whole = path.length === 0 || this.i === undefined ? undefined : this.boxedInput();
    const input = replaceAt(whole, path, value);
    return new CompiledWorld(this.e, input, this.data, this.tree, this.mocks);
  }

  boxedInput(): Value | undefined {
    const { i } = this;
    if (i === undefined) return undefined;
    return typeof i === 'object' && i !== null ? this.e.box(i) : fromPlain(i);
  }

  /** Rules at and below `path` are out of sight: the value is all that is there. */
  withData(path: readonly string[], value: Value): CompiledWorld {
    const data = replaceAt(this.data, path, value);
    return new CompiledWorld(this.e, this.i, data, withoutPath(this.tree, path), this.mocks);
  }

  withMock(target: string, mock: Mock): CompiledWorld {
    const mocks = new Map(this.mocks).set(target, mock);
    return new CompiledWorld(this.e, this.i, this.data, this.tree, mocks);
  }

  /** This world with the original functions: where a mock is evaluated, which may call what it replaces. */
  unmocked(): CompiledWorld {
    if (this.mocks.size === 0) return this;
    this.isUsed = true;
    this.#unmocked ??= new CompiledWorld(this.e, this.i, this.data, this.tree, new Map());
    return this.#unmocked;
  }

  /** Ends an evaluation: nothing of it is known in the next. */
  forget(): void {
    this.i = undefined;
    this.e.forget();
    if (!this.isUsed) return;
    this.isUsed = false;
    this.m.fill(undefined);
    this.known.length = 0;
    this.#unmocked = undefined;
  }

  /** The map of results of a group. */
  memo(group: number): Map<unknown, unknown> {
    this.isUsed = true;
    let memo = this.known[group];
    if (memo === undefined) {
      memo = new Map();
      this.known[group] = memo;
    }
    return memo;
  }
}
