/**
 * Prints terms other than collections. Parentheses that the author wrote stay, except around what cannot need them: they are
 * often there for the reader, and where they are not, precedence needs them.
 */
import type { Call, Infix, Membership, Ref, Term } from '../ast/nodes.ts';
import { concat, type Doc, group, HARD_LINE, indent, isForced, LINE } from './document.ts';
import { printCollection, printList } from './print-collection.ts';
import { breaksBetween, type Printer, textOf } from './printer.ts';

/** A term with its parentheses. */
export function printTerm(printer: Printer, term: Term): Doc {
  const bare = printBare(printer, term);
  return isParenthesised(printer, term) && !isPlain(printer, term) ? concat('(', bare, ')') : bare;
}

/** Whether the term stands in parentheses: they leave no node, but they widen the term's span. */
export function isParenthesised({ text }: Printer, term: Term): boolean {
  if (text[term.span.start] !== '(') return false;
  switch (term.kind) {
    case 'Infix':
      return term.left.span.start !== term.span.start;
    case 'Membership':
      return (term.key ?? term.value).span.start !== term.span.start;
    case 'Ref':
      return term.head.span.start !== term.span.start;
    case 'Call':
      return term.operator.span.start !== term.span.start;
    default:
      return true;
  }
}

/** What reads the same with and without parentheses wherever it stands. */
function isPlain(printer: Printer, term: Term): boolean {
  switch (term.kind) {
    case 'Null':
    case 'Boolean':
    case 'String':
    case 'Var':
    case 'Array':
      return true;
    case 'Number':
      return !term.text.startsWith('-');
    case 'Ref':
      return term.head.kind === 'Var' && !isParenthesised(printer, term.head);
    case 'Call':
      return term.operator.head.kind === 'Var';
    default:
      return false;
  }
}

function printBare(printer: Printer, term: Term): Doc {
  switch (term.kind) {
    case 'Null':
      return 'null';
    case 'Boolean':
      return String(term.value);
    case 'Number':
      return term.text;
    case 'String':
      return printString(term.raw, term.value, textOf(printer, term.span));
    case 'TemplateString': {
      const written = withoutParentheses(textOf(printer, term.span));
      // What it embeds is kept as written, comments included.
      printer.comments.take(term.span.start, term.span.end);
      return written;
    }
    case 'Var':
      return term.name;
    case 'Ref':
      return printRef(printer, term);
    case 'Call':
      return printCall(printer, term);
    case 'Infix':
      return printInfix(printer, term);
    case 'Membership':
      return printMembership(printer, term);
    default:
      return printCollection(printer, term);
  }
}

function printString(raw: boolean, value: string, written: string): string {
  const text = withoutParentheses(written);
  const quote = raw ? '`' : '"';
  if (text.startsWith(quote) && text.endsWith(quote)) return text;
  return raw ? `\`${value}\`` : JSON.stringify(value);
}

function withoutParentheses(written: string): string {
  let text = written;
  while (text.startsWith('(') && text.endsWith(')')) text = text.slice(1, -1).trim();
  return text;
}

/** `head.a["b"][x]`. */
export function printRef(printer: Printer, ref: Ref): Doc {
  if (ref.path.length === 0) return printer.term(ref.head);
  const head = printer.term(ref.head);
  const steps = ref.path.map((segment): Doc => {
    const { term } = segment;
    if (segment.style === 'dot' && term.kind === 'String') return `.${term.value}`;
    return concat('[', printer.term(term), ']');
  });
  return concat(head, ...steps);
}

function printCall(printer: Printer, call: Call): Doc {
  const start = call.operator.span.end;
  return concat(
    printRef(printer, call.operator),
    printList(printer, '(', call.args, ')', { start, end: call.span.end }, printer.term),
  );
}

/** The operands and operators of a chain as they stand in the text, whatever their precedence. */
interface Chain {
  readonly operands: Term[];
  readonly operators: string[];
}

function printInfix(printer: Printer, term: Infix): Doc {
  if (isNegation(term)) return concat('-', printer.term(term.right));
  const chain: Chain = { operands: [], operators: [] };
  gather(printer, term, chain);
  const [first, ...others] = chain.operands;
  if (first === undefined) return '';
  let end = first.span.end;
  let broken = false;
  for (const operand of others) {
    broken ||= breaksBetween(printer, end, operand.span.start);
    end = operand.span.end;
  }
  const docs = others.map((operand) => printer.term(operand));
  const head = printer.term(first);
  const hugs = docs.some(isForced) || isForced(head);
  const space: Doc = broken ? HARD_LINE : hugs ? ' ' : LINE;
  const tail = docs.map((doc, at) => concat(` ${chain.operators[at] ?? ''}`, space, doc));
  return group(concat(head, broken || !hugs ? indent(concat(...tail)) : concat(...tail)));
}

function gather(printer: Printer, term: Term, chain: Chain, isWhole = true): void {
  if (term.kind !== 'Infix' || isNegation(term) || (!isWhole && isParenthesised(printer, term))) {
    chain.operands.push(term);
    return;
  }
  gather(printer, term.left, chain, false);
  chain.operators.push(term.operator);
  gather(printer, term.right, chain, false);
}

/** `-x` is `0 - x` with a zero that nobody wrote. */
function isNegation(term: Infix): boolean {
  return term.left.kind === 'Number' && term.left.span.start === term.left.span.end;
}

function printMembership(printer: Printer, term: Membership): Doc {
  const key = term.key === undefined ? '' : concat(printer.term(term.key), ', ');
  return concat(key, printer.term(term.value), ' in ', printer.term(term.collection));
}
