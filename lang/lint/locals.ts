/**
 * Names that a rule binds itself: parameters, declarations, assignments. A reference to one of them is none to a rule or an import.
 */
import type { Node, Rule } from '../ast/nodes.ts';
import { visit } from '../ast/visit.ts';

/** Every name the rule binds, wherever in it. */
export function localNames(rule: Rule): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (node: Node | undefined): void => {
    if (node !== undefined) visit(node, { Var: ({ name }) => void names.add(name) });
  };
  for (const param of rule.head.params ?? []) add(param);
  visit(rule, {
    Assign: ({ target }) => void add(target),
    SomeDecl: (declaration) => void add(declaration),
    SomeIn: ({ key, value }) => {
      add(key);
      add(value);
      return undefined;
    },
    Every: ({ key, value }) => {
      add(key);
      add(value);
      return undefined;
    },
  });
  return names;
}
