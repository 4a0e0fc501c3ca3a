/** Reads definitions of rules and functions: each is tried by itself, and where it fails the expression it stopped at is read. */
import type { Body, Term } from '../../lang/ast/nodes.ts';
import type { CheckedRule } from '../../lang/check/checked.ts';
import { Frame } from '../interpret/frame.ts';
import type { Scope } from '../interpret/machine.ts';
import type { RuleNode } from '../interpret/rule-tree.ts';
import type { World } from '../interpret/world.ts';
import { describeError, errorOf } from '../run/failure.ts';
import type { Value } from '../value/value.ts';
import type { Attempt, Stop } from './body-watch.ts';
import type { Inquiry } from './inquiry.ts';
import type { DefinitionOutcome, ExpressionOutcome, Reading, RuleOutcome } from './outcome.ts';
import { readUndefined } from './read-literal.ts';
import { textOf } from './shown.ts';
import type { Trial, TryRule } from './trial.ts';
import { tryInterpreted } from './try-interpreted.ts';

/** How much of a rule is read. */
export interface ReadingBounds {
  /** Definitions that are read with the rules they ask. */
  readonly full: number;
  /** Definitions that are read whether they hold or not. */
  readonly told: number;
}

const BOUNDS: ReadingBounds = { full: 12, told: 12 };
/** Definitions that hold which are read, wherever they stand. */
const MAX_HELD = 50;

type Place = { readonly machine: Scope['machine']; readonly world: World };

/** See `Inquiry.readRule`. `tryRule` tries the definitions themselves; the rules they ask are always interpreted. */
export function readRule(
  inquiry: Inquiry,
  place: Place,
  node: RuleNode,
  args: readonly Value[] | undefined,
  isHeld: boolean,
  tryRule: TryRule = tryInterpreted(inquiry.watch, place),
  { full, told }: ReadingBounds = BOUNDS,
): RuleOutcome {
  const all = node.rules.filter(({ rule }) => !rule.isDefault);
  const brief = { ...inquiry, depth: 0 };
  const definitions: DefinitionOutcome[] = [];
  let [held, omitted] = [0, 0];
  for (const [at, rule] of all.entries()) {
    const tried = triedRule(tryRule, rule, args);
    // Of many definitions those that hold are what matters, wherever they stand; of the others the first few are read.
    if (at >= told && (held >= MAX_HELD || !mayHold(tried))) {
      omitted += 1;
      continue;
    }
    const isFull = at < full || (mayHold(tried) && held < MAX_HELD);
    const definition = readTried(isFull ? inquiry : brief, place, rule, tried);
    if (definition.outcome !== 'fails') held += 1;
    else if (isHeld) continue;
    definitions.push(definition);
  }
  return { name: `data.${node.path.join('.')}`, definitions, omitted };
}

type Tried = { readonly trials: readonly Trial[] } | { readonly cause: unknown };

function triedRule(
  tryRule: TryRule,
  rule: CheckedRule,
  given: readonly Value[] | undefined,
): Tried {
  try {
    return { trials: tryRule(rule, given) };
  } catch (cause) {
    return { cause };
  }
}

/** True when a definition has a solution or ends with an error. */
function mayHold(tried: Tried): boolean {
  return 'cause' in tried || tried.trials.some(({ solution }) => solution !== undefined);
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
  const tried = triedRule(tryInterpreted(inquiry.watch, place), rule, given);
  return readTried(inquiry, place, rule, tried);
}

function readTried(
  inquiry: Inquiry,
  place: Place,
  rule: CheckedRule,
  tried: Tried,
): DefinitionOutcome {
  const outcome: DefinitionOutcome = {
    ...inquiry.places.of(rule, rule.rule),
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
    if ('cause' in tried) throw tried.cause;
    return readTrials(inquiry, place, rule, tried.trials, outcome);
  } catch (cause) {
    return { ...outcome, outcome: 'error', message: describeError(errorOf(cause)) };
  }
}

function readTrials(
  inquiry: Inquiry,
  { machine }: Place,
  rule: CheckedRule,
  trials: readonly Trial[],
  outcome: DefinitionOutcome,
): DefinitionOutcome {
  const { head, body, else: others } = rule.rule;
  const branches = [{ body, value: head.contains ?? head.value }, ...others];
  const failures: ExpressionOutcome[] = [];
  let message: string | undefined;
  for (const [branch, { solution, values, stop }] of trials.entries()) {
    const tried = branches[branch];
    if (solution !== undefined) {
      const conditions =
        tried?.body === undefined
          ? []
          : readConditions(inquiry, machine, rule, tried.body, solution);
      return { ...outcome, outcome: 'holds', branch, values, conditions, failures };
    }
    const failure = stop && readFailure(inquiry, machine, rule, tried?.body, stop);
    const unsaid = stop && tried?.value && readUnsaid(inquiry, machine, rule, tried.value, stop);
    if (failure !== undefined) failures.push(failure);
    else if (unsaid !== undefined) failures.push(unsaid);
    else message = 'its parameters do not match the arguments';
  }
  return { ...outcome, failures, message };
}

/** What the head says has no value, for each way the body holds in. */
function readUnsaid(
  inquiry: Inquiry,
  machine: Scope['machine'],
  rule: CheckedRule,
  value: Term,
  { attempts, tries }: Stop,
): ExpressionOutcome {
  const readings = attempts.map((attempt) =>
    readUndefined(scopeOf(machine, rule, attempt), rule, value),
  );
  return { ...inquiry.places.of(rule, value), text: textOf(rule, value), readings, tries };
}

/** The literal a body stopped at, read for each way it was tried in. */
function readFailure(
  inquiry: Inquiry,
  machine: Scope['machine'],
  rule: CheckedRule,
  body: Body | undefined,
  stop: Stop,
): ExpressionOutcome | undefined {
  const literal = body?.literals[stop.index];
  if (literal === undefined) return undefined;
  const readings = stop.attempts.map((attempt) =>
    inquiry.readLiteral(inquiry, scopeOf(machine, rule, attempt), rule, literal, false),
  );
  return {
    ...inquiry.places.of(rule, literal),
    text: textOf(rule, literal),
    readings,
    tries: stop.tries,
  };
}

function readConditions(
  inquiry: Inquiry,
  machine: Scope['machine'],
  rule: CheckedRule,
  body: Body,
  solution: Attempt,
): readonly ExpressionOutcome[] {
  return body.literals.map((literal) => {
    const scope = scopeOf(machine, rule, solution);
    const reading = inquiry.readLiteral(inquiry, scope, rule, literal, true);
    return {
      ...inquiry.places.of(rule, literal),
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
