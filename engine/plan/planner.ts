/**
 * How the parts of planning call one another. Each part is a file of functions that know only this interface;
 * make-planner.ts puts them together.
 */
import type {
  Body,
  Call,
  Literal,
  Ref,
  Expr as SyntaxExpr,
  Term,
  With,
} from '../../lang/ast/nodes.ts';
import type { Callee, CheckedRule } from '../../lang/check/checked.ts';
import type { Span } from '../../lang/source.ts';
import type { RuleNode } from '../interpret/rule-tree.ts';
import type { TermFactTable } from '../interpret/term-facts.ts';
import { exprKey } from './expr-key.ts';
import type { Block, Domain, Expr, Operand, Register, Site, Step, Test, WorldId } from './ir.ts';
import { LayeredNames } from './layered-names.ts';

/** What planning knows of the set. */
export interface PlanContext {
  readonly tree: RuleNode;
  readonly facts: TermFactTable;
  readonly calleeOf: (call: Call) => Callee | undefined;
  /** Number of arguments without an output; undefined for what is not known. */
  readonly arityOf: (callee: Callee) => number | undefined;
  readonly isRelation: (name: string) => boolean;
  readonly isBuiltin: (name: string) => boolean;
  /** A builtin of the embedding program. */
  readonly isOfHost: (name: string) => boolean;
  /** True when a `with` may put something in the place of a function. */
  readonly isMocked: (name: string) => boolean;
  /** True when a `with` may replace what lies at, above or below a path of data. */
  readonly isOverlaid: (path: readonly string[]) => boolean;
  readonly groupOf: (node: RuleNode) => number;
  /** The domain of the value of a group. */
  readonly domainOf: (group: number) => Domain;
  /** Notes that a partial group is asked for with so many keys. */
  readonly wantKeys: (group: number | 'unknown', keys: number) => void;
}

/** Numbers registers and worlds of one function. */
export interface Numbering {
  registers: number;
  worlds: number;
}

/** The state of planning one body, in which steps collect. */
export interface Planner {
  readonly context: PlanContext;
  readonly numbering: Numbering;
  readonly rule: CheckedRule | undefined;
  /** What is bound here, by name of the variable. */
  readonly bound: LayeredNames<Operand>;
  readonly steps: Step[];
  /** What is computed already, by the text of its expression. */
  readonly computed: LayeredNames<Register>;
  /** Literals of the body are marked where they begin; those of blocks inside are not. */
  readonly isWatched: boolean;
  world: WorldId;
  at: Span;
  readonly parts: PlannerParts;
}

export interface PlannerParts {
  /** Plans a term; steps that give it several values come before what uses it. */
  readonly term: (p: Planner, term: Term) => Operand;
  readonly list: (p: Planner, terms: readonly Term[]) => readonly Operand[];
  readonly ref: (p: Planner, ref: Ref) => Operand;
  readonly match: (p: Planner, pattern: Term, value: Operand) => void;
  readonly unify: (p: Planner, left: Term, right: Term) => void;
  readonly body: (p: Planner, body: Body | undefined) => void;
  readonly literal: (p: Planner, literal: Literal) => void;
  readonly expr: (p: Planner, expr: SyntaxExpr) => void;
  readonly closure: (p: Planner, term: Term) => Operand;
  readonly call: (p: Planner, term: Call, args: readonly Operand[]) => Operand;
  readonly overlay: (p: Planner, modifiers: readonly With[]) => void;
}

/** Thrown for the few constructs that the reference interpreter evaluates instead; caught per group. */
export class Unplannable extends Error {}

export function newRegister(p: Planner, domain: Domain, name?: string): Register {
  p.numbering.registers += 1;
  return { kind: 'register', id: p.numbering.registers, domain, name };
}

/**
 * Computes a register; the step fails where the expression has no value. What was computed before has its register: everything behind a
 * step is done only where the step did not fail.
 */
export function letRegister(p: Planner, expr: Expr, domain: Domain): Register {
  const key = exprKey(expr, domain);
  const known = key && p.computed.get(key);
  if (known) return known;
  const to = newRegister(p, domain);
  p.steps.push({ kind: 'let', to, expr, at: p.at });
  if (key !== undefined) p.computed.set(key, to);
  return to;
}

export function addTest(p: Planner, test: Test): void {
  p.steps.push({ kind: 'test', test, at: p.at });
}

export function addFail(p: Planner): void {
  p.steps.push({ kind: 'fail', at: p.at });
}

/** Marks where a literal begins, for who watches. */
export function addMark(p: Planner, literal: number): void {
  if (!p.isWatched) return;
  const variables = p.bound.keys();
  p.steps.push({ kind: 'mark', literal, variables, operands: p.bound.values(), at: p.at });
}

export function siteOf(p: Planner, node: { readonly span: Span }): Site {
  return { rule: p.rule, span: node.span };
}

/** Plans a block of its own: it reads what is bound around it and binds nothing there. */
export function planBlock(p: Planner, fill: (inner: Planner) => void): Block {
  const inner: Planner = {
    ...p,
    bound: new LayeredNames(p.bound),
    computed: new LayeredNames(p.computed),
    steps: [],
    isWatched: false,
  };
  fill(inner);
  return { steps: inner.steps };
}

export function addYield(p: Planner, operands: readonly Operand[]): void {
  p.steps.push({ kind: 'yield', operands, at: p.at });
}

/** True when every variable that evaluating the term can bind is bound, and it calls no relation. */
export function isSingle(p: Planner, term: Term): boolean {
  const facts = p.context.facts.of(term);
  return !facts.many && facts.enumerated.every((name) => p.bound.has(name));
}

/** True when unifying the term can bind a variable. */
export function hasUnbound(p: Planner, term: Term): boolean {
  const { elements } = p.context.facts.of(term);
  return elements.length > 0 && elements.some((name) => !p.bound.has(name));
}

/** The domain of a value made of others. */
export function domainOfOperand(operand: Operand): Domain {
  return operand.kind === 'constant' ? 'value' : operand.domain;
}
