/**
 * What can be said about a term without evaluating it: whether it is a constant, and which variables would have to be bound for
 * it to have one value at most. Computed once per term of a policy set.
 */
import type { Term } from '../../lang/ast/nodes.ts';
import { parseNumber } from '../value/number.ts';
import { RegoObject } from '../value/object.ts';
import { RegoSet } from '../value/set.ts';
import type { Value } from '../value/value.ts';
import { operandsOf } from './operands.ts';

export interface TermFacts {
  /** The value, where it is the same in every evaluation. */
  readonly constant: Value | undefined;
  /** Variables that evaluating the term can bind, because they stand in the path of a reference. */
  readonly enumerated: readonly string[];
  /** Variables that unifying the term with a value can bind: those that stand as elements of it. */
  readonly elements: readonly string[];
  /** Variables that must have a value before the term is evaluated: those it uses and does not enumerate. */
  readonly needed: readonly string[];
  /** True when it may have several values even with all variables bound: it calls a relation. */
  readonly many: boolean;
  /** `operandsOf` the term. */
  readonly operands: readonly Term[];
}

const NOTHING_KNOWN: TermFacts = {
  constant: undefined,
  enumerated: [],
  elements: [],
  needed: [],
  many: false,
  operands: [],
};

/** Which builtins have several results. */
export type IsRelation = (operator: string) => boolean;

/** Facts of terms, remembered by identity of the term. */
export class TermFactTable {
  readonly #facts = new WeakMap<Term, TermFacts>();
  readonly #isRelation: IsRelation;

  constructor(isRelation: IsRelation) {
    this.#isRelation = isRelation;
  }

  of(term: Term): TermFacts {
    // Most terms are these, and remembering them would cost more than saying them again.
    switch (term.kind) {
      case 'Null':
        return constantFacts(null);
      case 'Boolean':
      case 'String':
        return constantFacts(term.value);
      case 'Var':
        return isDocument(term) ? NOTHING_KNOWN : variableFacts(term.name);
    }
    let facts = this.#facts.get(term);
    if (facts === undefined) {
      facts = this.#describe(term);
      this.#facts.set(term, facts);
    }
    return facts;
  }

  #describe(term: Term): TermFacts {
    switch (term.kind) {
      case 'Number':
        return constantFacts(parseNumber(term.text));
      case 'Ref':
        return this.#describeRef(
          term.head,
          term.path.map((segment) => segment.term),
        );
      case 'Array':
      case 'Object':
      case 'Set':
      case 'Call':
      case 'Infix':
      case 'Membership':
        return this.#describeOperands(term);
      default:
        return NOTHING_KNOWN;
    }
  }

  #describeRef(head: Term, keys: readonly Term[]): TermFacts {
    const all = [this.of(head), ...keys.map((key) => this.of(key))];
    const enumerated = new Set(all.flatMap((facts) => facts.enumerated));
    for (const key of keys) for (const name of this.of(key).elements) enumerated.add(name);
    const needed = all.flatMap((facts) => facts.needed).filter((name) => !enumerated.has(name));
    const many = all.some((facts) => facts.many);
    return { ...NOTHING_KNOWN, enumerated: [...enumerated], needed, many };
  }

  #describeOperands(term: Term): TermFacts {
    const terms = operandsOf(term);
    const operands = terms.map((operand) => this.of(operand));
    const isPattern = term.kind === 'Array' || term.kind === 'Object';
    const relation = term.kind === 'Call' && this.#isRelation(operatorName(term.operator));
    const enumerated = new Set(operands.flatMap((facts) => facts.enumerated));
    const needed = operands.flatMap((facts) => facts.needed);
    return {
      constant: constantOf(term, operands),
      enumerated: [...enumerated],
      needed: needed.filter((name) => !enumerated.has(name)),
      elements: isPattern ? [...new Set(operands.flatMap((facts) => facts.elements))] : [],
      many: relation || operands.some((facts) => facts.many),
      operands: terms,
    };
  }
}

const NONE: readonly never[] = [];

function constantFacts(constant: Value | undefined): TermFacts {
  return {
    constant,
    enumerated: NONE,
    elements: NONE,
    needed: NONE,
    many: false,
    operands: NONE,
  };
}

function variableFacts(name: string): TermFacts {
  const names = [name];
  return {
    constant: undefined,
    enumerated: NONE,
    elements: names,
    needed: names,
    many: false,
    operands: NONE,
  };
}

/** True for the two variables that are documents. */
export function isDocument(term: Term): boolean {
  return term.kind === 'Var' && (term.name === 'input' || term.name === 'data');
}

/** `object.get` for the operator of a call to a builtin. */
export function operatorName(operator: Extract<Term, { kind: 'Ref' }>): string {
  let name = operator.head.kind === 'Var' ? operator.head.name : '';
  for (const { term } of operator.path) name += `.${term.kind === 'String' ? term.value : '?'}`;
  return name;
}

function constantOf(term: Term, operands: readonly TermFacts[]): Value | undefined {
  const values: Value[] = [];
  for (const { constant } of operands) {
    if (constant === undefined) return undefined;
    values.push(constant);
  }
  switch (term.kind) {
    case 'Array':
      return values;
    case 'Set':
      return RegoSet.from(values);
    case 'Object':
      return objectOf(values);
    default:
      return undefined;
  }
}

/** An object of alternating keys and values; of equal keys the last wins. */
export function objectOf(flat: readonly Value[]): RegoObject {
  const entries: (readonly [Value, Value])[] = [];
  for (let index = 0; index + 1 < flat.length; index += 2) {
    entries.push([flat[index] ?? null, flat[index + 1] ?? null]);
  }
  return RegoObject.from(entries);
}
