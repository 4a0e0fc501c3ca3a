/** Formatting: the one layout, of the whole text or of the rules that a selection touches, as the smallest edits that make it. */
import type { TextEdit } from 'vscode-languageserver';
import { formatSource } from '../../format/format.ts';
import { parseModule } from '../../parse.ts';
import type { Span } from '../../source.ts';
import { differenceOf } from '../document.ts';
import type { PolicyDocument } from '../workspace.ts';

/** Edits that lay the text out; none while it has faults of syntax. */
export function formattingEdits({ source, map }: PolicyDocument): readonly TextEdit[] {
  const result = formatSource(source);
  if (result.kind !== 'formatted' || result.text === source.text) return [];
  const { text } = source;
  const changed = differenceOf(text, result.text);
  const end = changed.end + result.text.length - text.length;
  return [{ range: map.rangeOf(changed), newText: result.text.slice(changed.start, end) }];
}

/** The same for the rules that lie in a span, at least in part; what is between them stays as it is. */
export function rangeFormattingEdits(
  { source, map, module, moduleSource }: PolicyDocument,
  within: Span,
): readonly TextEdit[] {
  const result = formatSource(source);
  if (result.kind !== 'formatted' || module === undefined || moduleSource !== source) return [];
  const laidOut = parseModule({ name: source.name, text: result.text }).module?.rules ?? [];
  return module.rules.flatMap(({ span }, at) => {
    const target = laidOut[at]?.span;
    if (target === undefined || span.end < within.start || span.start > within.end) return [];
    const newText = result.text.slice(target.start, target.end);
    if (newText === source.text.slice(span.start, span.end)) return [];
    return [{ range: map.rangeOf(span), newText }];
  });
}
