/**
 * The same case with a comprehension that mentions, for nothing, one variable of a comprehension inside it: OPA then knows that its
 * result depends on the variable, and does not take it from its index for another value of it.
 */
import type { Body, Node } from '../../lang/ast/nodes.ts';
import { visit } from '../../lang/ast/visit.ts';
import { parseModule } from '../../lang/parse.ts';
import type { FuzzCase } from './generate-module.ts';

type Comprehension = Extract<
  Node,
  { kind: 'ArrayComprehension' | 'SetComprehension' | 'ObjectComprehension' }
>;

/** Each case with one such mention. */
export function mentionedClosures(example: FuzzCase): readonly FuzzCase[] {
  return example.modules.flatMap((text, at) =>
    mentionsIn(text).map(({ body, name }) => {
      const { end } = body.span;
      const changed = `${text.slice(0, end)}; ${name} == ${name}${text.slice(end)}`;
      return { ...example, modules: example.modules.with(at, changed) };
    }),
  );
}

function mentionsIn(text: string): readonly { readonly body: Body; readonly name: string }[] {
  const { module } = parseModule({ name: 'fuzz.rego', text });
  if (module === undefined) return [];
  const outer: Comprehension[] = [];
  visit(module, {
    enter(node, ancestors) {
      if (isComprehension(node)) outer.push(...ancestors.filter(isComprehension));
      return undefined;
    },
  });
  return [...new Set(outer)].flatMap((comprehension) =>
    [...namesInside(comprehension)].map((name) => ({ body: comprehension.body, name })),
  );
}

function isComprehension(node: Node): node is Comprehension {
  return node.kind.endsWith('Comprehension');
}

/** Names in the comprehensions inside one. */
function namesInside(comprehension: Comprehension): ReadonlySet<string> {
  const names = new Set<string>();
  visit(comprehension, {
    Var({ name }, ancestors) {
      if (name !== '_' && ancestors.filter(isComprehension).length > 1) names.add(name);
      return undefined;
    },
  });
  return names;
}
