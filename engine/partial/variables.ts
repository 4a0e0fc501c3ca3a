/** Variables of literals and terms, by name: names are unique within a rule. */
import { childrenOf } from '../../lang/ast/child-keys.ts';
import type { Node } from '../../lang/ast/nodes.ts';

/** Variables that stand outside of what has a body of its own: those a literal uses from around it or binds there. */
export function outerNames(nodes: readonly Node[]): readonly string[] {
  const names = new Set<string>();
  for (const node of nodes) collect(node, false, names);
  return [...names];
}

/** Which of the variables occur anywhere in the nodes. */
export function usedNames(nodes: readonly Node[], among: readonly string[]): readonly string[] {
  if (among.length === 0) return among;
  const names = new Set<string>();
  for (const node of nodes) collect(node, true, names);
  return among.filter((name) => names.has(name));
}

function collect(node: Node, intoBodies: boolean, names: Set<string>): void {
  switch (node.kind) {
    case 'Var':
      if (node.name !== 'input' && node.name !== 'data') names.add(node.name);
      return;
    case 'Call':
      for (const arg of node.args) collect(arg, intoBodies, names);
      return;
    case 'ArrayComprehension':
    case 'SetComprehension':
    case 'ObjectComprehension':
    case 'TemplateString':
    case 'Body':
      if (!intoBodies) return;
      break;
    default:
  }
  for (const child of childrenOf(node)) collect(child, intoBodies, names);
}
