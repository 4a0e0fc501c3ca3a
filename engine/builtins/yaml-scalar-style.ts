/** How YAML text writes a string: plain, in quotes of either kind, or as a block. `go-yaml` 3, `emitterc.go` and `encode.go`. */
import { readsAsText } from './yaml-plain.ts';

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal';

/** Bytes of UTF-8 a key on one line may have. */
const MAX_SIMPLE_KEY = 128;
const LINE_BREAK = /[\n\r\u0085\u2028\u2029]/;
/** What the writer takes for unprintable: everything beyond the basic plane too. The tab is looked at on its own. */
const UNPRINTABLE = /[^\P{Cc}\n\t]|[\ufeff\u{10000}-\u{10ffff}]/u;
const ESCAPED = /["\\\p{Cc}\ufeff\u2028\u2029\u{10000}-\u{10ffff}]/gu;
/** A blank before a line break, or behind one. */
const BLANK_BEFORE_BREAK = / [\n\r\u0085\u2028\u2029]/;
const BLANK_BEHIND_BREAK = /[\n\r\u0085\u2028\u2029] /;
/** What begins something else than a plain text, or ends it in the middle. */
const INDICATOR =
  /^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[?:-](?:[ \t]|$))|:(?:[ \t]|$)|[ \t\n\r\u0085\u2028\u2029]#/;
const BLANK_AT_END = /^[ \n\r\u0085\u2028\u2029]|[ \n\r\u0085\u2028\u2029]$/;
const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\0', '\\0'],
  ['\u0007', '\\a'],
  ['\b', '\\b'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\v', '\\v'],
  ['\f', '\\f'],
  ['\r', '\\r'],
  ['\u001b', '\\e'],
  ['\u0085', '\\N'],
  ['\u00a0', '\\_'],
  ['\u2028', '\\L'],
  ['\u2029', '\\P'],
]);

/** The way that needs the least, of those the text allows. */
export function scalarStyle(text: string): ScalarStyle {
  const isSpecial = BLANK_BEFORE_BREAK.test(text) || UNPRINTABLE.test(text);
  if (text.includes('\n')) return isSpecial || text.endsWith(' ') ? 'double' : 'literal';
  if (!readsAsText(text)) return 'double';
  if (isSpecial || text.includes('\t') || BLANK_BEHIND_BREAK.test(text)) return 'double';
  const isPlain = !LINE_BREAK.test(text) && !BLANK_AT_END.test(text) && !INDICATOR.test(text);
  return isPlain ? 'plain' : 'single';
}

/** May the key stand before its colon, without a question mark? */
export function isSimpleKey(text: string): boolean {
  return (
    !LINE_BREAK.test(text) &&
    (text.length * 3 <= MAX_SIMPLE_KEY || new TextEncoder().encode(text).length <= MAX_SIMPLE_KEY)
  );
}

/** The text in double quotes. */
export function writeQuoted(text: string): string {
  // A text that begins with a byte order mark is taken for one at each of its characters.
  const pattern = text.startsWith('\ufeff') ? /./gsu : ESCAPED;
  return `"${text.replace(pattern, (character) => SHORT_ESCAPES.get(character) ?? numericEscape(character))}"`;
}

function numericEscape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = (digits: number): string => code.toString(16).toUpperCase().padStart(digits, '0');
  if (code <= 0xff) return `\\x${hex(2)}`;
  return code <= 0xffff ? `\\u${hex(4)}` : `\\U${hex(8)}`;
}
