/**
 * The lowered form of bodies: every call is a step of its own, every name is resolved, every local is unique. Safety, negation,
 * recursion and call checks run on it; `raise.ts` turns it back into syntax.
 *
 * It must not leave `lang/check`. The steps are those OPA's compiler makes before it checks safety, because which bodies are
 * safe, and what `not` negates, is defined by that form
 * (https://www.openpolicyagent.org/docs/policy-language#negation).
 */
import type {
  ArrayTerm,
  BooleanLiteral,
  InfixOperator,
  Literal,
  Null,
  NumberLiteral,
  ObjectEntry,
  ObjectTerm,
  Ref,
  SetTerm,
  StringLiteral,
} from '../ast/nodes.ts';
import type { Span } from '../source.ts';

export type Scalar = Null | BooleanLiteral | NumberLiteral | StringLiteral;

export type LoweredTerm =
  | { readonly kind: 'scalar'; readonly span: Span; readonly node: Scalar }
  | LoweredVar
  | LoweredRef
  | {
      readonly kind: 'array';
      readonly span: Span;
      readonly items: readonly LoweredTerm[];
      /** What it was in the text, which raising gives back where nothing in it became something else. */
      readonly written?: ArrayTerm;
    }
  | {
      readonly kind: 'set';
      readonly span: Span;
      readonly items: readonly LoweredTerm[];
      readonly written?: SetTerm;
    }
  | {
      readonly kind: 'object';
      readonly span: Span;
      readonly entries: readonly LoweredEntry[];
      readonly written?: ObjectTerm;
    }
  | LoweredComprehension;

export interface LoweredVar {
  readonly kind: 'var';
  readonly span: Span;
  readonly name: string;
}

/** The head is always a variable: `data`, `input`, a local, or a generated name. */
export interface LoweredRef {
  readonly kind: 'ref';
  readonly span: Span;
  readonly head: LoweredVar;
  readonly path: readonly LoweredSegment[];
  /** What it was in the text, if all steps of its path are constants. */
  readonly written?: Ref;
}

export interface LoweredSegment {
  readonly style: 'dot' | 'bracket';
  readonly span: Span;
  readonly term: LoweredTerm;
}

export interface LoweredEntry {
  readonly span: Span;
  readonly key: LoweredTerm;
  readonly value: LoweredTerm;
  readonly written?: ObjectEntry;
}

/** Array, set or object comprehension; `key` only for the last. The body is replaced when it is ordered. */
export interface LoweredComprehension {
  readonly kind: 'comprehension';
  readonly span: Span;
  readonly shape: 'array' | 'set' | 'object';
  readonly key: LoweredTerm | undefined;
  readonly term: LoweredTerm;
  body: Step[];
}

export interface LoweredWith {
  readonly span: Span;
  /** Head `data`, `input`, or the first part of a builtin's name. */
  readonly target: LoweredRef;
  readonly value: LoweredTerm;
  /** The value is a function, put in the place of a function. */
  replacesFunction: boolean;
}

/** How a call was written. */
export type CallShape =
  | { readonly kind: 'call' }
  | { readonly kind: 'infix'; readonly operator: InfixOperator }
  | { readonly kind: 'member' }
  /**
   * Arguments are the pieces in order. A piece that may be undefined is a set comprehension around it, so that the template
   * still has a value: that is how OPA runs it, and which variables are safe follows from it. `print` does the same.
   */
  | { readonly kind: 'template'; readonly raw: boolean }
  | { readonly kind: 'print' };

export type StepForm =
  | { readonly kind: 'term'; term: LoweredTerm }
  | {
      readonly kind: 'eq';
      left: LoweredTerm;
      right: LoweredTerm;
      /** `:=`, whose left side only receives. */
      readonly assign: boolean;
      /** Set where the text was `some k, v in xs`. */
      readonly some:
        | {
            readonly key: LoweredTerm | undefined;
            readonly value: LoweredTerm;
            readonly collection: LoweredTerm;
          }
        | undefined;
    }
  | {
      readonly kind: 'call';
      readonly shape: CallShape;
      /** `data` path of a user function, or the parts of a builtin's name. */
      readonly callee: LoweredCallee;
      args: LoweredTerm[];
      /** Receives the result where the call stood inside a term. */
      readonly output: LoweredVar | undefined;
    }
  | {
      readonly kind: 'every';
      readonly key: LoweredVar | undefined;
      readonly value: LoweredVar;
      readonly domain: LoweredTerm;
      body: Step[];
    }
  | { readonly kind: 'not'; readonly braces: boolean; body: Step[] }
  | {
      readonly kind: 'logical';
      readonly operator: 'and' | 'or';
      readonly left: LogicalOperand;
      readonly right: LogicalOperand;
    };

export interface LogicalOperand {
  readonly span: Span;
  /** Written with braces: a scope of its own. */
  readonly braces: boolean;
  body: Step[];
}

export interface LoweredCallee {
  readonly kind: 'builtin' | 'function' | 'unknown';
  /** The name as reported and, for a builtin, looked up. */
  readonly name: string;
  /** Path of a function below `data`; the parts of the name otherwise. */
  readonly path: readonly string[];
  readonly span: Span;
}

export interface Step {
  readonly span: Span;
  form: StepForm;
  readonly with: readonly LoweredWith[];
  /** OPA's legacy `not`: what it negates is this step alone. */
  readonly negated: boolean;
  /** The variable this step was made to fill, if it stands for a part of another step. */
  readonly generated: string | undefined;
  /** The statement it came from; undefined for what came from a head. */
  readonly origin: Literal | undefined;
  /** Which variables it binds where it stands; filled when the body is ordered. */
  outputs: ReadonlySet<string> | undefined;
  /** Must stay a statement of its own: OPA takes it out of a negation. */
  readonly pinned: boolean;
}

/** A rule (or one `else` branch) in lowered form. */
export interface LoweredBranch {
  readonly value: LoweredTerm | undefined;
  readonly params: readonly LoweredTerm[] | undefined;
  readonly contains: LoweredTerm | undefined;
  /** The head's reference after its name. */
  readonly path: readonly LoweredSegment[];
  body: Step[];
}
