/**
 * The variables of one rule, function call or query while it is evaluated. Bindings are undone in the order they were made, so
 * that a search can step back. INVARIANT: names are unique within a rule (`lang/check`), so closures share their rule's frame.
 */
import type { CheckedRule } from '../../lang/check/checked.ts';
import type { Value } from '../value/value.ts';

export class Frame {
  /** The rule whose variables these are; undefined for a query. */
  readonly rule: CheckedRule | undefined;
  readonly #values = new Map<string, Value>();
  readonly #trail: string[] = [];

  constructor(rule: CheckedRule | undefined) {
    this.rule = rule;
  }

  get(name: string): Value | undefined {
    return this.#values.get(name);
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  bind(name: string, value: Value): void {
    this.#values.set(name, value);
    this.#trail.push(name);
  }

  /** Where the trail stands; for `undo`. */
  mark(): number {
    return this.#trail.length;
  }

  /** Unbinds everything bound since `mark`. */
  undo(mark: number): void {
    while (this.#trail.length > mark) {
      const name = this.#trail.pop();
      if (name !== undefined) this.#values.delete(name);
    }
  }

  /** The variables bound now. */
  bindings(): ReadonlyMap<string, Value> {
    return new Map(this.#values);
  }
}
