/** What the `with` modifiers of a policy set put in the place of something else: of it, nothing can be known beforehand. */
import type { Node, Ref } from '../../lang/ast/nodes.ts';
import { visit } from '../../lang/ast/visit.ts';
import { type Replaceable, replaceableBy } from '../plan/replaceable.ts';
import type { InputPath } from '../reads/input-path.ts';

export interface Replaced extends Replaceable {
  /** Paths below `input` up to the first key that is no constant. */
  readonly input: readonly InputPath[];
}

/** Collects the targets of all modifiers below the nodes. */
export function replacedBy(roots: readonly Node[]): Replaced {
  const input: InputPath[] = [];
  for (const root of roots) {
    visit(root, {
      With: ({ target }) => {
        if (target.head.kind === 'Var' && target.head.name === 'input')
          input.push(leadingNames(target));
        return undefined;
      },
    });
  }
  return { ...replaceableBy(roots), input };
}

/** The names a reference begins with. */
export function leadingNames({ path }: Ref): readonly string[] {
  const names: string[] = [];
  for (const { term } of path) {
    if (term.kind !== 'String') break;
    names.push(term.value);
  }
  return names;
}

/** True when one of the places is, holds or lies in the other. */
export function overlaps(left: readonly string[], right: readonly string[]): boolean {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) if (left[at] !== right[at]) return false;
  return true;
}
