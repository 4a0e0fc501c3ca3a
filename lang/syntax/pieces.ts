/**
 * Parses a large file piece by piece, so that the tokens of all of it, which weigh as much as its tree, never exist together. It yields
 * the tree that parsing the whole yields, or nothing: faults are told by whoever parses the whole then.
 */
import type { Lexer } from 'chevrotain';
import type { Comment, Import, Module, Package, Rule } from '../ast/nodes.ts';
import type { Source, Span } from '../source.ts';
import type { ModuleParser } from './module-parser.ts';
import { type ImportedWords, scanPiece, type TokenStream } from './scan.ts';
import { KEYWORDS } from './tokens.ts';

/** UTF-16 units of a piece: its tokens take about a megabyte, which is gone before it is moved about in memory. */
const PIECE_LENGTH = 32 * 1024;
/** Places a piece is tried to be cut off at, should the ones before lie inside a rule. */
const MAX_CUTS = 3;

/** UTF-16 units from which on a file is parsed in pieces. */
export const MIN_LENGTH_IN_PIECES = 4 * PIECE_LENGTH;

/** The module; undefined where a piece has a fault, or no place is found to cut it off. */
export function parseInPieces(
  lexer: Lexer,
  parser: ModuleParser,
  source: Source,
): Module | undefined {
  const { length } = source.text;
  const imports: Import[] = [];
  const rules: Rule[] = [];
  const comments: Comment[] = [];
  let declared: Package | undefined;
  let imported: ImportedWords | undefined;
  for (let start = 0; start < length; ) {
    const piece = cutPiece(lexer, source, start, imported);
    const parsed = piece && parser.parsePiece(piece.stream);
    if (piece === undefined || parsed === undefined) return undefined;
    if (imported === undefined) {
      const { hasNotBodies, hasLogical, keywords } = piece.stream;
      imported = { hasNotBodies, hasLogical, keywords };
      declared = parsed.package;
      imports.push(...parsed.imports);
    }
    for (const rule of parsed.rules) rules.push(rule);
    for (const comment of piece.stream.comments) comments.push(comment);
    start = piece.end;
  }
  if (declared === undefined) return undefined;
  const span: Span = { start: 0, end: length };
  return { kind: 'Module', span, package: declared, imports, rules, comments };
}

function cutPiece(
  lexer: Lexer,
  source: Source,
  start: number,
  imported: ImportedWords | undefined,
): { readonly stream: TokenStream; readonly end: number } | undefined {
  let end = start + PIECE_LENGTH;
  for (let cut = 0; cut < MAX_CUTS; cut += 1) {
    end = nextCut(source.text, end);
    const stream = scanPiece(lexer, source, { start, end }, imported);
    if (stream !== undefined) return { stream, end };
  }
  return undefined;
}

/** Where the next line begins that begins at its first column with a word that can begin a rule; the end of the text if none does. */
function nextCut(text: string, from: number): number {
  for (let at = text.indexOf('\n', from); at !== -1; at = text.indexOf('\n', at + 1)) {
    WORD.lastIndex = at + 1;
    const word = WORD.exec(text)?.[0];
    if (word !== undefined && (word === 'default' || !KEYWORDS.has(word))) return at + 1;
  }
  return text.length;
}

const WORD = /[A-Za-z_]\w*/y;
