/**
 * Runs tests, each in an evaluation of its own with limits of its own. A test passes when its rule has a value other than false;
 * with a variable in its head (`test_x[name] if ...`) each name is a case, and every case that is reached must be true.
 */
import type { Literal, Term } from '../../lang/ast/nodes.ts';
import type { CheckedRule } from '../../lang/check/checked.ts';
import { type EvaluationOptions, startEvaluation } from '../evaluate.ts';
import type { Scope } from '../interpret/machine.ts';
import { eachContribution } from '../interpret/partial-rules.ts';
import { keysBelow, nodeAt } from '../interpret/rule-tree.ts';
import { eachValue } from '../interpret/rules.ts';
import type { Tracer } from '../interpret/tracer.ts';
import type { PolicySet } from '../policy-set.ts';
import { describeError, type EvaluationError, errorOf } from '../run/failure.ts';
import type { Limits, MonotonicClock } from '../run/limits.ts';
import { startInquiry } from '../trace/inquire.ts';
import type { DefinitionOutcome } from '../trace/outcome.ts';
import { readDefinition } from '../trace/read-rule.ts';
import { canonicalKey } from '../value/compare.ts';
import { displayText } from '../value/text.ts';
import type { Value } from '../value/value.ts';
import type { PolicyTest } from './find-tests.ts';
import { joinTracers } from './join-tracers.ts';

export type TestOutcome = 'pass' | 'fail' | 'error' | 'todo';

/** One case of a test with cases. */
export interface CaseResult {
  readonly name: string;
  readonly outcome: 'pass' | 'fail';
  /** Why it failed. */
  readonly why: DefinitionOutcome | undefined;
}

export interface TestResult {
  readonly test: PolicyTest;
  readonly outcome: TestOutcome;
  readonly durationMs: number;
  /** What it printed. */
  readonly output: readonly string[];
  /** Why it failed; undefined for a test that passed, ended with an error, or has cases. */
  readonly why: DefinitionOutcome | undefined;
  readonly cases: readonly CaseResult[];
  readonly error: EvaluationError | undefined;
}

export interface RunOptions {
  readonly limits?: Partial<Limits>;
  readonly clock: MonotonicClock;
  /** Watches the tests, for coverage; not what explains a failure. */
  readonly tracer?: Tracer;
}

/** Runs one test. Never throws for what the policies do. */
export function runTest(policySet: PolicySet, test: PolicyTest, options: RunOptions): TestResult {
  const output: string[] = [];
  const blank = { test, durationMs: 0, output, why: undefined, cases: [], error: undefined };
  if (test.isTodo) return { ...blank, outcome: 'todo' };
  const started = options.clock();
  const evaluation: EvaluationOptions = {
    clock: options.clock,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  };
  const timed = (): number => options.clock() - started;
  try {
    const run = evaluateTest(policySet, test.rule, options.tracer, {
      ...evaluation,
      print: (line) => void output.push(line),
    });
    const durationMs = timed();
    if (run.cases.length > 0) {
      const cases = run.cases.map(({ keys, holds }): CaseResult => {
        const name = keys.map(displayText).join('/');
        if (holds) return { name, outcome: 'pass', why: undefined };
        return { name, outcome: 'fail', why: explain(policySet, test.rule, evaluation, keys) };
      });
      const outcome = cases.every((each) => each.outcome === 'pass') ? 'pass' : 'fail';
      return { ...blank, outcome, durationMs, cases };
    }
    if (run.holds) return { ...blank, outcome: 'pass', durationMs };
    const why = explain(policySet, test.rule, evaluation, undefined);
    return { ...blank, outcome: 'fail', durationMs, why };
  } catch (cause) {
    return { ...blank, outcome: 'error', durationMs: timed(), error: errorOf(cause) };
  }
}

/** How a failed test failed. */
function explain(
  policySet: PolicySet,
  rule: CheckedRule,
  options: EvaluationOptions,
  keys: readonly Value[] | undefined,
): DefinitionOutcome {
  const { inquiry, machine, world } = startInquiry(policySet, options);
  const why = readDefinition(inquiry, { machine, world }, rule, keys);
  if (why.outcome !== 'holds') return why;
  return { ...why, message: `its value is ${why.values.join(', ')}` };
}

interface TestRun {
  readonly holds: boolean;
  readonly cases: readonly { readonly keys: readonly Value[]; readonly holds: boolean }[];
}

/** Evaluates a test once. Throws what `errorOf` reads. */
export function evaluateTest(
  policySet: PolicySet,
  rule: CheckedRule,
  tracer: Tracer | undefined,
  options: EvaluationOptions,
): TestRun {
  const keys = keysBelow(rule, rule.path.length);
  const node = nodeAt(policySet.tree, rule.path);
  if (keys.length === 0 || node?.kind !== 'partial') {
    const { machine, world } = startEvaluation(policySet, {
      ...options,
      ...(tracer === undefined ? {} : { tracer }),
    });
    let holds = false;
    eachValue(machine, world, rule, undefined, (value) => {
      holds = value !== false;
      return false;
    });
    return { holds, cases: [] };
  }
  const watch = new CaseWatch(rule, keys);
  const { machine, world } = startEvaluation(policySet, {
    ...options,
    tracer: joinTracers(watch, tracer),
  });
  const passed = new Set<string>();
  eachContribution(machine, world, node, rule, [], (values) => {
    const own = values.slice(0, -1);
    watch.add(own);
    if (values.at(-1) !== false) passed.add(canonicalKey(own));
    return false;
  });
  const cases = [...watch.seen.values()].map((own) => ({
    keys: own,
    holds: passed.has(canonicalKey(own)),
  }));
  return { holds: cases.length > 0 && cases.every(({ holds }) => holds), cases };
}

/** Collects the cases a test reaches: every set of values its head's variables have while the body is searched. */
class CaseWatch implements Tracer {
  readonly seen = new Map<string, readonly Value[]>();
  readonly #rule: CheckedRule;
  readonly #keys: readonly Term[];

  constructor(rule: CheckedRule, keys: readonly Term[]) {
    this.#rule = rule;
    this.#keys = keys;
  }

  add(keys: readonly Value[]): void {
    this.seen.set(canonicalKey(keys), keys);
  }

  literal(scope: Scope, literals: readonly Literal[]): void {
    if (scope.frame.rule !== this.#rule || literals !== this.#rule.rule.body?.literals) return;
    const keys: Value[] = [];
    for (const term of this.#keys) {
      const value =
        term.kind === 'Var' ? scope.frame.get(term.name) : scope.machine.facts.of(term).constant;
      if (value === undefined) return;
      keys.push(value);
    }
    this.add(keys);
  }

  held(): void {
    // A case is known by its name alone.
  }

  fired(): void {
    // See `held`.
  }
}

/** One line on why a test did not pass, for reports that have no room for more. */
export function describeFailure(result: TestResult): string | undefined {
  if (result.error !== undefined) return describeError(result.error);
  const failed = result.cases.filter(({ outcome }) => outcome === 'fail');
  if (failed.length > 0) return `failed for ${failed.map(({ name }) => name).join(', ')}`;
  const [failure] = result.why?.failures ?? [];
  if (failure !== undefined) return failure.readings[0]?.says;
  return result.why?.message;
}
