/**
 * The one closed table of diagnostic codes: family, name, and the sentence that documents it. A code is never reused for
 * another meaning. docs/diagnostics.md is generated from it.
 */

export const DIAGNOSTIC_CODES = {
  'parse/unexpected-token': 'The parser met a token that cannot stand here.',
  'parse/limit': 'The source is larger or deeper than the parser accepts.',
  'check/unsafe-var': 'A variable has no value where it is used, in any order of the body.',
} as const satisfies Readonly<
  Record<`${'parse' | 'check' | 'type' | 'refused'}/${string}`, string>
>;

export type DiagnosticCode = keyof typeof DIAGNOSTIC_CODES;
