/** Selection ranges: the syntax around a place, from the innermost out. */
import type { SelectionRange } from 'vscode-languageserver';
import { pathAt } from '../../ast/locate.ts';
import type { PolicyDocument } from '../workspace.ts';

/** The nodes around an offset, each once; the offset alone while the text has faults of syntax. */
export function selectionRange(document: PolicyDocument, offset: number): SelectionRange {
  const { module, moduleSource, source, map } = document;
  const nodes = module === undefined || moduleSource !== source ? [] : pathAt(module, offset);
  let found: SelectionRange | undefined;
  let last = '';
  for (const { span } of nodes) {
    const key = `${span.start}:${span.end}`;
    if (key === last) continue;
    last = key;
    found = { range: map.rangeOf(span), ...(found === undefined ? {} : { parent: found }) };
  }
  return found ?? { range: map.rangeOf({ start: offset, end: offset }) };
}
