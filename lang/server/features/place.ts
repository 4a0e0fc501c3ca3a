/** What stands at a place of a document: the names up to the cursor, and the rule around it. */
import type { Rule } from '../../ast/nodes.ts';
import { inputPathsOf } from '../../lint/input-path.ts';
import type { PolicyDocument } from '../workspace.ts';

/** The dotted name that ends at an offset, `input.action.sq` for a cursor behind `sq`. */
export function nameBefore({ source }: PolicyDocument, offset: number): string {
  return /[\w.]*$/.exec(source.text.slice(Math.max(0, offset - 500), offset))?.[0] ?? '';
}

/** The dotted name an offset lies in, up to the end of the part it lies in. */
export function nameAt(document: PolicyDocument, offset: number): string {
  const rest = /^\w*/.exec(document.source.text.slice(offset, offset + 200))?.[0] ?? '';
  return nameBefore(document, offset) + rest;
}

/** The input path a dotted name stands for, its first part through the variables of the rule around it. */
export function inputPathOf(
  document: PolicyDocument,
  offset: number,
  name: string,
): string | undefined {
  const [first = '', ...rest] = name.split('.');
  if (first === 'input') return name;
  const rule = ruleAround(document, offset);
  if (rule === undefined || document.module === undefined) return undefined;
  const head = inputPathsOf(rule, document.module)({ kind: 'Var', name: first, span: rule.span });
  return head === undefined ? undefined : [head, ...rest].join('.');
}

/** The rule an offset lies in, or the last one before it. */
export function ruleAround({ module }: PolicyDocument, offset: number): Rule | undefined {
  return module?.rules.findLast(({ span }) => span.start <= offset);
}
