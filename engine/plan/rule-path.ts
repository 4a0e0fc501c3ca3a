/**
 * A rule of a decision taken apart: which collections it goes through and which values it wants equal to which constants (its path, by
 * which it is found), which tests of the input it shares with others (its flags), and the rest of its steps in their order.
 *
 * Taking tests of the path forward changes nothing but how often the rest is done: they have no effect. From the first step on that can end
 * the evaluation with an error, every step keeps its place: what stands before it guards it, and it comes before what stands behind it.
 */
import type { Block, Operand, Register, Step, Test } from './ir.ts';
import { mapExpr, mapStep, mapTest } from './map-plan.ts';
import { selectionOf } from './scan-selection.ts';
import {
  operandKey,
  type SharedScan,
  type SharedValue,
  type SharedValues,
} from './shared-values.ts';
import { isExactConstant } from './walk-plan.ts';

/** A constant that a `Map` tells apart as the language does. */
export type IndexKey = string | boolean | null;

export type PathStep =
  | { readonly kind: 'scan'; readonly scan: SharedScan }
  | { readonly kind: 'equal'; readonly of: SharedValue; readonly constant: IndexKey }
  | { readonly kind: 'prefix'; readonly of: SharedValue; readonly constant: string };

/** A test that is the same throughout a decision. */
export interface Flag {
  readonly key: string;
  readonly test: Test;
  /** What it tests: nothing holds of what is undefined. */
  readonly needs: readonly SharedValue[];
}

export interface RulePath {
  readonly path: readonly PathStep[];
  readonly flags: readonly Flag[];
  /** Shared values that must be defined, and which nothing above says are. */
  readonly needs: readonly SharedValue[];
  /** With registers of their own numbered from `OWN_REGISTERS` on; print steps left out. */
  readonly rest: readonly Step[];
  readonly yields: readonly Operand[];
}

/** Numbers of registers of a single rule begin here; those of shared values stay below. */
export const OWN_REGISTERS = 1_000_000;

/** Takes a block apart; undefined when it can have no solution. */
export function readRulePath(
  values: SharedValues,
  block: Block,
  canFail: (step: Step) => boolean,
): RulePath | undefined {
  return new Reader(values, canFail).read(block);
}

class Reader {
  readonly #values: SharedValues;
  readonly #known = new Map<number, Operand>();
  readonly #path: PathStep[] = [];
  readonly #flags: Flag[] = [];
  readonly #needs = new Set<SharedValue>();
  readonly #implied = new Set<SharedValue>();
  readonly #rest: Step[] = [];
  readonly #scanned = new Map<SharedValue, number>();
  readonly #canFail: (step: Step) => boolean;
  #own = OWN_REGISTERS;
  #hasOwnScan = false;
  /** What comes next keeps its place. */
  #isFixed = false;

  readonly #to = {
    operand: (operand: Operand): Operand =>
      operand.kind === 'register' ? (this.#known.get(operand.id) ?? operand) : operand,
    register: (register: Register): Register => {
      this.#own += 1;
      const own = { ...register, id: this.#own };
      this.#known.set(register.id, own);
      return own;
    },
  };

  constructor(values: SharedValues, canFail: (step: Step) => boolean) {
    this.#values = values;
    this.#canFail = canFail;
  }

  read(block: Block): RulePath | undefined {
    for (const [at, step] of block.steps.entries()) {
      if (step.kind === 'fail') return undefined;
      if (step.kind === 'yield') {
        const yields = step.operands.map(this.#to.operand);
        const needs = [...this.#needs].filter((value) => !this.#implied.has(value));
        return {
          path: this.#path,
          flags: this.#flags,
          needs,
          rest: this.#rest,
          yields,
        };
      }
      const isChosen = step.kind === 'scan' && selectionOf(block.steps, at) !== undefined;
      this.#take(step, block.steps[at + 1], isChosen);
    }
    return undefined;
  }

  #take(step: Step, next: Step | undefined, isChosen: boolean): void {
    switch (step.kind) {
      case 'let': {
        if (!this.#isFixed && this.#isPrefixTest(step, next)) return;
        const expr = mapExpr(step.expr, this.#to);
        const shared = this.#values.read(expr, step.to.domain);
        if (shared === undefined) break;
        this.#known.set(step.to.id, shared.register);
        if (this.#isFixed) this.#rest.push(definedTest(shared));
        else this.#needs.add(shared);
        if (shared.from !== undefined) this.#imply(shared.from);
        return;
      }
      case 'scan': {
        const of = this.#values.of(this.#to.operand(step.of));
        if (of === undefined || this.#hasOwnScan || this.#isFixed) break;
        // Data can be large: the rule looks up the few elements that are its own instead of sharing a walk over all.
        if (isChosen && of.expr?.kind === 'base') break;
        const nth = this.#scanned.get(of) ?? 0;
        this.#scanned.set(of, nth + 1);
        const scan = this.#values.scan(of, nth);
        if (step.key !== undefined) this.#known.set(step.key.id, scan.key.register);
        if (step.value !== undefined) this.#known.set(step.value.id, scan.value.register);
        this.#imply(of);
        this.#path.push({ kind: 'scan', scan });
        return;
      }
      case 'test':
        if (!this.#isFixed && this.#isSharedTest(step.test)) return;
        break;
      case 'print':
        return;
    }
    if (step.kind === 'scan' || step.kind === 'results' || step.kind === 'children')
      this.#hasOwnScan = true;
    if (this.#canFail(step)) this.#isFixed = true;
    this.#rest.push(mapStep(step, this.#to));
  }

  #imply(value: SharedValue): void {
    for (let each: SharedValue | undefined = value; each !== undefined; each = each.from)
      this.#implied.add(each);
  }

  #isSharedTest(test: Test): boolean {
    const mapped = test.kind === 'compare' || test.kind === 'holds' || test.kind === 'membership';
    if (!mapped) return false;
    const here = mapTest(test, this.#to);
    if (here.kind === 'holds' && here.operand.kind === 'constant')
      return here.operand.value !== false;
    if (here.kind === 'compare' && here.operator === '==') {
      const { left, right } = here;
      if (this.#isEqual(left, right) || this.#isEqual(right, left)) return true;
    }
    const operands = testOperands(here);
    if (operands === undefined) return false;
    const shared = operands.map((operand) => this.#values.of(operand));
    const isFlag = operands.every(
      (operand, at) => operand.kind === 'constant' || shared[at]?.scans.length === 0,
    );
    if (!isFlag) return false;
    const needs = shared.filter((value) => value !== undefined);
    for (const value of needs) this.#imply(value);
    this.#flags.push({ key: flagKey(here, operands), test: here, needs });
    return true;
  }

  #isEqual(value: Operand, constant: Operand): boolean {
    const of = this.#values.of(value);
    if (of === undefined || constant.kind !== 'constant' || !isExactConstant(constant))
      return false;
    const key = indexKey(constant.value);
    if (key === undefined) return false;
    this.#imply(of);
    this.#path.push({ kind: 'equal', of, constant: key });
    return true;
  }

  /** `startswith(value, "text")` as a test: the call, and the test of its result. */
  #isPrefixTest(step: Extract<Step, { kind: 'let' }>, next: Step | undefined): boolean {
    const { expr, to } = step;
    if (expr.kind !== 'call' || expr.mockable) return false;
    if (expr.callee.kind !== 'builtin' || expr.callee.name !== 'startswith') return false;
    if (next?.kind !== 'test' || next.test.kind !== 'holds') return false;
    if (next.test.operand.kind !== 'register' || next.test.operand.id !== to.id) return false;
    const [text, prefix] = expr.args.map(this.#to.operand);
    const of = text && this.#values.of(text);
    if (of === undefined || prefix?.kind !== 'constant' || !isExactConstant(prefix)) return false;
    if (typeof prefix.value !== 'string') return false;
    this.#imply(of);
    this.#path.push({ kind: 'prefix', of, constant: prefix.value });
    // The test that follows finds a result that holds.
    this.#known.set(to.id, { kind: 'constant', value: true });
    return true;
  }
}

function indexKey(value: unknown): IndexKey | undefined {
  return typeof value === 'string' || typeof value === 'boolean' || value === null
    ? value
    : undefined;
}

function testOperands(test: Test): readonly Operand[] | undefined {
  switch (test.kind) {
    case 'compare':
      return [test.left, test.right];
    case 'holds':
      return [test.operand];
    case 'membership':
      return test.args;
    default:
      return undefined;
  }
}

function flagKey(test: Test, operands: readonly Operand[]): string {
  const operator = test.kind === 'compare' ? test.operator : '';
  return `${test.kind}${operator} ${operands.map(operandKey).join(' ')}`;
}

/** What is read where it stood: the rule goes on when there is something. */
function definedTest({ register }: SharedValue): Step {
  return { kind: 'test', test: { kind: 'defined', operand: register }, at: NOWHERE };
}

const NOWHERE = { start: 0, end: 0 } as const;

/** The test of a path, for rules that are not found by it. */
export function flagOfEqual({ of, constant }: Extract<PathStep, { kind: 'equal' }>): Flag {
  const left = of.register;
  const right = { kind: 'constant', value: constant } as const;
  const test: Test = { kind: 'compare', operator: '==', left, right };
  return { key: flagKey(test, [left, right]), test, needs: [of] };
}
