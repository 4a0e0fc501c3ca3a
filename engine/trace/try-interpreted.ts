/** Tries definitions with the interpreter, watched by a tracer: rules that other rules ask, and what has no plan. */
import type { Body, Term } from '../../lang/ast/nodes.ts';
import type { CheckedRule } from '../../lang/check/checked.ts';
import { Frame } from '../interpret/frame.ts';
import type { Scope } from '../interpret/machine.ts';
import { keysBelow } from '../interpret/rule-tree.ts';
import type { World } from '../interpret/world.ts';
import type { Value } from '../value/value.ts';
import { type Attempt, type BodyWatch, MAX_ATTEMPTS, type Stop } from './body-watch.ts';
import { valueText } from './shown.ts';
import { MAX_VALUES, type Trial, type TryRule } from './trial.ts';

interface Place {
  readonly machine: Scope['machine'];
  readonly world: World;
}

/** Tries definitions in one world. */
export function tryInterpreted(watch: BodyWatch, place: Place): TryRule {
  return (rule, given) => {
    const { head, body, else: branches } = rule.rule;
    const all = [
      { body, value: head.contains ?? head.value },
      ...branches.map((branch) => ({ body: branch.body, value: branch.value })),
    ];
    const trials: Trial[] = [];
    for (const { body: tried, value } of all) {
      const trial = tryBranch(watch, place, rule, given ?? [], tried, value);
      trials.push(trial);
      if (trial.solution !== undefined) break;
    }
    return trials;
  };
}

function tryBranch(
  watch: BodyWatch,
  { machine, world }: Place,
  rule: CheckedRule,
  given: readonly Value[],
  body: Body | undefined,
  value: Term | undefined,
): Trial {
  const frame = new Frame(rule);
  const scope: Scope = { machine, world, frame };
  const values = new Set<string>();
  const unsaid: Attempt[] = [];
  let tries = 0;
  let solution: Attempt | undefined;
  let stop: Stop | undefined;
  const found = (result: Value): boolean => {
    solution ??= { bindings: frame.bindings(), world };
    values.add(valueText(result));
    return values.size === MAX_VALUES;
  };
  const solve = (): boolean =>
    machine.solve(scope, body, () => {
      tries += 1;
      if (unsaid.length < MAX_ATTEMPTS) unsaid.push({ bindings: frame.bindings(), world });
      return value === undefined ? found(true) : machine.each(scope, value, found);
    });
  const terms = rule.rule.head.params ?? keysBelow(rule, rule.path.length);
  bindAll(scope, terms, given, 0, () => {
    if (body === undefined) return solve();
    stop = watch.observe(frame, body, () => void solve());
    return solution !== undefined;
  });
  // The body holds, and what the head says has no value.
  if (tries > 0 && solution === undefined)
    stop = { index: body?.literals.length ?? 0, attempts: unsaid, tries };
  return { solution, values: [...values], stop: solution === undefined ? stop : undefined };
}

function bindAll(
  scope: Scope,
  params: readonly Term[],
  args: readonly Value[],
  index: number,
  next: () => boolean,
): boolean {
  const param = params[index];
  const arg = args[index];
  if (param === undefined || arg === undefined) return next();
  return scope.machine.match(scope, param, arg, () =>
    bindAll(scope, params, args, index + 1, next),
  );
}
