/** Reads definitions of rules and functions: each is tried by itself, and where it fails the expression it stopped at is read. */
import type { Body, Term } from '../../lang/ast/nodes.ts';
import type { CheckedRule } from '../../lang/check/checked.ts';
import { Frame } from '../interpret/frame.ts';
import type { Scope } from '../interpret/machine.ts';
import { keysBelow, type RuleNode } from '../interpret/rule-tree.ts';
import type { World } from '../interpret/world.ts';
import { describeError, errorOf } from '../run/failure.ts';
import type { Value } from '../value/value.ts';
import type { Attempt, Stop } from './body-watch.ts';
import type { Inquiry } from './inquiry.ts';
import type { DefinitionOutcome, ExpressionOutcome, Reading, RuleOutcome } from './outcome.ts';
import { placeOf, textOf, valueText } from './shown.ts';

/** Definitions of one rule that are read whether they hold or not. */
const MAX_DEFINITIONS = 12;
/** Definitions that hold which are read. */
const MAX_HELD = 50;
/** Values or members of one definition that are shown. */
const MAX_VALUES = 10;

type Place = { readonly machine: Scope['machine']; readonly world: World };

/** See `Inquiry.readRule`. */
export function readRule(
  inquiry: Inquiry,
  place: Place,
  node: RuleNode,
  args: readonly Value[] | undefined,
  isHeld: boolean,
): RuleOutcome {
  const all = node.rules.filter(({ rule }) => !rule.isDefault);
  const definitions: DefinitionOutcome[] = [];
  let [held, omitted] = [0, 0];
  for (const [at, rule] of all.entries()) {
    // Of many definitions those that hold are what matters, wherever they stand; of the others the first few are read.
    if (at >= MAX_DEFINITIONS && (held >= MAX_HELD || !mayHold(place, rule, args))) {
      omitted += 1;
      continue;
    }
    const definition = readDefinition(inquiry, place, rule, args);
    if (definition.outcome !== 'fails') held += 1;
    else if (isHeld) continue;
    definitions.push(definition);
  }
  return { name: `data.${node.path.join('.')}`, definitions, omitted };
}

/** True when a definition has a solution or ends with an error, which reading it will tell. */
function mayHold(
  { machine, world }: Place,
  rule: CheckedRule,
  given: readonly Value[] | undefined,
): boolean {
  const scope: Scope = { machine, world, frame: new Frame(rule) };
  const terms = rule.rule.head.params ?? keysBelow(rule, rule.path.length);
  const bodies = [rule.rule.body, ...rule.rule.else.map(({ body }) => body)];
  try {
    return bodies.some((body) =>
      bindAll(scope, terms, given ?? [], 0, () => machine.solve(scope, body, () => true)),
    );
  } catch {
    // A failure is read once more, and told as what it is.
    return true;
  }
}

/**
 * One definition; `given` are the arguments of a call where it is a function, and keys of its head where it has variable ones.
 * Never throws for what the policy does.
 */
export function readDefinition(
  inquiry: Inquiry,
  place: Place,
  rule: CheckedRule,
  given: readonly Value[] | undefined,
): DefinitionOutcome {
  const outcome: DefinitionOutcome = {
    ...placeOf(rule, rule.rule),
    package: rule.package.join('.'),
    rule: rule.path.slice(rule.package.length).join('.'),
    title: inquiry.titleOf(rule),
    outcome: 'fails',
    values: [],
    branch: 0,
    conditions: [],
    failures: [],
    message: undefined,
  };
  try {
    return tryBranches(inquiry, place, rule, given, outcome);
  } catch (cause) {
    return { ...outcome, outcome: 'error', message: describeError(errorOf(cause)) };
  }
}

function tryBranches(
  inquiry: Inquiry,
  place: Place,
  rule: CheckedRule,
  given: readonly Value[] | undefined,
  outcome: DefinitionOutcome,
): DefinitionOutcome {
  const { head } = rule.rule;
  const branches = [
    { body: rule.rule.body, value: head.contains ?? head.value },
    ...rule.rule.else.map(({ body, value }) => ({ body, value })),
  ];
  const failures: ExpressionOutcome[] = [];
  let message: string | undefined;
  for (const [branch, { body, value }] of branches.entries()) {
    const trial = tryBranch(inquiry, place, rule, given, body, value);
    if (trial.solution !== undefined) {
      const conditions =
        body === undefined ? [] : readConditions(inquiry, place, rule, body, trial.solution);
      return { ...outcome, outcome: 'holds', branch, values: trial.values, conditions, failures };
    }
    if (trial.failure !== undefined) failures.push(trial.failure);
    else message = 'its parameters do not match the arguments';
  }
  return { ...outcome, failures, message };
}

interface Trial {
  readonly solution: Attempt | undefined;
  readonly values: readonly string[];
  readonly failure: ExpressionOutcome | undefined;
}

function tryBranch(
  inquiry: Inquiry,
  { machine, world }: Place,
  rule: CheckedRule,
  given: readonly Value[] | undefined,
  body: Body | undefined,
  value: Term | undefined,
): Trial {
  const frame = new Frame(rule);
  const scope: Scope = { machine, world, frame };
  const values = new Set<string>();
  let solution: Attempt | undefined;
  let stop: Stop | undefined;
  const found = (result: Value): boolean => {
    solution ??= { bindings: frame.bindings(), world };
    values.add(valueText(result));
    return values.size === MAX_VALUES;
  };
  const solve = (): boolean =>
    machine.solve(scope, body, () =>
      value === undefined ? found(true) : machine.each(scope, value, found),
    );
  const terms = rule.rule.head.params ?? keysBelow(rule, rule.path.length);
  bindAll(scope, terms, given ?? [], 0, () => {
    if (body === undefined) return solve();
    stop = inquiry.watch.observe(frame, body, () => void solve());
    return solution !== undefined;
  });
  const failure =
    solution !== undefined || body === undefined || stop === undefined
      ? undefined
      : readFailure(inquiry, machine, rule, body, stop);
  return { solution, values: [...values], failure };
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

/** The literal a body stopped at, read for each way it was tried in. */
function readFailure(
  inquiry: Inquiry,
  machine: Scope['machine'],
  rule: CheckedRule,
  body: Body,
  stop: Stop,
): ExpressionOutcome | undefined {
  const literal = body.literals[stop.index];
  if (literal === undefined) return undefined;
  const readings = stop.attempts.map((attempt) =>
    inquiry.readLiteral(inquiry, scopeOf(machine, rule, attempt), rule, literal, false),
  );
  return { ...placeOf(rule, literal), text: textOf(rule, literal), readings, tries: stop.tries };
}

function readConditions(
  inquiry: Inquiry,
  { machine }: Place,
  rule: CheckedRule,
  body: Body,
  solution: Attempt,
): readonly ExpressionOutcome[] {
  return body.literals.map((literal) => {
    const scope = scopeOf(machine, rule, solution);
    const reading = inquiry.readLiteral(inquiry, scope, rule, literal, true);
    return {
      ...placeOf(rule, literal),
      text: textOf(rule, literal),
      readings: [reading],
      tries: 1,
    };
  });
}

function scopeOf(machine: Scope['machine'], rule: CheckedRule, attempt: Attempt): Scope {
  const frame = new Frame(rule);
  for (const [name, value] of attempt.bindings) frame.bind(name, value);
  return { machine, world: attempt.world, frame };
}

/** See `Inquiry.readStop`. */
export function readStop(
  inquiry: Inquiry,
  scope: Scope,
  rule: CheckedRule,
  body: Body,
): Reading | undefined {
  let holds = false;
  const stop = inquiry.watch.observe(scope.frame, body, () => {
    holds = scope.machine.solve(scope, body, () => true);
  });
  if (holds) return undefined;
  return readFailure(inquiry, scope.machine, rule, body, stop)?.readings[0];
}
