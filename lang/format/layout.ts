/**
 * Lays a document out in lines no wider than asked, where its text allows that. Indentation is tabs.
 * One pass over a stack of what is left to write; a group is measured only up to the first line break behind it.
 */
import { concat, type Doc, HARD_LINE, isForced } from './document.ts';

/** Columns a tab is counted as. */
const TAB_COLUMNS = 4;

interface Command {
  readonly depth: number;
  readonly flat: boolean;
  readonly doc: Doc;
}

/** The document as text, without a line break at its end. */
export function layOut(doc: Doc, width: number): string {
  const output: string[] = [];
  const rest: Command[] = [{ depth: 0, flat: false, doc }];
  let column = 0;
  /** Where the last piece written is a line break with its indentation. */
  let isLineStart = false;
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { depth, flat, doc: node } = next;
    if (typeof node === 'string') {
      if (node === '') continue;
      output.push(node);
      column = columnAfter(column, node);
      isLineStart = false;
      continue;
    }
    switch (node.kind) {
      case 'concat':
        push(rest, node.parts, depth, flat);
        break;
      case 'indent':
        rest.push({ depth: depth + 1, flat, doc: node.doc });
        break;
      case 'group': {
        const isFlat = flat || (!node.forced && fits(node.doc, rest, width - column));
        rest.push({ depth, flat: isFlat, doc: node.doc });
        break;
      }
      case 'fill': {
        const [first, ...items] = node.items;
        if (first === undefined) break;
        const inLine = node.after === 'nothing' ? first : concat(' ', first);
        const isWhole = !isForced(first);
        if (node.after !== 'lines' && isWhole && fits(inLine, [], width - column)) {
          rest.push({ depth, flat, doc: { ...node, items, after: 'line' } });
          rest.push({ depth, flat: true, doc: inLine });
          break;
        }
        const isLine = isWhole && fits(first, [], width - depth * TAB_COLUMNS);
        rest.push({ depth, flat, doc: { ...node, items, after: isLine ? 'line' : 'lines' } });
        rest.push({ depth, flat: isLine, doc: first });
        if (node.after !== 'nothing') rest.push({ depth, flat: false, doc: HARD_LINE });
        break;
      }
      case 'line':
        if (flat && !node.forced) {
          output.push(node.flat);
          column += node.flat.length;
        } else {
          if (isLineStart) output[output.length - 1] = '\n';
          output.push(`\n${'\t'.repeat(depth)}`);
          column = depth * TAB_COLUMNS;
          isLineStart = true;
        }
        break;
      case 'if-break':
        rest.push({ depth, flat, doc: flat ? node.flat : node.broken });
        break;
      case 'trailing':
        output.push(node.text);
    }
  }
  return output.join('');
}

/** Whether the document fits into what is left of the line when nothing in it breaks, with what follows up to a line break. */
function fits(doc: Doc, after: readonly Command[], columns: number): boolean {
  const rest: Command[] = [{ depth: 0, flat: true, doc }];
  let left = columns;
  let following = after.length;
  while (left >= 0) {
    let next = rest.pop();
    if (next === undefined) {
      following -= 1;
      next = after[following];
      if (next === undefined) return true;
    }
    const { flat, doc: node } = next;
    if (typeof node === 'string') {
      const end = node.indexOf('\n');
      if (end !== -1) return left >= end;
      left -= node.length;
      continue;
    }
    switch (node.kind) {
      case 'concat':
        push(rest, node.parts, 0, flat);
        break;
      case 'indent':
        rest.push({ depth: 0, flat, doc: node.doc });
        break;
      case 'group':
        rest.push({ depth: 0, flat: flat && !node.forced, doc: node.doc });
        break;
      case 'fill':
        push(
          rest,
          node.items.flatMap((item, at) => (at === 0 ? [item] : [' ', item])),
          0,
          flat,
        );
        break;
      case 'line':
        if (!flat || node.forced) return true;
        left -= node.flat.length;
        break;
      case 'if-break':
        left -= (flat ? node.flat : node.broken).length;
        break;
      case 'trailing':
        return true;
    }
  }
  return false;
}

function push(rest: Command[], parts: readonly Doc[], depth: number, flat: boolean): void {
  for (let at = parts.length - 1; at >= 0; at -= 1) {
    const doc = parts[at];
    if (doc !== undefined) rest.push({ depth, flat, doc });
  }
}

function columnAfter(column: number, text: string): number {
  const lineBreak = text.lastIndexOf('\n');
  return lineBreak === -1 ? column + text.length : text.length - lineBreak - 1;
}
