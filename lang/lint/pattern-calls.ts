/**
 * Which builtins take a pattern, and where. Read by rules about patterns; it matches nothing.
 */

/** Builtin → index of the argument that is its pattern, regular expressions and globs. */
export const PATTERN_ARGUMENT: ReadonlyMap<string, number> = new Map([
  ['regex.match', 0],
  ['regex.is_valid', 0],
  ['regex.split', 0],
  ['regex.find_n', 0],
  ['regex.find_all_string_submatch_n', 0],
  ['regex.replace', 1],
  ['glob.match', 0],
]);

/** Whether the builtin's pattern is a regular expression that must be one. */
export function takesRegex(name: string): boolean {
  return name.startsWith('regex.') && name !== 'regex.is_valid';
}
