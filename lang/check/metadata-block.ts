/**
 * METADATA comment blocks as text: where they begin and end, and the YAML in them.
 * Follows https://www.openpolicyagent.org/docs/policy-language#metadata.
 */
import type { Comment, Module } from '../ast/nodes.ts';
import type { Source, Span } from '../source.ts';
import { readMetadataYaml } from './metadata-yaml.ts';

export interface MetadataBlock {
  readonly span: Span;
  /** The YAML value; undefined where `fault` is set. */
  readonly value: unknown;
  readonly fault: string | undefined;
}

/** The blocks of a module in source order. */
export function metadataBlocks(module: Module, source: Source): readonly MetadataBlock[] {
  const blocks: MetadataBlock[] = [];
  const { comments } = module;
  for (let at = 0; at < comments.length; at += 1) {
    const first = comments[at];
    if (!first || !opensBlock(first, source)) continue;
    const lines: Comment[] = [];
    for (let last = first; ; ) {
      const next = comments[at + 1];
      if (!next || !continues(last, next, source) || opensBlock(next, source)) break;
      lines.push(next);
      last = next;
      at += 1;
    }
    const end = lines[lines.length - 1]?.span.end ?? first.span.end;
    blocks.push({ span: { start: first.span.start, end }, ...readYaml(lines) });
  }
  return blocks;
}

function isAtLineStart(comment: Comment, source: Source): boolean {
  const { start } = comment.span;
  return start === 0 || source.text[start - 1] === '\n';
}

function opensBlock(comment: Comment, source: Source): boolean {
  return isAtLineStart(comment, source) && comment.text.trim().startsWith('METADATA');
}

/** Does `next` stand on the line after `last`? */
function continues(last: Comment, next: Comment, source: Source): boolean {
  if (!isAtLineStart(next, source)) return false;
  const between = source.text.slice(last.span.end, next.span.start);
  return between === '\n' || between === '\r\n' || between === '';
}

function readYaml(lines: readonly Comment[]): {
  readonly value: unknown;
  readonly fault: string | undefined;
} {
  const text = lines
    .map((line) => (line.text.startsWith(' ') ? line.text.slice(1) : line.text))
    .join('\n');
  if (text.trim() === '') return { value: undefined, fault: 'the block is empty' };
  return readMetadataYaml(text);
}
