/**
 * Loop-invariant motion: which values behind a scan are the same for all of its elements. They are computed where the first element needs
 * them, and then kept: never earlier, so that what guards them goes on guarding them, and an error is met where it was met before.
 */
import type { Expr, Step } from './ir.ts';
import { innerBlocks, visitOperands } from './walk-plan.ts';

type Let = Extract<Step, { kind: 'let' }>;

/** What costs more than to ask whether it is known. */
const KEPT: readonly Expr['kind'][] = [
  'call',
  'comprehension',
  'template',
  'array',
  'set',
  'object',
];
/** Places of the rule tree are not looked into. */
const NEVER: readonly Expr['kind'][] = ['root', 'child', 'document'];

/** The steps behind the loop at `at` that are the same for each of its elements and worth keeping, in their order. */
export function invariantLets(steps: readonly Step[], at: number): readonly Let[] {
  return invariants(steps, at).lets.filter(({ expr }) => KEPT.includes(expr.kind));
}

/** Registers set by the loop at `at` and behind it that can differ between its elements. */
export function varyingRegisters(steps: readonly Step[], at: number): ReadonlySet<number> {
  return invariants(steps, at).varying;
}

function invariants(steps: readonly Step[], at: number) {
  const behind = steps.slice(at);
  const varying = new Set(behind.flatMap(registersOf));
  // What a `with` behind the loop changes is another world for each element.
  if (behind.some(({ kind }) => kind === 'world')) return { lets: [], varying };
  const lets = behind.filter((step): step is Let => {
    if (step.kind !== 'let' || NEVER.includes(step.expr.kind)) return false;
    if (varies(step, varying) || asksHost(step)) return false;
    varying.delete(step.to.id);
    return true;
  });
  return { lets, varying };
}

function varies(step: Let, varying: ReadonlySet<number>): boolean {
  let found = false;
  visitOperands({ steps: [step] }, (operand) => {
    if (operand.kind === 'register' && varying.has(operand.id)) found = true;
  });
  return found;
}

/** Nothing is known of builtins of the host, nor of what a `with` may put in the place of a function; `print` prints each time. */
export function asksHost(step: Step): boolean {
  return (
    step.kind === 'print' ||
    callOf(step)?.pure === false ||
    innerBlocks(step).some(({ steps }) => steps.some(asksHost))
  );
}

/** What a step calls. */
export function callOf(step: Step) {
  if (step.kind === 'results') return step.call;
  return step.kind === 'let' && step.expr.kind === 'call' ? step.expr : undefined;
}

/** Registers that a step gives a value. */
function registersOf(step: Step): readonly number[] {
  switch (step.kind) {
    case 'let':
      return [step.to.id];
    case 'scan':
      return [step.key, step.value].flatMap((register) => (register ? [register.id] : []));
    case 'results':
      return [step.value.id];
    case 'children':
      return [step.key.id, step.child.id];
    default:
      return [];
  }
}
