/** The words of the language that no rule or variable is called by. */
export const KEYWORD_NAMES: readonly string[] = [
  'as',
  'contains',
  'default',
  'else',
  'every',
  'false',
  'if',
  'import',
  'in',
  'not',
  'null',
  'package',
  'some',
  'true',
  'with',
];
