/** Copies steps with other operands and registers; everything else of them stays as it is. */
import type { Block, CallExpr, Change, Expr, Operand, Register, Step, Test } from './ir.ts';

/** What stands in the place of an operand that is read, and of a register that is given a value. */
export interface PlanMapping {
  readonly operand: (operand: Operand) => Operand;
  /** Instead of `operand` for the key a member is read by. */
  readonly key?: (operand: Operand) => Operand;
  readonly register: (register: Register) => Register;
}

/** A block with what the mapping gives. */
export function mapBlock(block: Block, to: PlanMapping): Block {
  return { steps: block.steps.map((step) => mapStep(step, to)) };
}

/** A step with what the mapping gives: operands first, in their order, then the registers it sets. */
export function mapStep(step: Step, to: PlanMapping): Step {
  switch (step.kind) {
    case 'let': {
      const expr = mapExpr(step.expr, to);
      return { ...step, expr, to: to.register(step.to) };
    }
    case 'test':
      return { ...step, test: mapTest(step.test, to) };
    case 'scan': {
      const of = to.operand(step.of);
      const key = step.key && to.register(step.key);
      return { ...step, of, key, value: step.value && to.register(step.value) };
    }
    case 'results': {
      const call = mapCall(step.call, to);
      return { ...step, call, value: to.register(step.value) };
    }
    case 'children': {
      const rest = mapAll(step.rest, to);
      const of = asRegister(to.operand(step.of));
      return { ...step, of, rest, key: to.register(step.key), child: to.register(step.child) };
    }
    case 'world':
      return { ...step, changes: step.changes.map((change) => mapChange(change, to)) };
    case 'print':
      return { ...step, args: step.args.map((arg) => mapBlock(arg, to)) };
    case 'fail':
      return step;
    case 'mark':
    case 'yield':
      return { ...step, operands: mapAll(step.operands, to) };
  }
}

function mapAll(operands: readonly Operand[], to: PlanMapping): readonly Operand[] {
  return operands.map(to.operand);
}

function asRegister(operand: Operand): Register {
  if (operand.kind === 'register') return operand;
  throw new Error('a place of the rule tree is no constant');
}

function mapChange(change: Change, to: PlanMapping): Change {
  switch (change.kind) {
    case 'mock':
      return change;
    case 'constantMock':
      return { ...change, value: to.operand(change.value) };
    default:
      return { ...change, path: mapAll(change.path, to), value: to.operand(change.value) };
  }
}

function mapCall(call: CallExpr, to: PlanMapping): CallExpr {
  return { ...call, args: mapAll(call.args, to) };
}

/** An expression with what the mapping gives. */
export function mapExpr(expr: Expr, to: PlanMapping): Expr {
  switch (expr.kind) {
    case 'input':
    case 'base':
    case 'rule':
      return expr;
    case 'operand':
      return { ...expr, operand: to.operand(expr.operand) };
    case 'member':
    case 'entry':
      return { ...expr, of: to.operand(expr.of), key: (to.key ?? to.operand)(expr.key) };
    case 'item':
      return { ...expr, of: to.operand(expr.of) };
    case 'partial':
      return { ...expr, keys: mapAll(expr.keys, to) };
    case 'root':
      return { ...expr, rest: mapAll(expr.rest, to) };
    case 'child': {
      const of = asRegister(to.operand(expr.of));
      return { ...expr, of, key: to.operand(expr.key), rest: mapAll(expr.rest, to) };
    }
    case 'document':
      return { ...expr, of: asRegister(to.operand(expr.of)) };
    case 'call':
      return mapCall(expr, to);
    case 'array':
    case 'set':
      return { ...expr, items: mapAll(expr.items, to) };
    case 'object':
      return { ...expr, flat: mapAll(expr.flat, to) };
    case 'compare':
      return { ...expr, left: to.operand(expr.left), right: to.operand(expr.right) };
    case 'membership':
      return { ...expr, args: mapAll(expr.args, to) };
    case 'comprehension':
      return { ...expr, block: mapBlock(expr.block, to) };
    case 'template': {
      const parts = expr.parts.map((part) =>
        typeof part === 'string' ? part : mapBlock(part, to),
      );
      return { ...expr, parts };
    }
  }
}

/** A test with what the mapping gives. */
export function mapTest(test: Test, to: PlanMapping): Test {
  switch (test.kind) {
    case 'compare':
      return { ...test, left: to.operand(test.left), right: to.operand(test.right) };
    case 'holds':
    case 'defined':
    case 'isArray':
    case 'isObject':
      return { ...test, operand: to.operand(test.operand) };
    case 'membership':
      return { ...test, args: mapAll(test.args, to) };
    case 'not':
      return { ...test, block: mapBlock(test.block, to) };
    case 'logical':
      return { ...test, left: mapBlock(test.left, to), right: mapBlock(test.right, to) };
    case 'every': {
      const domain = to.operand(test.domain);
      const key = test.key && to.register(test.key);
      const value = to.register(test.value);
      return { ...test, domain, key, value, block: mapBlock(test.block, to) };
    }
  }
}
