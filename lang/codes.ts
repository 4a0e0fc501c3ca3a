/**
 * The one closed table of diagnostic codes: family, name, and the sentence that documents it. A code is never reused for
 * another meaning. docs/diagnostics.md is generated from it.
 */

export const DIAGNOSTIC_CODES = {
  'parse/unexpected-token': 'The parser met a token that cannot stand here.',
  'parse/limit':
    'The source is larger or deeper than the parser accepts, or has more faults than are listed.',
  'parse/invalid-character': 'A character that no policy may hold stands in the source.',
  'parse/hidden-text': 'A direction control character makes the source read otherwise than it is.',
  'parse/invalid-literal': 'A string or number is not well formed.',
  'parse/invalid-reference': 'A reference begins with, or contains, what cannot be part of one.',
  'parse/invalid-pattern':
    'Something other than a plain name stands where only a name can be bound.',
  'parse/ambiguous-operand': 'An operand of `and`, `or` or `not` can be read in two ways.',
  'parse/invalid-template': 'A template string embeds something that has no value.',
  'parse/invalid-import': 'An import names nothing that can be imported.',
  'parse/invalid-rule': 'A rule is put together in a way the language does not have.',
  'parse/missing-package': 'The file does not begin with a package declaration.',
  'refused/v0-syntax':
    'The rule is written in the syntax before Rego v1, without `if` or `contains`.',
  'check/unsafe-var': 'A variable has no value where it is used, in any order of the body.',
  'check/limit': 'There are more faults than are listed.',
  'check/redeclared-var': 'A variable is declared where it is known already.',
  'check/unused-var': 'A variable is declared with `some` or `every` and never used.',
  'check/undeclared-var': 'A piece of a template string or `print` names a variable nothing binds.',
  'check/shadowed-document': 'A rule, parameter or variable is named `input` or `data`.',
  'check/shadowed-function': 'What is called is hidden by a local variable.',
  'check/assign-target': 'The left side of `:=` cannot receive a value.',
  'check/assign-in-operand': 'A negation or operand without braces assigns a variable.',
  'check/negated-statement': 'A statement that cannot be negated stands after `not`.',
  'check/every-pattern': 'Something other than a variable stands before `in` of `every`.',
  'check/parameter': 'A function parameter has a form that no argument can be matched against.',
  'check/template-expression': 'A template string holds what has no single value.',
  'check/duplicate-import': 'Two imports have the same name.',
  'check/rule-conflict': 'Two rules, or a rule and a package, cannot stand beside each other.',
  'check/recursion': 'A rule depends on its own result.',
  'check/unknown-function': 'Something is called that is neither a function nor a builtin.',
  'check/arity': 'A function is called with a wrong number of arguments.',
  'check/void-value': 'The result of a builtin that yields none is used.',
  'check/with-target': '`with` replaces what cannot be replaced, or by what cannot stand there.',
  'check/metadata': 'A METADATA block cannot be read, or stands where it describes nothing.',
  'refused/network': 'A builtin of OPA that asks the network; decisions must be replayable.',
  'refused/host-state': 'A builtin of OPA that reads the state of its host.',
  'refused/random': 'A builtin of OPA that gives random values.',
  'refused/clock': 'A builtin of OPA that reads the clock.',
  'refused/signing': 'A builtin of OPA that signs; policies hold no keys.',
  'refused/graphql': 'A builtin of OPA that parses GraphQL.',
  'refused/parse-module': 'A builtin of OPA that parses policies.',
  'refused/output-pattern':
    'A function with several definitions is called with a pattern for its result; OPA has no stable answer.',
  'refused/deprecated': 'A builtin that OPA 1.x itself refuses.',
  'type/match': 'Two sides are compared or unified that can never be equal.',
  'type/argument': 'An argument or a result has a type its function never takes or gives.',
  'type/arity': 'A function is put in the place of one with another number of arguments.',
  'type/undefined-field': 'A reference names a field or member that the value before it never has.',
  'type/function-value': 'A function stands where a value is needed.',
  'lint/limit': 'There are more findings in a file than are listed.',
  'check/data-syntax': 'A data document cannot be read, or its root is not an object.',
  'check/data-conflict': 'Two data documents, or a document and a rule, define the same place.',
} as const satisfies Readonly<
  Record<`${'parse' | 'check' | 'type' | 'refused' | 'lint'}/${string}`, string>
>;

export type DiagnosticCode = keyof typeof DIAGNOSTIC_CODES;

/** `lint/<category>/<rule>`: documented by the page of the rule, docs/lint/<category>/<rule>.md. */
export type LintCode = `lint/${string}/${string}`;
