/** Walks a plan: the operands and inner blocks of steps, told apart by how an operand is used. */
import type { Block, Expr, Operand, Step, Test } from './ir.ts';

/**
 * How an operand is used: `read` where only its structure is looked at or it is compared with a constant, so that plain data serves;
 * `value` where it must be what the language sees.
 */
export type Use = 'read' | 'value';

export type VisitOperand = (operand: Operand, use: Use) => void;

/** Calls `visit` for every operand of a block and the blocks inside it. */
export function visitOperands(block: Block, visit: VisitOperand): void {
  for (const step of block.steps) visitStep(step, visit);
}

/** The blocks directly inside a step. */
export function innerBlocks(step: Step): readonly Block[] {
  switch (step.kind) {
    case 'let':
      if (step.expr.kind === 'comprehension') return [step.expr.block];
      return step.expr.kind === 'template'
        ? step.expr.parts.filter((part) => typeof part !== 'string')
        : NONE;
    case 'test': {
      const { test } = step;
      if (test.kind === 'logical') return [test.left, test.right];
      return test.kind === 'not' || test.kind === 'every' ? [test.block] : NONE;
    }
    case 'print':
      return step.args;
    default:
      return NONE;
  }
}

const NONE: readonly never[] = [];

function visitStep(step: Step, visit: VisitOperand): void {
  switch (step.kind) {
    case 'let':
      visitExpr(step.expr, visit);
      return;
    case 'test':
      visitTest(step.test, visit);
      return;
    case 'scan':
      visit(step.of, 'read');
      return;
    case 'results':
      visitExpr(step.call, visit);
      return;
    case 'children':
      visit(step.of, 'read');
      visitAll(step.rest, visit);
      return;
    case 'world':
      for (const change of step.changes) {
        if (change.kind === 'mock') continue;
        visit(change.value, 'value');
        if (change.kind !== 'constantMock') visitAll(change.path, visit);
      }
      return;
    case 'print':
      for (const arg of step.args) visitOperands(arg, visit);
      return;
    case 'fail':
      return;
    case 'mark':
    case 'yield':
      visitAll(step.operands, visit);
      return;
  }
}

function visitAll(operands: readonly Operand[], visit: VisitOperand): void {
  for (const operand of operands) visit(operand, 'value');
}

function visitExpr(expr: Expr, visit: VisitOperand): void {
  switch (expr.kind) {
    case 'operand':
      visit(expr.operand, 'value');
      return;
    case 'input':
    case 'base':
    case 'rule':
      return;
    case 'member':
    case 'entry':
      visit(expr.of, 'read');
      visit(expr.key, 'value');
      return;
    case 'item':
      visit(expr.of, 'read');
      return;
    case 'partial':
      visitAll(expr.keys, visit);
      return;
    case 'root':
      visitAll(expr.rest, visit);
      return;
    case 'child':
      visit(expr.of, 'read');
      visit(expr.key, 'value');
      visitAll(expr.rest, visit);
      return;
    case 'document':
      visit(expr.of, 'value');
      return;
    case 'call':
      visitAll(expr.args, visit);
      return;
    case 'array':
    case 'set':
      visitAll(expr.items, visit);
      return;
    case 'object':
      visitAll(expr.flat, visit);
      return;
    case 'compare':
      visitComparison(expr.left, expr.right, visit);
      return;
    case 'membership':
      visitMembership(expr.args, visit);
      return;
    case 'comprehension':
      visitOperands(expr.block, visit);
      return;
    case 'template':
      for (const part of expr.parts) if (typeof part !== 'string') visitOperands(part, visit);
      return;
  }
}

function visitTest(test: Test, visit: VisitOperand): void {
  switch (test.kind) {
    case 'compare':
      visitComparison(test.left, test.right, visit);
      return;
    case 'holds':
    case 'defined':
    case 'isArray':
    case 'isObject':
      visit(test.operand, 'read');
      return;
    case 'membership':
      visitMembership(test.args, visit);
      return;
    case 'not':
      visitOperands(test.block, visit);
      return;
    case 'logical':
      visitOperands(test.left, visit);
      visitOperands(test.right, visit);
      return;
    case 'every':
      visit(test.domain, 'read');
      visitOperands(test.block, visit);
      return;
  }
}

function visitComparison(left: Operand, right: Operand, visit: VisitOperand): void {
  const use = isExactConstant(left) || isExactConstant(right) ? 'read' : 'value';
  visit(left, use);
  visit(right, use);
}

function visitMembership(args: readonly Operand[], visit: VisitOperand): void {
  const [value, collection] = args;
  const isExact = args.length === 2 && value !== undefined && isExactConstant(value);
  const isExactSet = args.length === 2 && collection !== undefined && isFixed(collection);
  for (const arg of args) visit(arg, isExact || isExactSet ? 'read' : 'value');
}

function isFixed(operand: Operand): boolean {
  return operand.kind === 'constant' || operand.holds !== undefined;
}

/**
 * A constant that a plain text which is not well-formed cannot equal: with its lone surrogates replaced it would hold U+FFFD.
 */
export function isExactConstant(operand: Operand): boolean {
  if (operand.kind !== 'constant') return operand.holds !== undefined;
  const { value } = operand;
  return typeof value === 'string' ? !value.includes('\ufffd') && value.isWellFormed() : true;
}
