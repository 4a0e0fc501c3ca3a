/**
 * The formatter: text in, the same policy in the one layout out. It never changes what a policy says: what it wrote is parsed
 * again and compared before anybody sees it. It reads and writes no files.
 */
import { equalNodes } from '../ast/equal.ts';
import type { Module } from '../ast/nodes.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { parseModule } from '../parse.ts';
import type { Source } from '../source.ts';
import { CommentShelf, printComment } from './comments.ts';
import { printBlock, printLiteral } from './print-body.ts';
import { printModule } from './print-module.ts';
import { printRule } from './print-rule.ts';
import { printTerm } from './print-term.ts';
import type { Printer } from './printer.ts';

/** Columns a line may have. */
export const DEFAULT_WIDTH = 120;

/**
 * - `formatted`: the text in its layout, which may be the text that was given
 * - `unreadable`: the text has faults, which are reported; nothing is formatted
 * - `changed-meaning`: the formatter is at fault; the text must be left as it is
 */
export type FormatResult =
  | { readonly kind: 'formatted'; readonly text: string }
  | { readonly kind: 'unreadable'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'changed-meaning'; readonly text: string };

/** Formats a policy file. */
export function formatSource(source: Source, width: number = DEFAULT_WIDTH): FormatResult {
  const { module, diagnostics } = parseModule(source);
  if (module === undefined || diagnostics.some(({ severity }) => severity === 'error'))
    return { kind: 'unreadable', diagnostics };
  const text = formatModule(source, module, width);
  if (text === source.text) return { kind: 'formatted', text };
  const again = parseModule({ name: source.name, text });
  if (
    again.module === undefined ||
    again.diagnostics.length > diagnostics.length ||
    !saysTheSame(module, again.module)
  )
    return { kind: 'changed-meaning', text };
  return { kind: 'formatted', text };
}

function formatModule(source: Source, module: Module, width: number): string {
  const comments = new CommentShelf(source.text, module.comments);
  const printer: Printer = {
    text: source.text,
    comments,
    term: (term) => printTerm(printer, term),
    literal: (literal) => printLiteral(printer, literal),
    block: (body) => printBlock(printer, body),
    rule: (rule) => printRule(printer, rule),
  };
  return printModule(printer, module, width);
}

/** The same tree and the same comments; one that could not stay where it was may have moved before its statement. */
function saysTheSame(left: Module, right: Module): boolean {
  if (!equalNodes({ ...left, comments: [] }, { ...right, comments: [] })) return false;
  const leftTexts = left.comments.map(printComment).sort();
  const rightTexts = right.comments.map(printComment).sort();
  return (
    leftTexts.length === rightTexts.length && leftTexts.every((text, at) => text === rightTexts[at])
  );
}
