/**
 * Early exit: blocks of which one solution is enough, because every further one would yield the same. Only where going on could not end
 * the evaluation with an error.
 */
import { type Failing, stepCanFail } from './can-fail.ts';
import { asksHost, callOf, varyingRegisters } from './invariant-lets.ts';
import type { Block, Step } from './ir.ts';
import { innerBlocks } from './walk-plan.ts';

/** `never` goes on, `lenient` stops where a failing builtin is undefined. */
export type EarlyExit = 'never' | 'lenient' | 'always';

const LOOPS: readonly Step['kind'][] = ['scan', 'results', 'children'];
/** Rules may disagree, whatever is known of them. */
const CAUTIOUS: Failing = { group: () => true, builtin: () => false };

/** Whether one solution of a block is enough; `never` for a block that has no more than one. */
export function earlyExit({ steps }: Block): EarlyExit {
  const first = steps.findIndex(({ kind }) => LOOPS.includes(kind));
  const last = steps.at(-1);
  if (first === -1 || last?.kind !== 'yield') return 'never';
  const behind = steps.slice(first);
  const varying = varyingRegisters(steps, first);
  const isSame = last.operands.every(
    (operand) => operand.kind === 'constant' || !varying.has(operand.id),
  );
  const isSafe = !behind.some((step) => stepCanFail(step, CAUTIOUS) || asksHost(step));
  if (!isSame || !isSafe) return 'never';
  return behind.some(callsBuiltin) ? 'lenient' : 'always';
}

function callsBuiltin(step: Step): boolean {
  return (
    callOf(step) !== undefined || innerBlocks(step).some(({ steps }) => steps.some(callsBuiltin))
  );
}
