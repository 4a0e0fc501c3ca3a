/**
 * Source maps of generated code: every line leads to the place in a policy it stands for, so that stack traces and profiles name lines of
 * policies. One segment a line; a line without a place has none. Format: ECMA-426.
 */
import type { Source } from '../../lang/source.ts';
import type { Site } from '../plan/ir.ts';

export interface SourceMap {
  readonly version: 3;
  readonly file: string;
  readonly sources: readonly string[];
  readonly sourcesContent: readonly string[];
  readonly names: readonly string[];
  readonly mappings: string;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The map of a file in which the lines with these places follow `skipped` lines of something else. */
export function sourceMapOf(
  file: string,
  sites: readonly (Site | undefined)[],
  skipped: number,
): SourceMap {
  const sources = new Map<Source, { readonly index: number; readonly starts: readonly number[] }>();
  let mappings = ';'.repeat(skipped);
  let before = { source: 0, line: 0, column: 0 };
  for (const site of sites) {
    if (site?.rule !== undefined) {
      const { source } = site.rule;
      let known = sources.get(source);
      if (known === undefined) {
        known = { index: sources.size, starts: lineStarts(source.text) };
        sources.set(source, known);
      }
      const line = lineOf(known.starts, site.span.start);
      const column = site.span.start - (known.starts[line] ?? 0);
      const now = { source: known.index, line, column };
      const moves = [
        0,
        now.source - before.source,
        now.line - before.line,
        now.column - before.column,
      ];
      mappings += moves.map(vlq).join('');
      before = now;
    }
    mappings += ';';
  }
  const used = [...sources.keys()];
  return {
    version: 3,
    file,
    sources: used.map(({ name }) => name),
    sourcesContent: used.map(({ text }) => text),
    names: [],
    mappings,
  };
}

/** The two comments that name code made at run time and map it; nothing of a policy is in them but as base64. */
export function inlineSourceMap(name: string, map: SourceMap): string {
  const encoded = Buffer.from(JSON.stringify(map)).toString('base64');
  return `//# sourceURL=${name}\n//# sourceMappingURL=data:application/json;base64,${encoded}\n`;
}

/** A number in base 64, five bits a digit, the sign in the lowest bit. */
function vlq(number: number): string {
  let rest = number < 0 ? -number * 2 + 1 : number * 2;
  let text = '';
  do {
    const digit = rest % 32;
    rest = Math.floor(rest / 32);
    text += BASE64[rest > 0 ? digit + 32 : digit] ?? '';
  } while (rest > 0);
  return text;
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The line that holds an offset, counted from 0. */
function lineOf(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
