/** Folding: brackets, imports and comments over several lines. From tokens, so that a text with faults folds as it did before. */
import type { FoldingRange } from 'vscode-languageserver';
import { scanTokens } from '../../parse.ts';
import { ImportKeyword, LBrace, LBracket, LParen } from '../../syntax/tokens.ts';
import type { PolicyDocument } from '../workspace.ts';

const OPENERS: ReadonlySet<unknown> = new Set([LBrace, LBracket, LParen]);

/** What can be folded, in the order of the text but for imports and comments, which come last. */
export function foldingRanges({ source, map }: PolicyDocument): readonly FoldingRange[] {
  const { tokens, partner, comments } = scanTokens(source);
  const lineOf = (offset: number): number => map.placeAt(offset).line;
  const ranges: FoldingRange[] = [];
  for (const [at, token] of tokens.entries()) {
    const closer = tokens[partner[at] ?? -1];
    if (closer === undefined || !OPENERS.has(token.tokenType)) continue;
    const [startLine, endLine] = [lineOf(token.startOffset), lineOf(closer.startOffset) - 1];
    // The line of the closing bracket stays to be seen.
    if (endLine > startLine) ranges.push({ startLine, endLine });
  }
  const imports = tokens
    .filter(({ tokenType }) => tokenType === ImportKeyword)
    .map(({ startOffset }) => lineOf(startOffset));
  const own = comments
    .filter(({ span }) => /(?:^|\n)[\t ]*$/.test(source.text.slice(0, span.start).slice(-200)))
    .map(({ span }) => lineOf(span.start));
  return [
    ...ranges,
    ...runsOf(imports, 2).map((range) => ({ ...range, kind: 'imports' })),
    ...runsOf(own, 1).map((range) => ({ ...range, kind: 'comment' })),
  ];
}

/** Lines that follow each other with no more than `gap` between them, as ranges of two lines or more. */
function runsOf(lines: readonly number[], gap: number): readonly FoldingRange[] {
  const runs: { startLine: number; endLine: number }[] = [];
  for (const line of lines) {
    const last = runs.at(-1);
    if (last !== undefined && line - last.endLine <= gap) last.endLine = line;
    else runs.push({ startLine: line, endLine: line });
  }
  return runs.filter(({ startLine, endLine }) => endLine > startLine);
}
