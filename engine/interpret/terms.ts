/**
 * Values of terms. What has operands is evaluated by one rule: evaluate the operands, then `combine` them; a term one operand
 * of which is undefined is undefined itself.
 */
import type { Term } from '../../lang/ast/nodes.ts';
import { OPERATOR_BUILTINS } from '../../lang/check/signatures.ts';
import { compareValues, equalValues } from '../value/compare.ts';
import { RegoSet } from '../value/set.ts';
import type { Value } from '../value/value.ts';
import { evaluateClosure } from './closures.ts';
import { isSingle, type NextValue, type NextValues, type Scope } from './machine.ts';
import { isMember } from './membership.ts';
import { internalFailure } from './places.ts';
import { objectOf } from './term-facts.ts';

/** See `Machine.one`. */
export function one(scope: Scope, term: Term): Value | undefined {
  const facts = scope.machine.facts.of(term);
  if (facts.constant !== undefined) return facts.constant;
  switch (term.kind) {
    case 'Var':
      return variable(scope, term.name);
    case 'Ref':
      return scope.machine.oneRef(scope, term);
    case 'Array':
    case 'Object':
    case 'Set':
    case 'Infix':
    case 'Membership': {
      const operands = oneOfEach(scope, facts.operands);
      return operands === undefined ? undefined : combine(scope, term, operands);
    }
    case 'Call': {
      const operands = oneOfEach(scope, facts.operands);
      if (operands === undefined) return undefined;
      let result: Value | undefined;
      callTerm(scope, term, operands, (value) => {
        result = value;
        return true;
      });
      return result;
    }
    default:
      return evaluateClosure(scope, term);
  }
}

function oneOfEach(scope: Scope, terms: readonly Term[]): readonly Value[] | undefined {
  const values: Value[] = [];
  for (const term of terms) {
    const value = scope.machine.one(scope, term);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function variable(scope: Scope, name: string): Value | undefined {
  const value = scope.frame.get(name);
  if (value !== undefined) return value;
  if (name === 'input') return readWholeInput(scope);
  if (name === 'data') {
    return scope.machine.document(scope.world, scope.world.tree, scope.world.data);
  }
  throw internalFailure(scope, `variable ${name} has no value`);
}

function readWholeInput(scope: Scope): Value | undefined {
  if (scope.world.inputIsGiven) scope.machine.reads.add('input');
  return scope.world.input.at([], '');
}

/** See `Machine.each`. */
export function each(scope: Scope, term: Term, next: NextValue): boolean {
  if (isSingle(scope, term)) {
    const value = scope.machine.one(scope, term);
    return value !== undefined && next(value);
  }
  if (term.kind === 'Ref') return scope.machine.eachRef(scope, term, next);
  const { operands } = scope.machine.facts.of(term);
  return eachList(scope, operands, (values) => {
    if (term.kind === 'Call') return callTerm(scope, term, values, next);
    const value = combine(scope, term, values);
    return value !== undefined && next(value);
  });
}

/**
 * See `Machine.eachList`. In order, except that a term with a variable that another enumerates waits for that other:
 * `x == input.names[x]`.
 */
export function eachList(scope: Scope, terms: readonly Term[], next: NextValues): boolean {
  const values = new Array<Value>(terms.length).fill(null);
  return eachOfRest(
    scope,
    terms,
    terms.map((_, index) => index),
    values,
    next,
  );
}

function eachOfRest(
  scope: Scope,
  terms: readonly Term[],
  waiting: readonly number[],
  values: Value[],
  next: NextValues,
): boolean {
  let pending = waiting;
  for (;;) {
    const at = pending.find((index) => isReady(scope, terms[index])) ?? pending[0];
    if (at === undefined) return next([...values]);
    const term = terms[at];
    if (term === undefined) return false;
    const others = pending.filter((index) => index !== at);
    if (!isSingle(scope, term)) {
      scope.machine.budget.enter();
      const stopped = scope.machine.each(scope, term, (value) => {
        values[at] = value;
        return eachOfRest(scope, terms, others, values, next);
      });
      scope.machine.budget.leave();
      return stopped;
    }
    const value = scope.machine.one(scope, term);
    if (value === undefined) return false;
    values[at] = value;
    pending = others;
  }
}

/** True when a term needs no variable that is unbound and that it does not bind itself. */
function isReady(scope: Scope, term: Term | undefined): boolean {
  if (term === undefined) return true;
  return scope.machine.facts.of(term).needed.every((name) => scope.frame.has(name));
}

function callTerm(
  scope: Scope,
  term: Extract<Term, { kind: 'Call' }>,
  values: readonly Value[],
  next: NextValue,
): boolean {
  const callee = scope.machine.calleeOf(term);
  if (callee === undefined) throw internalFailure(scope, 'a call was not resolved', term);
  return scope.machine.call(scope, term, callee, values, next);
}

function combine(scope: Scope, term: Term, values: readonly Value[]): Value | undefined {
  switch (term.kind) {
    case 'Array':
      return values;
    case 'Set':
      return RegoSet.from(values);
    case 'Object':
      return objectOf(values);
    case 'Membership':
      return isMember(values);
    case 'Infix':
      return infix(scope, term, values[0] ?? null, values[1] ?? null);
    default:
      throw internalFailure(scope, `a ${term.kind} has no operands`, term);
  }
}

function infix(
  scope: Scope,
  term: Extract<Term, { kind: 'Infix' }>,
  left: Value,
  right: Value,
): Value | undefined {
  const mocked =
    scope.world.mocks.size > 0 && scope.world.mocks.get(OPERATOR_BUILTINS[term.operator]);
  if (mocked)
    return scope.machine.builtin(scope, OPERATOR_BUILTINS[term.operator], [left, right], term);
  switch (term.operator) {
    case '==':
      return equalValues(left, right);
    case '!=':
      return !equalValues(left, right);
    case '<':
      return compareValues(left, right) < 0;
    case '<=':
      return compareValues(left, right) <= 0;
    case '>':
      return compareValues(left, right) > 0;
    case '>=':
      return compareValues(left, right) >= 0;
    default:
      return scope.machine.builtin(scope, OPERATOR_BUILTINS[term.operator], [left, right], term);
  }
}
