/**
 * The names a rule declares, scope by scope, in the order of its text. `:=`, `some`, parameters and `every` declare; any other
 * use of a name that nobody declared makes it "seen" in that scope, after which declaring it there is a fault.
 */

/** How a name came to be known in a scope. */
export type Occurrence = 'parameter' | 'seen' | 'assigned' | 'declared';

interface Scope {
  readonly names: Map<string, string>;
  readonly occurrences: Map<string, Occurrence>;
}

/** Why a name cannot be declared here. */
export interface Redeclared {
  readonly occurrence: Occurrence;
}

export interface Scopes {
  push(): void;
  pop(): void;
  /** Is no scope open but the first? */
  isOuter(): boolean;
  /** The unique name `name` stands for, if any scope knows it. */
  find(name: string): string | undefined;
  /** Was it declared (not merely seen)? */
  isDeclared(name: string): boolean;
  /** Notes a use; the name it stands for. */
  use(name: string): string;
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
  const find = (name: string): string | undefined => {
    for (let at = stack.length - 1; at >= 0; at -= 1) {
      const found = stack[at]?.names.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return {
    push: () => void stack.push(emptyScope()),
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
    declare(name, occurrence) {
      const known = top().occurrences.get(name);
      if (known !== undefined) return { occurrence: known };
      const unique = rename(name, stack.length === 1);
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
  return { names: new Map(), occurrences: new Map() };
}

function copyScope(scope: Scope): Scope {
  return { names: new Map(scope.names), occurrences: new Map(scope.occurrences) };
}
