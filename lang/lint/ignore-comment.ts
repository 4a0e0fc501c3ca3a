/**
 * Ignore comments: `# sallyport ignore: category/rule because reason`. One covers its own line and the next line that is no
 * comment. Without a reason it covers nothing, and the rule `style/ignore-without-reason` tells so.
 */
import type { Comment } from '../ast/nodes.ts';
import type { Span } from '../source.ts';
import { positionAt } from '../source.ts';
import type { LintModule } from './rule.ts';

export interface IgnoreComment {
  readonly rule: string;
  /** Empty where none is given. */
  readonly reason: string;
}

/** What the comment asks to ignore; undefined where it asks nothing. */
export function readIgnoreComment(comment: Comment): IgnoreComment | undefined {
  const match = /^\s*sallyport ignore:\s*(\S+)(?:\s+because\s+(\S.*))?/.exec(comment.text);
  if (match === null) return undefined;
  return { rule: match[1] ?? '', reason: match[2]?.trim() ?? '' };
}

/** Whether a rule is ignored at a place. */
export function findIgnores({ source, module }: LintModule): (rule: string, span: Span) => boolean {
  const lineOf = (offset: number): number => positionAt(source, offset).line;
  const commentLines = new Set(module.comments.map(({ span }) => lineOf(span.start)));
  const covered = new Set<string>();
  for (const comment of module.comments) {
    const ignore = readIgnoreComment(comment);
    if (ignore === undefined || ignore.reason === '') continue;
    let line = lineOf(comment.span.start);
    covered.add(`${ignore.rule}:${line}`);
    do line += 1;
    while (commentLines.has(line));
    covered.add(`${ignore.rule}:${line}`);
  }
  return (rule, span) => covered.size > 0 && covered.has(`${rule}:${lineOf(span.start)}`);
}
