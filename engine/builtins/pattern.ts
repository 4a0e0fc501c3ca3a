/**
 * Regular expressions with RE2's syntax and linear time (Go's `regexp`), tested by the native RE2 where it is installed. A pattern that
 * does not compile is a fault, and the fault is cached like a pattern.
 */
import { RE2JS } from 're2js';
import { type BuiltinFault, builtinError, isFault } from '../value/fault.ts';
import type { BoundedCache } from './bounded-cache.ts';
import { loadNativeRe2, type NativeRe2, nativePattern } from './native-re2.ts';
import { translatePattern } from './pattern-dialect.ts';

/** A pattern that matches in time linear in its subject. */
export interface LinearPattern extends Pick<RE2JS, 'matcher' | 'pattern'> {
  /** Numbers of the groups of a name, in order. */
  groupsNamed(name: string): readonly number[];
  test(subject: string): boolean;
}
export type CompiledPattern = LinearPattern | BuiltinFault;

/** Characters of a pattern; longer ones are refused before they are compiled. */
export const MAX_PATTERN_LENGTH = 10_000;

/** Loaded with the engine: a decision opens no files. */
const NATIVE = loadNativeRe2();

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

/** Compiles a pattern; without `native` it is tested by the portable implementation. */
export function compile(pattern: string, native: NativeRe2 | undefined = NATIVE): CompiledPattern {
  if (pattern.length > MAX_PATTERN_LENGTH) {
    return builtinError(`pattern exceeds the limit of ${MAX_PATTERN_LENGTH} characters`);
  }
  try {
    const { pattern: dialect, groups } = translatePattern(pattern);
    return linearPattern(pattern, RE2JS.compile(dialect), groups, native);
  } catch (error) {
    // The only way re2js reports a malformed pattern.
    const reason = error instanceof Error ? error.message : String(error);
    return builtinError(reason.replace(/^RE2JSSyntaxException: /, ''));
  }
}

/** A string with bytes that are no UTF-8 is beyond the native implementation, which would replace them. */
function linearPattern(
  source: string,
  portable: RE2JS,
  groups: ReadonlyMap<string, readonly number[]>,
  native: NativeRe2 | undefined,
): LinearPattern {
  const fast = native && nativePattern(native, source);
  return {
    matcher: (subject) => portable.matcher(subject),
    groupsNamed: (name) => groups.get(name) ?? [],
    pattern: () => source,
    test:
      fast === undefined
        ? (subject) => portable.test(subject)
        : (subject) => (subject.isWellFormed() ? fast.test(subject) : portable.test(subject)),
  };
}
