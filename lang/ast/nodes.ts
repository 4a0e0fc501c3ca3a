/**
 * The syntax tree of a policy module: one discriminated union of readonly records, told apart by `kind`.
 *
 * It must not hold parent pointers, resolved names or types: those belong to `lang/check`. A node's `span` is a half-open
 * range of UTF-16 offsets into the module's source. Names follow OPA's `ast` package and the Rego v1 grammar
 * (https://www.openpolicyagent.org/docs/policy-reference#grammar).
 */
import type { Span } from '../source.ts';

interface NodeBase {
  readonly span: Span;
}

/** A whole file. `comments` are in source order and include those that form METADATA blocks. */
export interface Module extends NodeBase {
  readonly kind: 'Module';
  readonly package: Package;
  readonly imports: readonly Import[];
  readonly rules: readonly Rule[];
  readonly comments: readonly Comment[];
}

/** `package a.b["c"]`: the path without the implied `data`. */
export interface Package extends NodeBase {
  readonly kind: 'Package';
  readonly path: readonly string[];
}

/** `import data.a.b as c`, `import input.x`, `import rego.v1`, `import future.keywords.not`. */
export interface Import extends NodeBase {
  readonly kind: 'Import';
  /** First element is `data`, `input`, `rego` or `future`. */
  readonly path: readonly string[];
  readonly alias: Var | undefined;
}

export interface Comment extends NodeBase {
  readonly kind: 'Comment';
  /** The text after `#`, unchanged. */
  readonly text: string;
}

/**
 * One definition of a rule. `else` branches hang on the definition they belong to.
 * - complete: `p := v if body` (`value` absent in the text means the constant `true`)
 * - partial set: `p contains k if body`
 * - function: `f(args) := v if body`
 * - general ref heads: `a.b[x].c := v`, `a[x] contains y`, and `p[x] if body` (= `p[x] := true`)
 * - default: `default p := v`, `default f(_) := v`
 */
export interface Rule extends NodeBase {
  readonly kind: 'Rule';
  readonly isDefault: boolean;
  readonly head: RuleHead;
  /** Undefined where the text has no body: the rule is then unconditional. */
  readonly body: Body | undefined;
  readonly else: readonly ElseBranch[];
}

export interface RuleHead extends NodeBase {
  readonly kind: 'RuleHead';
  /** The head reference, its first element a `Var` naming the rule; never empty. */
  readonly ref: Ref;
  /** Function parameters; undefined for a rule that is no function. */
  readonly params: readonly Term[] | undefined;
  /** The member term of `contains`. */
  readonly contains: Term | undefined;
  /** The value after `:=` or `=`. */
  readonly value: Term | undefined;
  /** Which sign the value was written with; undefined without a value. */
  readonly assign: ':=' | '=' | undefined;
}

export interface ElseBranch extends NodeBase {
  readonly kind: 'ElseBranch';
  readonly value: Term | undefined;
  readonly assign: ':=' | '=' | undefined;
  readonly body: Body | undefined;
}

/** A conjunction of literals; never empty when it comes from a parsed `{ ... }`. */
export interface Body extends NodeBase {
  readonly kind: 'Body';
  readonly literals: readonly Literal[];
}

/** One statement of a body with its `with` modifiers, outermost first. */
export interface Literal extends NodeBase {
  readonly kind: 'Literal';
  readonly expr: Expr;
  readonly with: readonly With[];
}

/** `with input.user as "bob"`, `with data.x as y`, `with count as mock`. */
export interface With extends NodeBase {
  readonly kind: 'With';
  readonly target: Ref;
  readonly value: Term;
}

export type Expr = TermExpr | Assign | Unify | SomeDecl | SomeIn | Every | Not | Logical;

/** A bare term, call or comparison: true when defined and not `false`. */
export interface TermExpr extends NodeBase {
  readonly kind: 'TermExpr';
  readonly term: Term;
}

/** `target := value`; the target is a variable or an array/object pattern. */
export interface Assign extends NodeBase {
  readonly kind: 'Assign';
  readonly target: Term;
  readonly value: Term;
}

/** `left = right`: unification. */
export interface Unify extends NodeBase {
  readonly kind: 'Unify';
  readonly left: Term;
  readonly right: Term;
}

/** `some x, y`. */
export interface SomeDecl extends NodeBase {
  readonly kind: 'SomeDecl';
  readonly names: readonly Var[];
}

/** `some v in xs`, `some k, v in xs`. */
export interface SomeIn extends NodeBase {
  readonly kind: 'SomeIn';
  readonly key: Term | undefined;
  readonly value: Term;
  readonly collection: Term;
}

/** `every v in xs { body }`, `every k, v in xs { body }`. */
export interface Every extends NodeBase {
  readonly kind: 'Every';
  readonly key: Term | undefined;
  readonly value: Term;
  readonly domain: Term;
  readonly body: Body;
}

/**
 * `not expr` (a body of one literal, `braces` false) or `not { body }` (`braces` true; needs `import future.keywords.not`).
 */
export interface Not extends NodeBase {
  readonly kind: 'Not';
  readonly braces: boolean;
  readonly body: Body;
}

/** `a and b`, `a or b` (need their `future.keywords` imports). */
export interface Logical extends NodeBase {
  readonly kind: 'Logical';
  readonly operator: 'and' | 'or';
  readonly left: Body;
  readonly right: Body;
}

export type Term =
  | Null
  | BooleanLiteral
  | NumberLiteral
  | StringLiteral
  | TemplateString
  | Var
  | Ref
  | ArrayTerm
  | ObjectTerm
  | SetTerm
  | ArrayComprehension
  | SetComprehension
  | ObjectComprehension
  | Call
  | Infix
  | Membership;

export interface Null extends NodeBase {
  readonly kind: 'Null';
}
export interface BooleanLiteral extends NodeBase {
  readonly kind: 'Boolean';
  readonly value: boolean;
}
/** A number as written; the engine gives it a value. A leading minus is part of the literal. */
export interface NumberLiteral extends NodeBase {
  readonly kind: 'Number';
  readonly text: string;
}
/** A string after escapes are resolved; `raw` tells back-tick from quote. */
export interface StringLiteral extends NodeBase {
  readonly kind: 'String';
  readonly value: string;
  readonly raw: boolean;
}
/** `$"text {expr}"`: string pieces (after escapes) and embedded expressions in order. */
export interface TemplateString extends NodeBase {
  readonly kind: 'TemplateString';
  readonly raw: boolean;
  readonly parts: readonly (StringLiteral | TemplateExpr)[];
}
/** One `{expr}` of a template: a single literal (it may carry `with`). */
export interface TemplateExpr extends NodeBase {
  readonly kind: 'TemplateExpr';
  readonly literal: Literal;
}
/** A name; `_` is a wildcard, every occurrence of which is a variable of its own. */
export interface Var extends NodeBase {
  readonly kind: 'Var';
  readonly name: string;
}
/** `head.a["b"][x]`; the head is a variable, a call, or a composite literal or comprehension. `path` is never empty,
 *  except in a rule head or a `with` target, where a lone name is a `Ref` with an empty path too. */
export interface Ref extends NodeBase {
  readonly kind: 'Ref';
  readonly head: Term;
  readonly path: readonly RefSegment[];
}
/** One step of a reference; `.name` is a `String` term with style `dot`. */
export interface RefSegment extends NodeBase {
  readonly kind: 'RefSegment';
  readonly style: 'dot' | 'bracket';
  readonly term: Term;
}
export interface ArrayTerm extends NodeBase {
  readonly kind: 'Array';
  readonly items: readonly Term[];
}
export interface ObjectTerm extends NodeBase {
  readonly kind: 'Object';
  readonly entries: readonly ObjectEntry[];
}
export interface ObjectEntry extends NodeBase {
  readonly kind: 'ObjectEntry';
  readonly key: Term;
  readonly value: Term;
}
/** `{1, 2}`; `set()` is the one with no items. */
export interface SetTerm extends NodeBase {
  readonly kind: 'Set';
  readonly items: readonly Term[];
}
export interface ArrayComprehension extends NodeBase {
  readonly kind: 'ArrayComprehension';
  readonly term: Term;
  readonly body: Body;
}
export interface SetComprehension extends NodeBase {
  readonly kind: 'SetComprehension';
  readonly term: Term;
  readonly body: Body;
}
export interface ObjectComprehension extends NodeBase {
  readonly kind: 'ObjectComprehension';
  readonly key: Term;
  readonly value: Term;
  readonly body: Body;
}
/** `f(x)`, `a.b.f(x)`; an output argument is an ordinary last argument here. */
export interface Call extends NodeBase {
  readonly kind: 'Call';
  /** A reference of a variable and dot segments; a lone name has an empty path. */
  readonly operator: Ref;
  readonly args: readonly Term[];
}
export type InfixOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '&'
  | '|'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>=';
export interface Infix extends NodeBase {
  readonly kind: 'Infix';
  readonly operator: InfixOperator;
  readonly left: Term;
  readonly right: Term;
}
/** `v in xs`, `k, v in xs` (the latter only inside parentheses or as a call argument where it is unambiguous). */
export interface Membership extends NodeBase {
  readonly kind: 'Membership';
  readonly key: Term | undefined;
  readonly value: Term;
  readonly collection: Term;
}

/** Every node there is. */
export type Node =
  | Module
  | Package
  | Import
  | Comment
  | Rule
  | RuleHead
  | ElseBranch
  | Body
  | Literal
  | With
  | Expr
  | Term
  | TemplateExpr
  | RefSegment
  | ObjectEntry;
