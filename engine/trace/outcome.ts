/**
 * What an evaluation that was watched has to tell: which definitions held, which did not, at which expression, with which
 * values. Plain data, ready for JSON; every list is bounded, and what is left out is counted.
 */

/** An expression of the text with its value as Rego text; undefined where it has none. Both are cut when they are long. */
export interface ShownValue {
  readonly text: string;
  readonly value: string | undefined;
}

/** A comparison with the operator as seen from `got`: `got < want`. */
export interface Comparison {
  readonly operator: string;
  readonly got: ShownValue;
  readonly want: ShownValue;
  /** Where two collections that are to be equal and too large to see it differ, one clause each. */
  readonly differences?: readonly string[];
}

/** What one expression came to with one set of values of the variables before it. */
export interface Reading {
  /** One clause: `` `input.identity.kind` is "human", not "agent" ``. */
  readonly says: string;
  /** What would have to be true for it to hold, where that can be told. */
  readonly needs: string | undefined;
  /** Both sides of a comparison; `want` is the side that is a constant, else the right one. */
  readonly comparison: Comparison | undefined;
  /** Variables, references and calls the expression is made of. */
  readonly values: readonly ShownValue[];
  /** Rules and functions it asks, as far as they decide it. */
  readonly rules: readonly RuleOutcome[];
}

/** Where an expression or definition stands; the line is one-based. */
export interface OutcomePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One expression of a body. */
export interface ExpressionOutcome extends OutcomePlace {
  /** As written, white space collapsed. */
  readonly text: string;
  /** One per way it was tried in; the first few. */
  readonly readings: readonly Reading[];
  /** How often it was tried. */
  readonly tries: number;
}

/** One definition of a rule or function. */
export interface DefinitionOutcome extends OutcomePlace {
  readonly package: string;
  readonly rule: string;
  /** The title of its METADATA. */
  readonly title: string | undefined;
  readonly outcome: 'holds' | 'fails' | 'error';
  /** Its values, or members of its set, as Rego text; the first few. */
  readonly values: readonly string[];
  /** Which `else` branch gave the value; 0 is the body itself. */
  readonly branch: number;
  /** Where it holds: its expressions with what they found. */
  readonly conditions: readonly ExpressionOutcome[];
  /** Where it fails: the first expression that failed, of its body and of each `else`. */
  readonly failures: readonly ExpressionOutcome[];
  /** Why it fails where no expression is to blame: parameters that do not match, or the error of the evaluation. */
  readonly message: string | undefined;
}

/** A rule or function with the definitions that explain its value. */
export interface RuleOutcome {
  /** As referred to: `data.shop.staff`. */
  readonly name: string;
  readonly definitions: readonly DefinitionOutcome[];
  /** Definitions that were left out. */
  readonly omitted: number;
}
