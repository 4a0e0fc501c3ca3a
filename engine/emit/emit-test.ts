/** JavaScript conditions for comparisons and memberships, as narrow as what is known of their operands allows. */
import type { Comparison, Operand } from '../plan/ir.ts';
import { isExactConstant } from '../plan/walk-plan.ts';
import type { CodeWriter } from './code-writer.ts';

/** A condition that is true when the comparison holds. */
export function comparison(
  out: CodeWriter,
  operator: Comparison,
  left: Operand,
  right: Operand,
): string {
  const [a, b] = [out.raw(left), out.raw(right)];
  if (operator === '==') return equality(out, left, right);
  if (operator === '!=') return `!(${equality(out, left, right)})`;
  return `compare(w, ${a}, ${b}) ${operator} 0`;
}

function equality(out: CodeWriter, left: Operand, right: Operand): string {
  const [a, b] = [out.raw(left), out.raw(right)];
  return isIdentity(left) || isIdentity(right) ? `${a} === ${b}` : `equal(w, ${a}, ${b})`;
}

/** True for a constant that nothing equals but itself. */
function isIdentity(operand: Operand): boolean {
  if (operand.kind !== 'constant') return operand.holds === 'identity';
  if (!isExactConstant(operand)) return false;
  const { value } = operand;
  return typeof value === 'string' || typeof value === 'boolean' || value === null;
}

/** A condition that is true when the value is in the collection. */
export function membership(out: CodeWriter, args: readonly Operand[]): string {
  const list = args.map((arg) => out.raw(arg)).join(', ');
  return args.length === 2 ? `isIn(w, ${list})` : `isKeyedIn(w, ${list})`;
}

/** A condition that is true when a value that is there is not false. */
export function holds(out: CodeWriter, operand: Operand): string {
  const raw = out.raw(operand);
  const isPlain = operand.kind === 'register' && operand.domain === 'any';
  return isPlain ? `isHeld(${raw})` : `(${raw} !== false)`;
}
