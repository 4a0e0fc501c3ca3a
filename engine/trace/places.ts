/** Where expressions stand; the lines of a text are counted once for all of them. */
import type { CheckedRule } from '../../lang/check/checked.ts';
import type { Source, Span } from '../../lang/source.ts';
import type { OutcomePlace } from './outcome.ts';

export class Places {
  readonly #starts = new Map<Source, readonly number[]>();

  /** The place of a node of a rule. */
  of({ source }: CheckedRule, { span }: { readonly span: Span }): OutcomePlace {
    let starts = this.#starts.get(source);
    if (starts === undefined) {
      starts = lineStarts(source.text);
      this.#starts.set(source, starts);
    }
    let [low, high] = [0, starts.length];
    while (low + 1 < high) {
      const middle = Math.floor((low + high) / 2);
      if ((starts[middle] ?? 0) <= span.start) low = middle;
      else high = middle;
    }
    return { file: source.name, line: low + 1, column: span.start - (starts[low] ?? 0) + 1 };
  }
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
