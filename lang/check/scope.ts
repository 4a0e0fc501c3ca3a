/**
 * The names a rule declares, scope by scope, in the order of its text. `:=`, `some`, parameters and `every` declare; any other
 * use of a name that nobody declared makes it "seen" in that scope, after which declaring it there is a fault.
 */

/** How a name came to be known in a scope. */
export type Occurrence = 'parameter' | 'seen' | 'assigned' | 'declared';

interface Known {
  readonly unique: string;
  readonly occurrence: Occurrence;
}

interface Scope {
  readonly names: Map<string, Known>;
  /** Names that the scope declares further on and that scopes inside it mean already; their unique names once they are used. */
  readonly later: Map<string, string | undefined> | undefined;
  /** Names used here that only the body knows, where the scope stands in a head. */
  readonly used: Set<string> | undefined;
}

/** Why a name cannot be declared here. */
export interface Redeclared {
  readonly occurrence: Occurrence;
}

export interface Scopes {
  /**
   * Opens a scope. OPA resolves the bodies of `every` and `not` once more when they end: scopes inside them mean what is
   * declared there even where they stand before the declaration.
   * @param later names the body declares itself, where it is such a body
   */
  push(later?: ReadonlySet<string>): void;
  pop(): void;
  /**
   * What follows stands in the head. OPA resolves the scopes there before the body, so that a use in one counts even of a name that
   * the body knows.
   */
  enterHead(): void;
  /** Is no scope open but the first? */
  isOuter(): boolean;
  /** The unique name `name` stands for, if any scope knows it. */
  find(name: string): string | undefined;
  /** Was it declared (not merely seen)? */
  isDeclared(name: string): boolean;
  /** Notes a use; the name it stands for. */
  use(name: string): string;
  /** Notes that a scope inside has used a name, given as the unique name it stands for there (`$...` where it was declared). */
  useInside(unique: string): void;
  /** Declares; a fault when the innermost scope knows the name already. */
  declare(name: string, occurrence: Occurrence): string | Redeclared;
  /** Names declared with `some`, `some in` or `every` in the innermost scope, with their unique names. */
  declaredHere(): readonly (readonly [string, string])[];
  /** A copy that can be changed alone: `else` branches share only the parameters. */
  copy(): Scopes;
}

/** @param rename makes the unique name of a declaration; `isOuter` in the scope that was open first */
export function makeScopes(
  rename: (name: string, isOuter: boolean) => string,
  initial?: readonly Scope[],
): Scopes {
  const stack: Scope[] = initial ? initial.map(copyScope) : [emptyScope()];
  const top = (): Scope => stack[stack.length - 1] ?? emptyScope();
  let isHead = false;
  const noteInHead = (name: string): void => {
    const inside = stack.slice(1);
    const innermost = inside.at(-1);
    const isKnown = inside.some(
      (scope) =>
        scope.names.has(name) ||
        scope.used?.has(name) ||
        (scope !== innermost && scope.later?.has(name)),
    );
    if (!isKnown) innermost?.used?.add(name);
  };
  const reserve = (scope: Scope, name: string): string => {
    const unique = scope.later?.get(name) ?? rename(name, false);
    scope.later?.set(name, unique);
    return unique;
  };
  const find = (name: string): string | undefined => {
    let seen: string | undefined;
    let declaring: Scope | undefined;
    for (let at = stack.length - 1; at >= 0; at -= 1) {
      const scope = stack[at] ?? emptyScope();
      const found = scope.names.get(name);
      // What is declared already wins over what a scope nearer by declares further on.
      if (found !== undefined && found.occurrence !== 'seen') return found.unique;
      if (found !== undefined) seen ??= found.unique;
      else if (at < stack.length - 1 && scope.later?.has(name)) declaring ??= scope;
    }
    return declaring === undefined ? seen : reserve(declaring, name);
  };
  return {
    push(later) {
      const named = later?.size
        ? new Map([...later].map((name) => [name, undefined] as const))
        : undefined;
      stack.push({ names: new Map(), later: named, used: isHead ? new Set() : undefined });
    },
    pop: () => void stack.pop(),
    enterHead: () => {
      isHead = true;
    },
    isOuter: () => stack.length === 1,
    find,
    isDeclared(name) {
      for (let at = stack.length - 1; at >= 0; at -= 1) {
        const found = stack[at]?.names.get(name);
        if (found !== undefined) return found.occurrence !== 'seen';
      }
      return false;
    },
    use(name) {
      if (isHead) noteInHead(name);
      const found = find(name);
      if (found !== undefined) return found;
      top().names.set(name, { unique: name, occurrence: 'seen' });
      return name;
    },
    useInside(unique) {
      const { names, later } = top();
      const [meant] = [...(later ?? [])].find(([, reserved]) => reserved === unique) ?? [];
      if (meant === undefined) {
        if (!unique.startsWith('$')) this.use(unique);
      } else if (!names.has(meant)) {
        names.set(meant, { unique, occurrence: 'seen' });
      }
    },
    declare(name, occurrence) {
      const { names, later, used } = top();
      const known = names.get(name);
      if (known !== undefined) return { occurrence: known.occurrence };
      if (used?.has(name)) return { occurrence: 'seen' };
      const unique = later?.get(name) ?? rename(name, stack.length === 1);
      names.set(name, { unique, occurrence });
      return unique;
    },
    declaredHere() {
      const found: (readonly [string, string])[] = [];
      for (const [name, { unique, occurrence }] of top().names)
        if (occurrence === 'declared') found.push([name, unique]);
      return found;
    },
    copy: () => makeScopes(rename, stack),
  };
}

function emptyScope(): Scope {
  return { names: new Map(), later: undefined, used: undefined };
}

function copyScope({ names, later, used }: Scope): Scope {
  return { names: new Map(names), later: later && new Map(later), used: used && new Set(used) };
}
