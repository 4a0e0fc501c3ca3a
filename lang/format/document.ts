/**
 * The document algebra of the formatter: what a text says and where it may break, before anybody knows how wide it is.
 * Nothing here knows the language. The ideas are Wadler's ("A prettier printer", 2003); `fill` is Prettier's.
 */

/** A text with places where it may break. `forced` tells that it breaks whatever the width is. */
export type Doc =
  | string
  | { readonly kind: 'concat'; readonly parts: readonly Doc[]; readonly forced: boolean }
  | { readonly kind: 'indent'; readonly doc: Doc; readonly forced: boolean }
  | { readonly kind: 'group'; readonly doc: Doc; readonly forced: boolean }
  | {
      readonly kind: 'fill';
      readonly items: readonly Doc[];
      /** What stands before the first item: nothing, or an item in one line or in several. */
      readonly after: 'nothing' | 'line' | 'lines';
      readonly forced: boolean;
    }
  | { readonly kind: 'line'; readonly flat: string; readonly forced: boolean }
  | {
      readonly kind: 'if-break';
      readonly broken: string;
      readonly flat: string;
      readonly forced: false;
    }
  | { readonly kind: 'trailing'; readonly text: string; readonly forced: true };

/** Nothing. */
export const EMPTY: Doc = '';
/** A space, or a line break where the group around it breaks. */
export const LINE: Doc = { kind: 'line', flat: ' ', forced: false };
/** Nothing, or a line break where the group around it breaks. */
export const SOFT_LINE: Doc = { kind: 'line', flat: '', forced: false };
/** A line break, which breaks every group around it. */
export const HARD_LINE: Doc = { kind: 'line', flat: '', forced: true };

/** Parts one after the other. */
export function concat(...parts: readonly Doc[]): Doc {
  return { kind: 'concat', parts, forced: parts.some(isForced) };
}

/** One level deeper from the next line break on. */
export function indent(doc: Doc): Doc {
  return { kind: 'indent', doc, forced: isForced(doc) };
}

/** In one line where that fits, else every line break that belongs to it is taken. */
export function group(doc: Doc): Doc {
  return { kind: 'group', doc, forced: isForced(doc) };
}

/** As many items in a line as fit, with a space or a line break between two. One that needs several lines stands alone. */
export function fill(items: readonly Doc[]): Doc {
  return { kind: 'fill', items, after: 'nothing', forced: items.some(isForced) };
}

/** One text where the group around it breaks, another where it does not. */
export function ifBreak(broken: string, flat: string): Doc {
  return { kind: 'if-break', broken, flat, forced: false };
}

/** A comment behind what stands in the line. It has no width, and a line break must follow it. */
export function trailing(text: string): Doc {
  return { kind: 'trailing', text, forced: true };
}

/** Parts with a separator between each two. */
export function join(separator: Doc, parts: readonly Doc[]): Doc {
  return concat(...parts.flatMap((part, at) => (at === 0 ? [part] : [separator, part])));
}

/** Whether the document breaks whatever the width is. A text that holds line breaks itself (a raw string) does not count. */
export function isForced(doc: Doc): boolean {
  return typeof doc !== 'string' && doc.forced;
}
