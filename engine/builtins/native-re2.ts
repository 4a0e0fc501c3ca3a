/**
 * RE2 itself, through the package `re2`, for those who installed it beside the engine: it tests a text against a pattern several times
 * faster. Whether a pattern compiles, and where its matches lie, is never decided here, so that results are the same without it.
 */
import { createRequire } from 'node:module';

/** A compiled pattern of the package. */
export interface NativePattern {
  test(subject: string): boolean;
}

export type NativeRe2 = new (source: string, flags: string) => NativePattern;

/**
 * Patterns that mean the same in both dialects, of which the package reads JavaScript's: ASCII without POSIX classes, groups without
 * names, no escapes but of punctuation and of the classes RE2 knows.
 */
const SHARED_DIALECT =
  /^(?:\(\?[is]+\))?(?:[ -')-Z\]-~]|\((?!\?)|\(\?:|\[(?!:)|\\[dDwWsSbB.\\/^$*+?()[\]{}|-])*$/;

/** The constructor the package exports; undefined where it is not installed or cannot be loaded. */
export function loadNativeRe2(
  load: (name: string) => unknown = createRequire(import.meta.url),
): NativeRe2 | undefined {
  try {
    const found = load('re2');
    return typeof found === 'function' ? (found as NativeRe2) : undefined;
  } catch {
    // Not installed, or built for another Node: the portable implementation does the same.
    return undefined;
  }
}

/** The native form of a pattern; undefined where the dialects might differ. */
export function nativePattern(native: NativeRe2, source: string): NativePattern | undefined {
  if (!SHARED_DIALECT.test(source)) return undefined;
  try {
    return new native(source, 'u');
  } catch {
    // The package reads less than RE2 does: `u` refuses some escapes.
    return undefined;
  }
}
