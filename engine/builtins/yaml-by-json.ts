/**
 * What becomes of a string on the way through JSON text that is read as YAML, which is how OPA writes YAML: most stay what they are, some are
 * refused, and the line break U+0085 is folded. `go-yaml` 3, `readerc.go` and `scannerc.go`.
 */
import { type BuiltinFault, builtinError } from '../value/fault.ts';
import { quoteJson } from '../value/json.ts';

/** What a YAML text may not hold, beside what JSON escapes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const REFUSED = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/;
const REFUSED_IN_JSON = /[\u007f-\u0084\u0086-\u009f\ufffe\uffff]/;
/** At the start of a line, or behind the marks of items, keys and values. */
const INDENTING_TAB = /^ *(?:[-?:] +)*[-?:]? *\t/m;
const DIRECTIVE =
  /^%(?:YAML[ \t]+\d{1,9}\.\d{1,9}|TAG[ \t]+!(?:[\w-]*!)?[ \t]+\S+)(?:[ \t]+#.*|[ \t]*)$/;
const FOLDED = / *\u0085[ \u0085]*/g;
const DOCUMENT_MARK = /\u0085(?:---|\.\.\.)[ \u0085]/;
/** Characters that a key may have as JSON text. */
const MAX_KEY_TEXT = 1024;

/** A fault where a YAML text holds a character that none may hold. */
export function refusedCharacter(source: string): BuiltinFault | undefined {
  return REFUSED.test(source)
    ? builtinError('yaml: control characters are not allowed')
    : undefined;
}

/**
 * A fault where a line begins with a tab in a text of nothing but block collections and plain scalars, where it can be no more than an
 * indentation. Elsewhere the library decides.
 */
export function refusedTab(source: string): BuiltinFault | undefined {
  return /^[ \n]*\t/.test(source) || (INDENTING_TAB.test(source) && !/[{["'|>]/.test(source))
    ? builtinError('yaml: found character that cannot start any token')
    : undefined;
}

/** A fault where a directive before the first document is none that is known, in the form it must have. */
export function refusedDirective(source: string): BuiltinFault | undefined {
  let versions = 0;
  for (const line of source.split(/\r?\n/)) {
    if (/^[ \t]*(?:#|$)/.test(line)) continue;
    if (!line.startsWith('%')) return undefined;
    if (!DIRECTIVE.test(line)) return builtinError('yaml: found unknown directive name');
    if (line.startsWith('%YAML')) versions += 1;
    if (versions > 1) return builtinError('yaml: found duplicate %YAML directive');
  }
  return undefined;
}

/** The string that is read where `text` was written as JSON. */
export function readBack(text: string): string | BuiltinFault {
  const read = text.toWellFormed();
  if (REFUSED_IN_JSON.test(read)) return builtinError('yaml: control characters are not allowed');
  if (!read.includes('\u0085')) return read;
  if (DOCUMENT_MARK.test(read)) return builtinError('yaml: found unexpected document indicator');
  return read.replace(FOLDED, (breaks) => {
    const count = breaks.split('\u0085').length - 1;
    return count === 1 ? ' ' : '\n'.repeat(count - 1);
  });
}

/** The same of a key, which must be short and on one line. */
export function readBackKey(text: string): string | BuiltinFault {
  const isFound = !text.includes('\u0085') && !isLongKey(text);
  return isFound ? readBack(text) : builtinError("yaml: did not find expected ',' or '}'");
}

function isLongKey(text: string): boolean {
  // No character takes more than six in JSON.
  return text.length * 6 + 2 > MAX_KEY_TEXT && [...quoteJson(text)].length > MAX_KEY_TEXT;
}
