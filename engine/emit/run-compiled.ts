/** Runs compiled code for one evaluation: worlds, and fuel taken from the budget in portions. */
import type { BuiltinContext } from '../builtins/context.ts';
import type { BuiltinTable } from '../builtins/registry.ts';
import type { RuleNode } from '../interpret/rule-tree.ts';
import type { Budget } from '../run/limits.ts';
import type { Value } from '../value/value.ts';
import type { CompiledQuery } from './compiled-set.ts';
import type { LinkedProgram } from './linked-program.ts';
import { box } from './runtime-access.ts';
import { childPlace, documentAt, rootPlace } from './runtime-rules.ts';
import { CompiledWorld, EvaluationState } from './world.ts';

/** Iterations and calls between two questions to the budget. */
const FUEL_PORTION = 512;

/** What an evaluation is given. */
export interface RunOptions {
  readonly input: unknown;
  readonly data: Value;
  readonly tree: RuleNode;
  readonly builtins: BuiltinTable;
  readonly context: BuiltinContext;
  readonly budget: Budget;
  readonly strict: boolean;
  readonly print: ((line: string) => void) | undefined;
}

/** Evaluations hand their fuel over with `setFuel`. */
function refuel(): number {
  throw new Error('only decisions ask for fuel here');
}

/** A world for one evaluation. */
export function startWorld(program: LinkedProgram, options: RunOptions): CompiledWorld {
  const { builtins, context, strict, print } = options;
  const state = new EvaluationState({ program, builtins, context, strict, print, refuel });
  return new CompiledWorld(state, options.input, options.data, options.tree, new Map());
}

/** Fuel is one variable of the code: an evaluation inside another (by a builtin of the host) gives it back as it was. */
export function fuelled<Result>(
  program: Pick<LinkedProgram, 'functions'>,
  budget: Budget,
  run: () => Result,
): Result {
  const { setFuel } = program.functions;
  const refuel = (): number => {
    budget.charge(FUEL_PORTION);
    return FUEL_PORTION - 1;
  };
  const left = setFuel(FUEL_PORTION, refuel);
  try {
    return run();
  } finally {
    setFuel(left, refuel);
  }
}

/** The document at a path below `data`. */
export function runPath(
  program: LinkedProgram,
  path: readonly string[],
  options: RunOptions,
): Value | undefined {
  const world = startWorld(program, options);
  return fuelled(program, options.budget, () => {
    let place = rootPlace(world, path);
    for (const [index, name] of path.entries()) {
      if (place === undefined) return undefined;
      place = childPlace(world, place, name, path.slice(index + 1));
    }
    const document = documentAt(world, place);
    return document === undefined ? undefined : box(world, document);
  });
}

/** Hands the values of every solution of a query to `solution`. */
export function runQuery(
  query: CompiledQuery,
  solution: (values: readonly Value[]) => void,
  options: RunOptions,
): void {
  const world = startWorld(query.program, options);
  const { budget } = options;
  fuelled(query.program, budget, () =>
    query.run(world, solution, FUEL_PORTION, () => {
      budget.charge(FUEL_PORTION);
      return FUEL_PORTION - 1;
    }),
  );
}
