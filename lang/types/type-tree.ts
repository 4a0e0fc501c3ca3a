/**
 * Types of documents by path: what rules under `data`, schemas under `input` and builtins under their names are known to be. A node
 * with a type is a leaf for look-ups, even where later definitions have put children below it.
 */
import {
  ANYTHING,
  type DynamicProperty,
  type ObjectType,
  objectType,
  type Property,
  STRING,
  type StaticKey,
  setType,
  type Type,
  unionOf,
} from './type.ts';

export class TypeTree {
  type: Type | undefined;
  readonly #key: StaticKey | undefined;
  /** Made with the first child: most trees have none. */
  #children: Map<string, TypeTree> | undefined;

  constructor(key?: StaticKey) {
    this.#key = key;
  }

  child(key: StaticKey): TypeTree | undefined {
    return this.#children?.get(key.text);
  }

  get children(): Iterable<TypeTree> {
    return this.#children?.values() ?? [];
  }

  get keys(): readonly StaticKey[] {
    return [...this.children].flatMap((child) => child.#key ?? []);
  }

  /** Sets the type at a path, in place of what was there. */
  put(path: readonly StaticKey[], type: Type): void {
    let node: TypeTree = this;
    for (const key of path) node = node.#grow(key);
    node.type = type;
  }

  /**
   * Adds one more definition at a path: types of several definitions are joined, and an object type above or leaves below take the
   * new one in.
   */
  insert(path: readonly StaticKey[], type: Type): void {
    let node: TypeTree = this;
    path.forEach((key, at) => {
      const next = node.#grow(key);
      if (next.type?.kind === 'object' && at + 1 < path.length)
        next.type = withMember(next.type, path.slice(at + 1), type);
      node = next;
    });
    node.type = joinDefinitions(node.type, type);
    if (type.kind !== 'object' || node.type.kind !== 'object') return;
    for (const leaf of node.#leaves([]))
      if (node.type.kind === 'object') node.type = withMember(node.type, leaf.path, leaf.type);
  }

  /** Type of everything at and below this node. */
  extent(): Type {
    if (this.type !== undefined) return this.type;
    const properties: Property[] = [...this.children].flatMap((child) =>
      child.#key === undefined || child.#key.type.kind === 'null'
        ? []
        : [{ key: child.#key, type: child.extent() }],
    );
    // Base documents may stand beside the rules, and nothing is known of them.
    return objectType(properties, { key: STRING, value: ANYTHING });
  }

  #grow(key: StaticKey): TypeTree {
    const known = this.#children?.get(key.text);
    if (known !== undefined) return known;
    const made = new TypeTree(key);
    this.#children ??= new Map();
    this.#children.set(key.text, made);
    return made;
  }

  #leaves(path: readonly StaticKey[]): { path: readonly StaticKey[]; type: Type }[] {
    return [...this.children].flatMap((child) => {
      const own = child.#key === undefined ? path : [...path, child.#key];
      return child.type === undefined ? child.#leaves(own) : [{ path: own, type: child.type }];
    });
  }
}

function withMember(object: ObjectType, path: readonly StaticKey[], type: Type): ObjectType {
  const [key, ...rest] = path;
  if (key === undefined) return object;
  const value = rest.length === 0 ? type : withMember(objectType([], undefined), rest, type);
  const dynamic: DynamicProperty = {
    key: unionOf(object.dynamic?.key, key.type),
    value: unionOf(object.dynamic?.value, value),
  };
  return { ...object, dynamic };
}

/** The type of a document that several definitions contribute to. */
function joinDefinitions(a: Type | undefined, b: Type): Type {
  if (a === undefined) return b;
  if (a.kind === 'any' && b.kind !== 'any') return joinDefinitions(b, a);
  if (a.kind === 'set' && b.kind === 'set') return setType(unionOf(a.of, b.of));
  if (a.kind === 'object' && a.properties.size === 0) {
    if (b.kind === 'object' && b.properties.size === 0) {
      if (a.dynamic === undefined) return b;
      if (b.dynamic === undefined) return a;
      return objectType([], joinDynamic(a.dynamic, b.dynamic));
    }
    const dynamic = a.dynamic;
    if (b.kind === 'any' && dynamic !== undefined) {
      const at = b.of.findIndex(
        (each) =>
          each.kind === 'object' && each.properties.size === 0 && each.dynamic !== undefined,
      );
      const open = b.of[at];
      if (open?.kind === 'object' && open.dynamic !== undefined) {
        const joined = objectType([], {
          key: unionOf(open.dynamic.key, dynamic.key),
          value: unionOf(open.dynamic.value, dynamic.value),
        });
        return b.of
          .toSpliced(at, 1)
          .reduce<Type>((all, each) => unionOf(all, each) ?? ANYTHING, joined);
      }
    }
  }
  return unionOf(a, b) ?? ANYTHING;
}

function joinDynamic(a: DynamicProperty, b: DynamicProperty): DynamicProperty {
  const value =
    a.value === undefined || b.value === undefined
      ? (a.value ?? b.value)
      : joinDefinitions(a.value, b.value);
  return { key: unionOf(a.key, b.key), value };
}
