/** Which groups of rules a block leads to, as far as the text tells. */
import type { Block, CallExpr, Expr, Step, Test } from './ir.ts';

/** Receives what is found: a group, or that any may be asked for at run time. */
export interface GroupVisitor {
  readonly group: (index: number) => void;
  readonly any: () => void;
}

/** Tells of every group a block asks for. */
export function visitGroups(block: Block, found: GroupVisitor): void {
  for (const step of block.steps) visitStep(step, found);
}

function visitStep(step: Step, found: GroupVisitor): void {
  switch (step.kind) {
    case 'let':
      visitExpr(step.expr, found);
      return;
    case 'test':
      visitTest(step.test, found);
      return;
    case 'results':
      visitCall(step.call, found);
      return;
    case 'children':
    case 'world':
      found.any();
      return;
    case 'print':
      for (const arg of step.args) visitGroups(arg, found);
      return;
    default:
      return;
  }
}

function visitCall({ callee, mockable }: CallExpr, found: GroupVisitor): void {
  if (mockable) found.any();
  if (callee.kind === 'function') found.group(callee.group);
}

function visitExpr(expr: Expr, found: GroupVisitor): void {
  switch (expr.kind) {
    case 'rule':
    case 'partial':
      found.group(expr.group);
      return;
    case 'root':
    case 'child':
    case 'document':
      found.any();
      return;
    case 'call':
      visitCall(expr, found);
      return;
    case 'comprehension':
      visitGroups(expr.block, found);
      return;
    case 'template':
      for (const part of expr.parts) if (typeof part !== 'string') visitGroups(part, found);
      return;
    default:
      return;
  }
}

function visitTest(test: Test, found: GroupVisitor): void {
  switch (test.kind) {
    case 'not':
    case 'every':
      visitGroups(test.block, found);
      return;
    case 'logical':
      visitGroups(test.left, found);
      visitGroups(test.right, found);
      return;
    default:
      return;
  }
}
