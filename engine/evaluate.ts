/**
 * Evaluation of a query or a document against a compiled policy set. Errors of the evaluation are values; nothing here throws
 * for what a policy does.
 */
import { createBuiltinContext } from './builtins/context.ts';
import type { Builtin } from './builtins/registry.ts';
import type { LinkedProgram } from './emit/linked-program.ts';
import { type RunOptions, runPath, runQuery } from './emit/run-compiled.ts';
import { Frame } from './interpret/frame.ts';
import { InputDocument } from './interpret/input-document.ts';
import { createMachine } from './interpret/interpreter.ts';
import type { Machine } from './interpret/machine.ts';
import type { Tracer } from './interpret/tracer.ts';
import { World } from './interpret/world.ts';
import type { EvaluableSet, PolicySet } from './policy-set.ts';
import type { PreparedQuery } from './prepare-query.ts';
import { type EvaluationError, EvaluationFailure, errorOf } from './run/failure.ts';
import {
  Budget,
  DEFAULT_LIMITS,
  type Limits,
  type MemoryGauge,
  type MonotonicClock,
} from './run/limits.ts';
import { limitError } from './value/fault.ts';
import type { Value } from './value/value.ts';
import { assertWritable } from './value/written-parts.ts';

/** What an evaluation is given. */
export interface EvaluationOptions {
  /** The `input` document as plain data or as a value; absent when undefined. */
  readonly input?: unknown;
  /** The base document instead of that of the policy set. */
  readonly data?: Value;
  readonly limits?: Partial<Limits>;
  readonly clock?: MonotonicClock;
  readonly gauge?: MemoryGauge;
  /** Nanoseconds since 1970 for `time.now_ns`. */
  readonly nowNs?: bigint;
  /** A failing builtin ends the evaluation instead of being undefined. */
  readonly strictBuiltinErrors?: boolean;
  /** Receives what `print` prints; without it `print` and its arguments cost nothing. */
  readonly print?: (line: string) => void;
  /** Replaces builtins of the policy set for this evaluation. */
  readonly builtins?: readonly Builtin[];
  /** Watches the evaluation; only the interpreter can be watched. */
  readonly tracer?: Tracer;
  /** `interpret` (the default) is the reference; `compiled` runs the same policies as generated code. */
  readonly engine?: EngineName;
}

export type EngineName = 'interpret' | 'compiled';

/** One solution of a query: its variables, as written, with their values. */
export type Binding = Readonly<Record<string, Value>>;

export type Evaluation<Result> =
  | { readonly ok: true; readonly result: Result; readonly reads: readonly string[] }
  | { readonly ok: false; readonly error: EvaluationError };

/** All solutions of a query in the order they are found; none when the query is undefined. */
export function evaluateQuery(
  policySet: PolicySet,
  query: PreparedQuery,
  options: EvaluationOptions = {},
): Evaluation<readonly Binding[]> {
  return guarded(() => {
    const code = isCompiled(options) ? policySet.code.query(query.body, query.callees) : undefined;
    if (code !== undefined && code.program.interpreted === undefined) {
      const bindings: Binding[] = [];
      const names = code.names.map((name) => query.names.get(name) ?? name);
      const solution = (values: readonly Value[]): void => void bindings.push(named(names, values));
      runQuery(code, solution, runOptions(policySet, options));
      return { machine: undefined, result: writable(bindings) };
    }
    const { machine, world } = startEvaluation(policySet, options, query.callees);
    const frame = new Frame(undefined);
    const bindings: Binding[] = [];
    machine.solve({ machine, world, frame }, query.body, () => {
      bindings.push(bindingOf(frame, query));
      return false;
    });
    return { machine, result: writable(bindings) };
  });
}

/** Rules with the code of their documents, or why there is none. */
export type EvaluableDocuments = EvaluableSet & {
  readonly code: { readonly program: () => LinkedProgram | { readonly interpreted: string } };
};

/** The document at a path below `data` (`['access', 'allow']`); undefined when it has no value. */
export function evaluatePath(
  policySet: EvaluableDocuments,
  path: readonly string[],
  options: EvaluationOptions = {},
): Evaluation<Value | undefined> {
  return guarded(() => {
    const program = isCompiled(options) ? policySet.code.program() : undefined;
    if (program !== undefined && 'groups' in program && program.interpreted === undefined) {
      const result = runPath(program, path, runOptions(policySet, options));
      if (result !== undefined) assertWritable(result);
      return { machine: undefined, result };
    }
    const { machine, world } = startEvaluation(policySet, options);
    const span = { start: 0, end: 0 };
    const value = machine.oneRef(
      { machine, world, frame: new Frame(undefined) },
      {
        kind: 'Ref',
        head: { kind: 'Var', name: 'data', span },
        path: path.map((name) => ({
          kind: 'RefSegment',
          style: 'dot',
          term: { kind: 'String', value: name, raw: false, span },
          span,
        })),
        span,
      },
    );
    if (value !== undefined) assertWritable(value);
    return { machine, result: value };
  });
}

/** What callers may write as text, solution by solution. */
function writable(bindings: readonly Binding[]): readonly Binding[] {
  for (const binding of bindings) for (const value of Object.values(binding)) assertWritable(value);
  return bindings;
}

function bindingOf(frame: Frame, query: PreparedQuery): Binding {
  const binding: Record<string, Value> = {};
  for (const [name, value] of frame.bindings()) {
    const written = query.names.get(name) ?? name;
    if (isShown(written)) binding[written] = value;
  }
  return binding;
}

function isCompiled(options: EvaluationOptions): boolean {
  return options.engine === 'compiled' && options.tracer === undefined;
}

function named(names: readonly string[], values: readonly Value[]): Binding {
  const binding: Record<string, Value> = {};
  for (const [index, name] of names.entries()) {
    const value = values[index];
    if (value !== undefined && isShown(name)) binding[name] = value;
  }
  return binding;
}

/** True for a variable of the text, which generated ones and wildcards are not. */
function isShown(name: string): boolean {
  return !name.startsWith('$') && name !== '_';
}

/** What running compiled code takes. */
export function runOptions(policySet: EvaluableSet, options: EvaluationOptions): RunOptions {
  const { budget, builtins, context } = environmentOf(policySet, options);
  return {
    input: options.input,
    data: options.data ?? policySet.data,
    tree: policySet.tree,
    builtins,
    context,
    budget,
    strict: options.strictBuiltinErrors ?? false,
    print: options.print,
  };
}

function guarded<Result>(
  evaluate: () => { readonly machine: Machine | undefined; readonly result: Result },
): Evaluation<Result> {
  try {
    const { machine, result } = evaluate();
    return { ok: true, result, reads: [...(machine?.reads ?? ['input'])].sort() };
  } catch (cause) {
    return { ok: false, error: errorOf(cause) };
  }
}

/** An interpreter and a world for one evaluation. */
export function startEvaluation(
  policySet: EvaluableSet,
  options: EvaluationOptions,
  queryCallees?: PreparedQuery['callees'],
): { readonly machine: Machine; readonly world: World } {
  const { budget, builtins, context } = environmentOf(policySet, options);
  const machine = createMachine({
    calleeOf: (call) => policySet.modules.callees.get(call) ?? queryCallees?.get(call),
    tree: policySet.tree,
    facts: policySet.facts,
    builtins,
    signatures: policySet.signatures,
    builtinContext: context,
    budget,
    strictBuiltinErrors: options.strictBuiltinErrors ?? false,
    print: options.print,
    tracer: options.tracer,
  });
  const input = InputDocument.ofPlain(options.input);
  const world = new World(input, options.data ?? policySet.data, policySet.tree);
  return { machine, world };
}

/** What both engines give builtins. */
function environmentOf(policySet: EvaluableSet, options: EvaluationOptions) {
  const clock = options.clock ?? performance.now.bind(performance);
  const budget = new Budget({ ...DEFAULT_LIMITS, ...options.limits }, clock, options.gauge);
  const builtins =
    options.builtins === undefined
      ? policySet.builtins
      : new Map([...policySet.builtins, ...options.builtins.map((b) => [b.name, b] as const)]);
  const context = createBuiltinContext({
    ...(options.nowNs === undefined ? {} : { nowNs: options.nowNs }),
    ...(options.print === undefined ? {} : { print: options.print }),
    charge: (steps) => chargeBudget(budget, steps),
    caches: policySet.caches,
  });
  return { budget, builtins, context };
}

function chargeBudget(budget: Budget, steps: number): ReturnType<typeof limitError> | undefined {
  try {
    budget.charge(steps);
    return undefined;
  } catch (cause) {
    if (cause instanceof EvaluationFailure) return limitError(cause.message);
    throw cause;
  }
}
