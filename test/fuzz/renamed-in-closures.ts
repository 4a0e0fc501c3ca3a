/** The same case with names of its own in comprehensions that stand beside a variable of that name in one equation. */
import type { Node } from '../../lang/ast/nodes.ts';
import { visit } from '../../lang/ast/visit.ts';
import { parseModule } from '../../lang/parse.ts';
import type { FuzzCase } from './generate-module.ts';

const COMPREHENSIONS: ReadonlySet<Node['kind']> = new Set([
  'ArrayComprehension',
  'SetComprehension',
  'ObjectComprehension',
]);

/** The case with these variables renamed inside comprehensions of each equation that names them outside as well. */
export function renamedInClosures(example: FuzzCase, names: ReadonlySet<string>): FuzzCase {
  return { ...example, modules: example.modules.map((text) => renamed(text, names)) };
}

function renamed(text: string, names: ReadonlySet<string>): string {
  const { module } = parseModule({ name: 'fuzz.rego', text });
  if (module === undefined) return text;
  const places = new Set<number>();
  visit(module, {
    Unify(equation) {
      const { inside, outside } = mentions(equation, names);
      for (const { name, at } of inside) if (outside.has(name)) places.add(at);
      return undefined;
    },
  });
  return [...places]
    .toSorted((a, b) => b - a)
    .reduce((made, at) => `${made.slice(0, at)}own_${made.slice(at)}`, text);
}

interface Mentions {
  readonly inside: readonly { readonly name: string; readonly at: number }[];
  readonly outside: ReadonlySet<string>;
}

function mentions(equation: Node, names: ReadonlySet<string>): Mentions {
  const inside: { name: string; at: number }[] = [];
  const outside = new Set<string>();
  visit(equation, {
    Var({ name, span }, ancestors) {
      if (!names.has(name)) return undefined;
      if (ancestors.some(({ kind }) => COMPREHENSIONS.has(kind)))
        inside.push({ name, at: span.start });
      else outside.add(name);
      return undefined;
    },
  });
  return { inside, outside };
}
