/** Hover: what the schema says of an input field, the signature of a builtin, the type of a rule. */
import { declaredType } from '../../types/declarations.ts';
import { printType } from '../../types/print.ts';
import { stringKey } from '../../types/type.ts';
import type { ServerHost } from '../ports.ts';
import type { PolicyDocument, Workspace } from '../workspace.ts';
import { inputPathOf, nameAt } from './place.ts';

/** Text in Markdown for what stands at an offset; undefined where there is nothing to say. */
export function hoverText(
  host: ServerHost,
  workspace: Workspace,
  document: PolicyDocument,
  offset: number,
): string | undefined {
  const name = nameAt(document, offset);
  if (name === '') return undefined;
  const path = inputPathOf(document, offset, name);
  const field = path === undefined ? undefined : host.describeInput(path);
  if (field !== undefined) return `\`${path}\`\n\n${field.description ?? ''}`.trim();
  const builtin = host.checkOptions.builtins.get(name);
  if (builtin !== undefined) {
    const args = builtin.args.map((arg) => {
      const type = printType(declaredType(arg));
      return typeof arg['name'] === 'string' && arg['name'] !== ''
        ? `${arg['name']}: ${type}`
        : type;
    });
    const result =
      builtin.result === undefined ? '' : ` => ${printType(declaredType(builtin.result))}`;
    return `\`${name}(${args.join(', ')})${result}\``;
  }
  const parts = name.startsWith('data.')
    ? name.split('.')
    : ['data', ...(document.module?.package.path ?? []), name];
  let node = workspace.checkNear(document).types.environment.tree;
  for (const part of parts) {
    const next = node.child(stringKey(part));
    if (next === undefined) return undefined;
    node = next;
  }
  return `\`${parts.join('.')}\`: ${printType(node.extent())}`;
}
