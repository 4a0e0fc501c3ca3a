/**
 * Prints whole modules: statements in the order they were written, blank lines kept but never two, and one blank line around
 * the package and around every rule that has several lines.
 */
import type { Import, Module, Package, Rule } from '../ast/nodes.ts';
import { layOut } from './layout.ts';
import type { Printer } from './printer.ts';
import { gatherPieces, type Piece, withTrailing } from './sequence.ts';

type Statement = Package | Import | Rule;

/** The text of the module, a line break at its end. */
export function printModule(printer: Printer, module: Module, width: number): string {
  const statements: readonly Statement[] = [
    module.package,
    ...module.imports,
    ...module.rules,
  ].sort((left, right) => left.span.start - right.span.start);
  const kinds: (Statement['kind'] | 'Comment')[] = [];
  const pieces = gatherPieces(printer, statements, 0, printer.text.length, (statement) =>
    printStatement(printer, statement),
  );
  let at = 0;
  for (const piece of pieces) {
    const kind = piece.isComment ? undefined : statements[at]?.kind;
    if (kind !== undefined) at += 1;
    kinds.push(kind ?? 'Comment');
  }
  const texts = pieces.map((piece) => layOut(withTrailing(piece.doc, piece.trailing), width));
  let output = '';
  for (const [index, text] of texts.entries()) {
    if (index > 0) output += isBlankBefore(index, pieces, kinds, texts) ? '\n\n' : '\n';
    output += text;
  }
  return `${output}\n`;
}

/** Whether a blank line goes before a piece; comments before a statement belong to it. */
function isBlankBefore(
  index: number,
  pieces: readonly Piece[],
  kinds: readonly (Statement['kind'] | 'Comment')[],
  texts: readonly string[],
): boolean {
  if (pieces[index]?.afterBlank === true) return true;
  const before = kinds[index - 1];
  if (before === 'Comment' || before === undefined) return false;
  let next = index;
  while (kinds[next] === 'Comment') next += 1;
  const after = kinds[next];
  if (before === 'Package') return true;
  if (after === undefined) return false;
  if (before !== after) return true;
  return after === 'Rule' && (isTall(texts[index - 1]) || isTall(texts[next]));
}

function isTall(text: string | undefined): boolean {
  return text?.includes('\n') === true;
}

function printStatement(printer: Printer, statement: Statement) {
  switch (statement.kind) {
    case 'Rule':
      return printer.rule(statement);
    case 'Package':
      return `package ${printPath(statement.path)}`;
    case 'Import': {
      const alias = statement.alias === undefined ? '' : ` as ${statement.alias.name}`;
      return `import ${printPath(statement.path)}${alias}`;
    }
  }
}

function printPath(path: readonly string[]): string {
  const [head = '', ...steps] = path;
  return (
    head +
    steps.map((step) => (isNamePart(step) ? `.${step}` : `[${JSON.stringify(step)}]`)).join('')
  );
}

/** What can stand behind a dot. */
function isNamePart(step: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(step);
}
