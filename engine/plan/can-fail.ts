/**
 * Which steps can end an evaluation with an error: what stands before them in a body guards them, and what stands behind them is not asked
 * when they fail. Limits do not count; a failing builtin is undefined in a decision, unless it is one of the host.
 */
import type { Block, Expr, Step, Test } from './ir.ts';

export interface Failing {
  readonly group: (index: number) => boolean;
  readonly builtin: (name: string) => boolean;
}

/** True when a step of the block can fail. */
export function blockCanFail(block: Block, failing: Failing): boolean {
  return block.steps.some((step) => stepCanFail(step, failing));
}

/** True when the step can fail. */
export function stepCanFail(step: Step, failing: Failing): boolean {
  switch (step.kind) {
    case 'let':
      return exprCanFail(step.expr, failing);
    case 'test':
      return testCanFail(step.test, failing);
    case 'results':
      return exprCanFail(step.call, failing);
    case 'children':
    case 'world':
    case 'print':
      return true;
    default:
      return false;
  }
}

function exprCanFail(expr: Expr, failing: Failing): boolean {
  switch (expr.kind) {
    case 'rule':
    case 'partial':
      return failing.group(expr.group);
    case 'root':
    case 'child':
    case 'document':
      return true;
    case 'call':
      if (expr.mockable) return true;
      return expr.callee.kind === 'builtin'
        ? failing.builtin(expr.callee.name)
        : failing.group(expr.callee.group);
    case 'comprehension':
      // Two values of one key are a conflict.
      return expr.form === 'object' || blockCanFail(expr.block, failing);
    case 'template':
      return expr.parts.some((part) => typeof part !== 'string');
    default:
      return false;
  }
}

function testCanFail(test: Test, failing: Failing): boolean {
  switch (test.kind) {
    case 'not':
    case 'every':
      return blockCanFail(test.block, failing);
    case 'logical':
      return blockCanFail(test.left, failing) || blockCanFail(test.right, failing);
    default:
      return false;
  }
}
