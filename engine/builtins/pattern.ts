/**
 * Regular expressions with RE2's syntax and linear time (Go's `regexp`). A pattern that does not compile is a fault, and the fault
 * is cached like a pattern.
 */
import { RE2JS } from 're2js';
import { type BuiltinFault, builtinError, isFault } from '../value/fault.ts';
import type { BoundedCache } from './bounded-cache.ts';

/** A pattern that matches in time linear in its subject. */
export type LinearPattern = RE2JS;
export type CompiledPattern = LinearPattern | BuiltinFault;

/** Characters of a pattern; longer ones are refused before they are compiled. */
export const MAX_PATTERN_LENGTH = 10_000;

/** Compiles once per cache. */
export function compilePattern(
  cache: BoundedCache<CompiledPattern>,
  pattern: string,
): CompiledPattern {
  return cache.obtain(pattern, () => compile(pattern));
}

/** Compiles the expression `translate` makes of `source`, cached under `source`. */
export function compileTranslated(
  cache: BoundedCache<CompiledPattern>,
  source: string,
  translate: () => string | BuiltinFault,
): CompiledPattern {
  return cache.obtain(source, () => {
    const pattern = translate();
    return isFault(pattern) ? pattern : compile(pattern);
  });
}

function compile(pattern: string): CompiledPattern {
  if (pattern.length > MAX_PATTERN_LENGTH) {
    return builtinError(`pattern exceeds the limit of ${MAX_PATTERN_LENGTH} characters`);
  }
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    // The only way re2js reports a malformed pattern.
    const reason = error instanceof Error ? error.message : String(error);
    return builtinError(reason.replace(/^RE2JSSyntaxException: /, ''));
  }
}
