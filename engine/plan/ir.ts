/**
 * The plan of a policy set: what the rules do as steps on registers, in the order they are done. Bodies are ordered and their
 * variables' bindings known (`lang/check`), so nothing is searched for at run time but the elements of collections.
 *
 * A block is a list of steps. What follows a `scan` is done for each of its elements; a step that fails goes on with the next
 * element of the innermost scan around it, or ends the block. A `yield` is a solution.
 *
 * Domains: `any` is what may be plain data of the host (the input), unconverted, or a value; `value` is surely a value.
 */
import type { InfixOperator } from '../../lang/ast/nodes.ts';
import type { CheckedRule } from '../../lang/check/checked.ts';
import type { Span } from '../../lang/source.ts';
import type { ConstantPlace } from '../interpret/constant-places.ts';
import type { RuleNode } from '../interpret/rule-tree.ts';
import type { Mock } from '../interpret/world.ts';
import type { Value } from '../value/value.ts';

export type Domain = 'any' | 'value';

export interface Register {
  readonly kind: 'register';
  readonly id: number;
  readonly domain: Domain;
  /** The variable it holds, for readers of the plan. */
  readonly name: string | undefined;
  /** Of a parameter, which holds a constant of whichever rule it stands for: what is known of all of these, as of a constant. */
  readonly holds?: 'identity' | 'exact';
}

export interface Constant {
  readonly kind: 'constant';
  readonly value: Value;
}

export type Operand = Register | Constant;

/** A register that holds the documents and rules something is evaluated against; 0 is the caller's. */
export type WorldId = number;

/** Where in the text a step comes from; `rule` is undefined in a query. */
export interface Site {
  readonly rule: CheckedRule | undefined;
  readonly span: Span;
}

export type Comparison = Extract<InfixOperator, '==' | '!=' | '<' | '<=' | '>' | '>='>;

/** What computes a register. Those of `MAY_BE_UNDEFINED` (emit) can have no value: the step then fails. */
export type Expr =
  | { readonly kind: 'operand'; readonly operand: Operand }
  /** The input at a path of names. */
  | { readonly kind: 'input'; readonly world: WorldId; readonly names: readonly string[] }
  /** Base data at a path no rule stands at. */
  | { readonly kind: 'base'; readonly world: WorldId; readonly names: readonly string[] }
  | { readonly kind: 'member'; readonly of: Operand; readonly key: Operand }
  /** An item of an array of known length. */
  | { readonly kind: 'item'; readonly of: Operand; readonly index: number }
  /** The value of a key of what is known to be an object. */
  | { readonly kind: 'entry'; readonly of: Operand; readonly key: Operand }
  | { readonly kind: 'rule'; readonly world: WorldId; readonly group: number }
  /** A partial group's document as far as it lies below the keys. */
  | {
      readonly kind: 'partial';
      readonly world: WorldId;
      readonly group: number;
      readonly keys: readonly Operand[];
    }
  /** A place of the rule tree that is known only at run time: the root, a child of another, the document there. */
  | { readonly kind: 'root'; readonly world: WorldId; readonly rest: readonly Operand[] }
  | {
      readonly kind: 'child';
      readonly world: WorldId;
      readonly of: Register;
      readonly key: Operand;
      readonly rest: readonly Operand[];
    }
  | { readonly kind: 'document'; readonly world: WorldId; readonly of: Register }
  | CallExpr
  | { readonly kind: 'array'; readonly items: readonly Operand[] }
  | { readonly kind: 'set'; readonly items: readonly Operand[] }
  /** Keys and values alternate. */
  | { readonly kind: 'object'; readonly flat: readonly Operand[] }
  | {
      readonly kind: 'compare';
      readonly operator: Comparison;
      readonly left: Operand;
      readonly right: Operand;
    }
  /** `[value, collection]` or `[key, value, collection]`. */
  | { readonly kind: 'membership'; readonly args: readonly Operand[] }
  | {
      readonly kind: 'comprehension';
      readonly form: 'array' | 'set' | 'object';
      readonly block: Block;
      readonly site: Site;
    }
  | { readonly kind: 'template'; readonly parts: readonly (string | Block)[]; readonly site: Site };

export interface CallExpr {
  readonly kind: 'call';
  readonly world: WorldId;
  readonly callee: PlannedCallee;
  readonly args: readonly Operand[];
  readonly site: Site;
  /** A `with` of the set may replace what is called. */
  readonly mockable: boolean;
  /** The same arguments have the same result throughout an evaluation: nothing is known of builtins of the host. */
  readonly pure: boolean;
}

export type PlannedCallee =
  | { readonly kind: 'builtin'; readonly name: string }
  | { readonly kind: 'function'; readonly path: readonly string[]; readonly group: number };

export type Test =
  | {
      readonly kind: 'compare';
      readonly operator: Comparison;
      readonly left: Operand;
      readonly right: Operand;
    }
  /** Neither false nor undefined. */
  | { readonly kind: 'holds'; readonly operand: Operand }
  /** Of a value that several rules share: it is read where the first of them needs it. */
  | { readonly kind: 'defined'; readonly operand: Operand }
  | { readonly kind: 'membership'; readonly args: readonly Operand[] }
  | { readonly kind: 'isArray'; readonly operand: Operand; readonly length: number }
  | { readonly kind: 'isObject'; readonly operand: Operand; readonly size: number }
  | { readonly kind: 'not'; readonly block: Block }
  | {
      readonly kind: 'logical';
      readonly operator: 'and' | 'or';
      readonly left: Block;
      readonly right: Block;
    }
  /** The block yields for each element of the domain. */
  | {
      readonly kind: 'every';
      readonly domain: Operand;
      readonly key: Register | undefined;
      readonly value: Register;
      readonly block: Block;
    };

export type Step =
  | { readonly kind: 'let'; readonly to: Register; readonly expr: Expr; readonly at: Span }
  | { readonly kind: 'test'; readonly test: Test; readonly at: Span }
  /** The members of a collection in order, or the results of a relation. */
  | {
      readonly kind: 'scan';
      readonly of: Operand;
      readonly key: Register | undefined;
      readonly value: Register | undefined;
      readonly at: Span;
    }
  | {
      readonly kind: 'results';
      readonly call: CallExpr;
      readonly value: Register;
      readonly at: Span;
    }
  /** The children of a place of the rule tree. */
  | {
      readonly kind: 'children';
      readonly world: WorldId;
      readonly of: Register;
      readonly key: Register;
      readonly child: Register;
      readonly rest: readonly Operand[];
      readonly at: Span;
    }
  | {
      readonly kind: 'world';
      readonly to: WorldId;
      readonly from: WorldId;
      readonly changes: readonly Change[];
      readonly site: Site;
      readonly at: Span;
    }
  /** Of a rule that is watched: a literal of its body begins, with these variables bound. */
  | {
      readonly kind: 'mark';
      /** Its place among the literals; behind the last of them, what the head says is computed. */
      readonly literal: number;
      readonly variables: readonly string[];
      readonly operands: readonly Operand[];
      readonly at: Span;
    }
  | { readonly kind: 'print'; readonly args: readonly Block[]; readonly at: Span }
  | { readonly kind: 'fail'; readonly at: Span }
  | { readonly kind: 'yield'; readonly operands: readonly Operand[]; readonly at: Span };

/** What a `with` replaces. */
export type Change =
  | { readonly kind: 'input'; readonly path: readonly Operand[]; readonly value: Operand }
  | { readonly kind: 'data'; readonly path: readonly Operand[]; readonly value: Operand }
  | { readonly kind: 'constantMock'; readonly name: string; readonly value: Operand }
  | { readonly kind: 'mock'; readonly name: string; readonly mock: Mock };

export interface Block {
  readonly steps: readonly Step[];
}

/** A body with its value, or an `else` branch with its own. */
export interface Attempt {
  readonly block: Block;
  readonly branch: number;
}

/** One definition of a rule. */
export interface PlannedRule {
  readonly rule: CheckedRule;
  readonly params: readonly Register[];
  /** Of a partial rule one, which yields keys and value; otherwise the body and its `else` branches, which yield the value. */
  readonly attempts: readonly Attempt[];
  /** Yields at most once: no step of it is a scan. */
  readonly single: boolean;
}

/** All definitions of one place: what is remembered as one result. */
export interface Group {
  readonly index: number;
  readonly node: RuleNode;
  readonly kind: 'complete' | 'partial' | 'function';
  readonly rules: readonly PlannedRule[];
  /** Definitions that hold where no other does; one at most, but for partial groups. */
  readonly fallbacks: readonly PlannedRule[];
  /** The first definition that holds decides: all have one constant value. */
  readonly firstDecides: boolean;
  /** Of a partial group: definitions by the number of keys given, those without keys first. */
  readonly keyed: readonly (readonly PlannedRule[])[];
  readonly isSet: boolean;
  readonly places: readonly ConstantPlace[];
  /** How many keys a reference can give at most. */
  readonly longest: number;
  /** Why the reference interpreter evaluates this group; undefined for all but a few. */
  readonly interpreted: string | undefined;
  readonly arity: number;
}

/** A whole policy set, or a query against one. */
export interface Program {
  readonly groups: readonly Group[];
  readonly byPath: ReadonlyMap<string, number>;
}
