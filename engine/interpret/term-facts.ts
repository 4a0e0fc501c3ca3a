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

const NONE: readonly never[] = [];

const NOTHING_KNOWN: TermFacts = {
  constant: undefined,
  enumerated: NONE,
  elements: NONE,
  needed: NONE,
  many: false,
  operands: NONE,
};

/** Names whose facts are shared; queries may bring any number of others. */
const MAX_REMEMBERED_NAMES = 4_096;

/** Which builtins have several results. */
export type IsRelation = (operator: string) => boolean;

/** Facts of terms, remembered by identity of the term. */
export class TermFactTable {
  readonly #facts = new WeakMap<Term, TermFacts>();
  readonly #ofVariables = new Map<string, TermFacts>();
  readonly #needing = new Map<string, TermFacts>();
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
        return isDocument(term) ? NOTHING_KNOWN : this.#ofVariable(term.name);
    }
    let facts = this.#facts.get(term);
    if (facts === undefined) {
      facts = this.#describe(term);
      this.#facts.set(term, facts);
    }
    return facts;
  }

  /** Rules name their variables alike, so there are few different ones. */
  #ofVariable(name: string): TermFacts {
    return remembered(this.#ofVariables, name, (names) => ({
      ...NOTHING_KNOWN,
      elements: names,
      needed: names,
    }));
  }

  /** Of a reference with nothing but constants behind a variable. */
  #needingOnly(name: string): TermFacts {
    return remembered(this.#needing, name, (needed) => ({ ...NOTHING_KNOWN, needed }));
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
    if (head.kind === 'Var' && keys.every(isScalar))
      return isDocument(head) ? NOTHING_KNOWN : this.#needingOnly(head.name);
    const all = [this.of(head), ...keys.map((key) => this.of(key))];
    const enumerated = new Set(all.flatMap((facts) => facts.enumerated));
    for (const key of keys) for (const name of this.of(key).elements) enumerated.add(name);
    const needed = all.flatMap((facts) => facts.needed).filter((name) => !enumerated.has(name));
    const many = all.some((facts) => facts.many);
    return { ...NOTHING_KNOWN, enumerated: listOf(enumerated), needed: listOf(needed), many };
  }

  #describeOperands(term: Term): TermFacts {
    const terms = operandsOf(term);
    const operands = terms.map((operand) => this.of(operand));
    const isPattern = term.kind === 'Array' || term.kind === 'Object';
    const relation = term.kind === 'Call' && this.#isRelation(operatorName(term.operator));
    const enumerated = joined(operands.map((facts) => facts.enumerated));
    const needed = joined(operands.map((facts) => facts.needed));
    const isFree = enumerated.length === 0;
    return {
      constant: constantOf(term, operands),
      enumerated: isFree ? NONE : listOf(new Set(enumerated)),
      needed: isFree ? needed : listOf(needed.filter((name) => !enumerated.includes(name))),
      elements: isPattern ? listOf(new Set(operands.flatMap((facts) => facts.elements))) : NONE,
      many: relation || operands.some((facts) => facts.many),
      operands: term.kind === 'Object' ? listOf(terms) : terms,
    };
  }
}

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

function remembered(
  known: Map<string, TermFacts>,
  name: string,
  make: (names: readonly string[]) => TermFacts,
): TermFacts {
  const before = known.get(name);
  if (before !== undefined) return before;
  if (known.size >= MAX_REMEMBERED_NAMES) known.clear();
  const facts = make([name]);
  known.set(name, facts);
  return facts;
}

function isScalar({ kind }: Term): boolean {
  return kind === 'String' || kind === 'Number' || kind === 'Boolean' || kind === 'Null';
}

/** All lists one after the other; most are empty, and then there is nothing to copy. */
function joined(lists: readonly (readonly string[])[]): readonly string[] {
  const filled = lists.filter(({ length }) => length > 0);
  const [first = NONE] = filled;
  return filled.length > 1 ? filled.flat() : first;
}

/** A list of what there is, without room for more. */
function listOf<T>(items: Iterable<T>): readonly T[] {
  const [first] = items;
  return first === undefined ? NONE : [...items];
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
