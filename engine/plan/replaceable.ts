/** What `with` modifiers may replace: known from the text, so that everything else is called without asking. */

import type { Node, Ref } from '../../lang/ast/nodes.ts';
import { visit } from '../../lang/ast/visit.ts';
import { operatorName } from '../interpret/term-facts.ts';

export interface Replaceable {
  /** Paths below `data` up to the first key that is no constant. */
  readonly data: readonly (readonly string[])[];
  /** Names of builtins, and paths of functions joined with NUL. */
  readonly functions: ReadonlySet<string>;
}

/** Collects the targets of all modifiers below the nodes. */
export function replaceableBy(roots: Iterable<Node>): Replaceable {
  const data = new Map<string, readonly string[]>();
  const functions = new Set<string>();
  for (const root of roots) {
    visit(root, {
      With: ({ target }) => {
        const name = target.head.kind === 'Var' ? target.head.name : '';
        if (name === 'data') {
          const path = leadingNames(target);
          data.set(path.join('\0'), path);
          functions.add(path.join('\0'));
        } else if (name !== 'input') {
          functions.add(operatorName(target));
        }
        return undefined;
      },
    });
  }
  return { data: [...data.values()], functions };
}

/** Both together. */
export function joinReplaceable(a: Replaceable, b: Replaceable): Replaceable {
  if (b.data.length === 0 && b.functions.size === 0) return a;
  return {
    data: [...a.data, ...b.data],
    functions: new Set([...a.functions, ...b.functions]),
  };
}

/** One text for what can be replaced: sets compiled for the same text are the same. */
export function replaceableKey({ data, functions }: Replaceable): string {
  const paths = data.map((path) => path.join('\0'));
  return JSON.stringify([[...new Set(paths)].sort(), [...functions].sort()]);
}

function leadingNames(target: Ref): readonly string[] {
  const names: string[] = [];
  for (const { term } of target.path) {
    if (term.kind !== 'String') break;
    names.push(term.value);
  }
  return names;
}
