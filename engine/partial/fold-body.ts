/**
 * Evaluates what is known of a body and leaves the rest. Literals that need only what is known are solved where they stand: without a
 * solution the body ends there; with one, its values take the place of their variables; with several, the literals become one that
 * ranges over the rows found. Order and number of solutions stay as they were.
 */
import type { Literal, Node, Term } from '../../lang/ast/nodes.ts';
import type { Span } from '../../lang/source.ts';
import type { Value } from '../value/value.ts';
import { constantTerm } from './constant-term.ts';
import { type AfterBody, booleanLiteral, type FoldedBody, type Folding } from './folding.ts';
import type { Rows } from './known-evaluator.ts';
import { rewriteLiteral, rewriteTerm } from './rewrite.ts';
import { outerNames, usedNames } from './variables.ts';

/** See `FoldBody`. */
export function foldBody(
  outer: Folding,
  literals: readonly Literal[],
  after: AfterBody,
  countsSolutions: boolean,
): FoldedBody {
  return new BodyFolder(outer, literals, after, countsSolutions).fold();
}

/** A literal that stays, and where it stood. */
interface Kept {
  readonly literal: Literal;
  readonly at: number;
}

class BodyFolder {
  readonly #folding: Folding;
  readonly #literals: readonly Literal[];
  readonly #after: AfterBody;
  readonly #countsSolutions: boolean;
  readonly #values: Map<string, Value>;
  readonly #unknown: Set<string>;
  /** Variables that got their value here. */
  readonly #own: string[] = [];
  readonly #kept: Kept[] = [];

  constructor(
    outer: Folding,
    literals: readonly Literal[],
    after: AfterBody,
    countsSolutions: boolean,
  ) {
    this.#values = new Map(outer.values);
    this.#unknown = new Set(outer.unknown);
    this.#folding = { ...outer, values: this.#values, unknown: this.#unknown };
    this.#literals = literals;
    this.#after = after;
    this.#countsSolutions = countsSolutions;
  }

  fold(): FoldedBody {
    for (let at = 0; at < this.#literals.length; ) {
      const end = this.#endOfRun(at);
      const isOpen = end > at ? this.#foldRun(at, end) : this.#foldLiteral(at);
      if (!isOpen) return this.#dead(end > at ? end - 1 : at);
      at = Math.max(end, at + 1);
    }
    const terms = this.#after.terms.map((term) => rewriteTerm(this.#folding, term));
    const literals = this.#kept.map(({ literal }) => literal);
    const bound = this.#bindings([...literals, ...terms, ...this.#after.fixed]);
    return { literals: [...bound, ...literals], terms, state: 'open' };
  }

  #endOfRun(from: number): number {
    let end = from;
    for (; end < this.#literals.length; end += 1) {
      const literal = this.#literals[end];
      if (literal === undefined || !this.#folding.times.isKnown(literal, this.#unknown)) break;
    }
    return end;
  }

  /** False when the literals have no solution. */
  #foldRun(from: number, end: number): boolean {
    const { evaluator } = this.#folding;
    const run = this.#literals.slice(from, end);
    const bound = outerNames(run).filter((name) => !this.#values.has(name));
    const rest = (): readonly Node[] => [
      ...this.#literals.slice(end),
      ...this.#after.terms,
      ...this.#after.fixed,
    ];
    const names = bound.length === 0 ? bound : usedNames(rest(), bound);
    const rows = evaluator.solve(run, this.#values, names);
    if (rows === undefined) {
      for (const name of bound) this.#unknown.add(name);
      for (const [index, literal] of run.entries()) this.#kept.push({ literal, at: from + index });
      return true;
    }
    const [first] = rows;
    if (first === undefined) return false;
    if (rows.length === 1 || (names.length === 0 && !this.#countsSolutions)) {
      for (const [index, name] of names.entries()) {
        this.#values.set(name, first[index] ?? null);
        this.#own.push(name);
      }
      return true;
    }
    for (const name of names) this.#unknown.add(name);
    this.#kept.push({ literal: rowsLiteral(names, rows, spanOf(run)), at: end - 1 });
    return true;
  }

  /** False when the literal never holds. */
  #foldLiteral(at: number): boolean {
    const literal = this.#literals[at];
    if (literal === undefined) return true;
    for (const name of outerNames([literal])) if (!this.#values.has(name)) this.#unknown.add(name);
    const written = rewriteLiteral(this.#folding, literal);
    if (written === 'false') return false;
    if (written !== 'true') this.#kept.push({ literal: written, at });
    return true;
  }

  /**
   * What stands before the literal without a solution goes too, but for what may raise. The rest of the body stays, never to be
   * evaluated: variables of it may be used in the head.
   */
  #dead(at: number): FoldedBody {
    const { raising } = this.#folding;
    const last = this.#kept.findLastIndex(({ at: place }) => {
      const written = this.#literals[place];
      return written !== undefined && raising.mayRaise(written);
    });
    const before = this.#kept.slice(0, last + 1).map(({ literal }) => literal);
    const from = (this.#kept[last]?.at ?? -1) + 1;
    const span = this.#literals[at]?.span ?? { start: 0, end: 0 };
    const literals = [...before, booleanLiteral(false, span), ...this.#literals.slice(from)];
    const { terms, fixed } = this.#after;
    // A bare body is all there still, with whatever gave its variables their values.
    if (before.length === 0) return { literals, terms, state: 'bare' };
    const bound = this.#bindings([...literals, ...terms, ...fixed]);
    return { literals: [...bound, ...literals], terms, state: 'dead' };
  }

  /** Variables that could not be replaced everywhere keep a literal that gives them their value. */
  #bindings(uses: readonly Node[]): readonly Literal[] {
    const { span } = this.#folding.rule.rule.head;
    return usedNames(uses, this.#own).map((name) => {
      const target: Term = { kind: 'Var', name, span };
      const value = constantTerm(this.#values.get(name) ?? null, span);
      return { kind: 'Literal', expr: { kind: 'Assign', target, value, span }, with: [], span };
    });
  }
}

/** `some [a, b] in [[1, 2], [3, 4]]`; without variables it only counts. */
function rowsLiteral(names: readonly string[], rows: Rows, span: Span): Literal {
  const together = (terms: readonly Term[]): Term => {
    const [only] = terms;
    return only !== undefined && terms.length === 1 ? only : { kind: 'Array', items: terms, span };
  };
  const value = together(names.map((name) => ({ kind: 'Var', name, span })));
  const items = rows.map((row) => together(row.map((member) => constantTerm(member, span))));
  const collection: Term = { kind: 'Array', items, span };
  return {
    kind: 'Literal',
    expr: { kind: 'SomeIn', key: undefined, value, collection, span },
    with: [],
    span,
  };
}

function spanOf(run: readonly Literal[]): Span {
  return { start: run[0]?.span.start ?? 0, end: run.at(-1)?.span.end ?? 0 };
}
