/**
 * Where types are looked up while a body is checked: layers, innermost first, each with the types of its variables and of
 * documents it knows better than the layers below. Typing a term never adds to an environment; `infer.ts` does.
 */
import type { LoweredComprehension, LoweredRef, LoweredTerm } from '../check/lowered.ts';
import { constantKey } from './constant.ts';
import { memberAt, valuesOf } from './members.ts';
import {
  ANYTHING,
  arrayType,
  BOOLEAN,
  isUnknown,
  NULL,
  NUMBER,
  objectType,
  type Property,
  STRING,
  type StaticKey,
  setType,
  stringKey,
  type Type,
  unionOf,
} from './type.ts';
import { makeTypeBound } from './type-size.ts';
import { TypeTree } from './type-tree.ts';

export class TypeEnvironment {
  readonly tree: TypeTree;
  readonly next: TypeEnvironment | undefined;
  readonly #own = new Map<string, Type>();
  /** The layer that variables of this one are kept in: another one where this is the layer of a `with`. */
  readonly #variables: TypeEnvironment;
  /** Gives `any` for a type that has grown too large. */
  readonly bound: (type: Type) => Type;
  /** Environments of comprehension bodies that were checked here, by comprehension. */
  readonly #closures: WeakMap<LoweredComprehension, TypeEnvironment | 'faulty'>;
  /** Types, not known whole, that comprehensions had when the statement they are in was looked at, and have after. */
  readonly #settled: WeakMap<LoweredComprehension, Type>;

  private constructor(next: TypeEnvironment | undefined, sharesVariables: boolean, tree: TypeTree) {
    this.tree = tree;
    this.next = next;
    this.#variables = sharesVariables && next !== undefined ? next.#variables : this;
    this.bound = next === undefined ? makeTypeBound() : next.bound;
    this.#closures = next === undefined ? new WeakMap() : next.#closures;
    this.#settled = next === undefined ? new WeakMap() : next.#settled;
  }

  static root(tree: TypeTree): TypeEnvironment {
    return new TypeEnvironment(undefined, false, tree);
  }

  /** A layer with variables of its own. */
  wrap(): TypeEnvironment {
    return new TypeEnvironment(this, false, new TypeTree());
  }

  /** A layer for one expression with `with`: what it infers outlives it. */
  wrapWith(tree: TypeTree): TypeEnvironment {
    return new TypeEnvironment(this, true, tree);
  }

  setVariable(name: string, type: Type): void {
    this.#variables.#own.set(name, this.bound(type));
  }

  typeOfVariable(name: string): Type | undefined {
    return this.#own.get(name) ?? this.next?.typeOfVariable(name);
  }

  keepClosure(comprehension: LoweredComprehension, inner: TypeEnvironment | 'faulty'): void {
    this.#closures.set(comprehension, inner);
  }

  closureOf(comprehension: LoweredComprehension): TypeEnvironment | 'faulty' | undefined {
    return this.#closures.get(comprehension);
  }

  /** What is not known of a comprehension now is not known later either: OPA has put it in a variable. */
  settleClosure(comprehension: LoweredComprehension): void {
    this.#settled.delete(comprehension);
    const type = this.typeOf(comprehension);
    if (type !== undefined && isUnknown(type)) this.#settled.set(comprehension, type);
  }

  /** Adds to what a comprehension may be whose type is not known whole. */
  widenClosure(comprehension: LoweredComprehension, type: Type | undefined): void {
    const settled = this.#settled.get(comprehension);
    const joined = settled && unionOf(settled, type);
    if (joined !== undefined) this.#settled.set(comprehension, joined);
  }

  /** Type of a term; undefined where it is not known (yet). */
  typeOf(term: LoweredTerm): Type | undefined {
    switch (term.kind) {
      case 'scalar':
        return typeOfScalar(term.node.kind);
      case 'var':
        return isDocumentName(term.name)
          ? this.typeOfRef({ kind: 'ref', span: term.span, head: term, path: [] })
          : this.typeOfVariable(term.name);
      case 'ref':
        return this.typeOfRef(term);
      case 'array':
        return arrayType(term.items.map((item) => this.typeOf(item)));
      case 'set':
        return setType(
          term.items.reduce<Type | undefined>(
            (all, item) => unionOf(all, this.typeOf(item)),
            undefined,
          ),
        );
      case 'object': {
        const properties: Property[] = [];
        let dynamic: { key: Type | undefined; value: Type | undefined } | undefined;
        for (const { key, value } of term.entries) {
          const known = constantKey(key);
          if (known !== undefined) properties.push({ key: known, type: this.typeOf(value) });
          else dynamic = { key: this.typeOf(key), value: this.typeOf(value) };
        }
        return objectType(properties, dynamic);
      }
      case 'comprehension':
        return this.#typeOfComprehension(term);
    }
  }

  #typeOfComprehension(term: LoweredComprehension): Type | undefined {
    const settled = this.#settled.get(term);
    if (settled !== undefined) return settled;
    const inner = this.closureOf(term);
    if (inner === undefined || inner === 'faulty') return undefined;
    const value = inner.typeOf(term.term);
    switch (term.shape) {
      case 'array':
        return arrayType([], value);
      case 'set':
        return setType(value);
      case 'object':
        return objectType([], {
          key: term.key === undefined ? undefined : inner.typeOf(term.key),
          value,
        });
    }
  }

  /** Type of what a reference points at; a document nothing is known of is `any`. */
  typeOfRef(ref: LoweredRef): Type | undefined {
    const { name } = ref.head;
    if (!isDocumentName(name)) {
      const type = this.typeOfVariable(name);
      return type === undefined ? undefined : selectPath(type, ref.path);
    }
    const node = this.tree.child(documentKey(name));
    return node === undefined ? this.#fallback(ref) : this.#descend(node, ref, 0);
  }

  #fallback(ref: LoweredRef): Type | undefined {
    return this.next === undefined ? ANYTHING : this.next.typeOfRef(ref);
  }

  #descend(node: TypeTree, ref: LoweredRef, at: number): Type | undefined {
    const segment = ref.path[at];
    if (segment === undefined) return node.extent();
    const key = constantKey(segment.term);
    const child = key === undefined ? undefined : node.child(key);
    if (child !== undefined) return this.#descend(child, ref, at + 1);
    if (node.type !== undefined) return selectPath(node.type, ref.path, at);
    if (key === undefined) return selectPath(node.extent(), ref.path, at);
    return this.#fallback(ref);
  }
}

/** `input` and `data` stand for documents wherever they stand, and are never bound. */
export function isDocumentName(name: string): boolean {
  return name === 'input' || name === 'data';
}

const INPUT = stringKey('input');
const DATA = stringKey('data');

/** The key of a document in a tree of types. */
export function documentKey(name: string): StaticKey {
  return name === 'input' ? INPUT : DATA;
}

function typeOfScalar(kind: 'Null' | 'Boolean' | 'Number' | 'String'): Type {
  switch (kind) {
    case 'Null':
      return NULL;
    case 'Boolean':
      return BOOLEAN;
    case 'Number':
      return NUMBER;
    case 'String':
      return STRING;
  }
}

/** Type of what stands at a path in a value of this type; the path is followed from the step `from` on. */
export function selectPath(
  type: Type | undefined,
  path: readonly { readonly term: LoweredTerm }[],
  from = 0,
): Type | undefined {
  let found = type;
  for (let at = from; at < path.length; at += 1) {
    const term = path[at]?.term;
    if (found === undefined || term === undefined) return undefined;
    const key = term.kind === 'scalar' ? constantKey(term) : undefined;
    found = key === undefined ? valuesOf(found) : memberAt(found, key);
  }
  return found;
}
