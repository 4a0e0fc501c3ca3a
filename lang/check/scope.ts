/**
 * The names a rule declares, scope by scope, in the order of its text. `:=`, `some`, parameters and `every` declare; any other
 * use of a name that nobody declared makes it "seen" in that scope, after which declaring it there is a fault.
 */

/** How a name came to be known in a scope. */
export type Occurrence = 'parameter' | 'seen' | 'assigned' | 'declared';

interface Scope {
  readonly names: Map<string, string>;
  readonly occurrences: Map<string, Occurrence>;
  /** Names that the scope declares further on and that scopes inside it mean already; their unique names once they are used. */
  readonly later: Map<string, string | undefined>;
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
  const reserve = (scope: Scope, name: string): string => {
    const unique = scope.later.get(name) ?? rename(name, false);
    scope.later.set(name, unique);
    return unique;
  };
  const find = (name: string): string | undefined => {
    let seen: string | undefined;
    for (let at = stack.length - 1; at >= 0; at -= 1) {
      const scope = stack[at] ?? emptyScope();
      const found = scope.names.get(name);
      if (found !== undefined && scope.occurrences.get(name) !== 'seen') return found;
      if (found !== undefined) seen ??= found;
      else if (at < stack.length - 1 && scope.later.has(name)) return reserve(scope, name);
    }
    return seen;
  };
  return {
    push(later = new Set()) {
      stack.push({ ...emptyScope(), later: new Map([...later].map((name) => [name, undefined])) });
    },
    pop: () => void stack.pop(),
    isOuter: () => stack.length === 1,
    find,
    isDeclared(name) {
      for (let at = stack.length - 1; at >= 0; at -= 1) {
        const found = stack[at]?.occurrences.get(name);
        if (found !== undefined) return found !== 'seen';
      }
      return false;
    },
    use(name) {
      const found = find(name);
      if (found !== undefined) return found;
      top().names.set(name, name);
      top().occurrences.set(name, 'seen');
      return name;
    },
    useInside(unique) {
      const { names, occurrences, later } = top();
      const [meant] = [...later].find(([, reserved]) => reserved === unique) ?? [];
      if (meant === undefined) {
        if (!unique.startsWith('$')) this.use(unique);
      } else if (!occurrences.has(meant)) {
        names.set(meant, unique);
        occurrences.set(meant, 'seen');
      }
    },
    declare(name, occurrence) {
      const known = top().occurrences.get(name);
      if (known !== undefined) return { occurrence: known };
      const unique = top().later.get(name) ?? rename(name, stack.length === 1);
      top().names.set(name, unique);
      top().occurrences.set(name, occurrence);
      return unique;
    },
    declaredHere() {
      const found: (readonly [string, string])[] = [];
      for (const [name, occurrence] of top().occurrences) {
        const unique = top().names.get(name);
        if (occurrence === 'declared' && unique !== undefined) found.push([name, unique]);
      }
      return found;
    },
    copy: () => makeScopes(rename, stack),
  };
}

function emptyScope(): Scope {
  return { names: new Map(), occurrences: new Map(), later: new Map() };
}

function copyScope(scope: Scope): Scope {
  return {
    names: new Map(scope.names),
    occurrences: new Map(scope.occurrences),
    later: new Map(scope.later),
  };
}
