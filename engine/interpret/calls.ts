/**
 * Calls of builtins and of the policy's own functions, and what replaces them under `with`. Arguments have been evaluated: a
 * call one argument of which is undefined never comes here.
 */
import type { Call, Term } from '../../lang/ast/nodes.ts';
import type { Callee } from '../../lang/check/checked.ts';
import { EvaluationFailure } from '../run/failure.ts';
import { equalValues } from '../value/compare.ts';
import { type BuiltinFault, isFault } from '../value/fault.ts';
import type { Value } from '../value/value.ts';
import type { NextValue, Scope } from './machine.ts';
import { isMember } from './membership.ts';
import { internalFailure, placesIn } from './places.ts';
import { nodeAt } from './rule-tree.ts';
import type { Mock } from './world.ts';

/** The key under which `World.mocks` holds the replacement of a function. */
export function mockKey(callee: Callee): string {
  return callee.kind === 'builtin' ? callee.name : callee.path.join('\0');
}

/** See `Machine.call`. */
export function call(
  scope: Scope,
  term: Call,
  callee: Callee,
  args: readonly Value[],
  next: NextValue,
): boolean {
  const mock = scope.world.mocks.size === 0 ? undefined : scope.world.mocks.get(mockKey(callee));
  if (mock !== undefined) return callMock(scope, term, mock, args, next);
  if (callee.kind === 'function') {
    const node = nodeAt(scope.world.tree, callee.path);
    const value = node && scope.machine.functionValue(scope.world, node, args);
    return value !== undefined && next(value);
  }
  const builtin = scope.machine.builtins.get(callee.name);
  if (builtin?.kind !== 'relation') {
    const value = scope.machine.builtin(scope, callee.name, args, term);
    return value !== undefined && next(value);
  }
  const results = builtin.iterate(scope.machine.builtinContext, args);
  if (isFault(results)) {
    reportFault(scope, callee.name, results, term);
    return false;
  }
  for (const result of results) {
    scope.machine.budget.step();
    if (next(result)) return true;
  }
  return false;
}

/** What stands in for a function may call the function itself: it is evaluated where nothing is replaced. */
function callMock(
  scope: Scope,
  term: Call,
  mock: Mock,
  args: readonly Value[],
  next: NextValue,
): boolean {
  if (mock.kind === 'value') return next(mock.value);
  const inner = { ...scope, world: scope.world.unmocked() };
  return call(inner, term, calleeOf(mock), args, next);
}

function calleeOf(mock: Exclude<Mock, { kind: 'value' }>): Callee {
  return mock.kind === 'builtin'
    ? { kind: 'builtin', name: mock.name }
    : { kind: 'function', path: mock.path };
}

/** See `Machine.builtin`. */
export function builtin(
  scope: Scope,
  name: string,
  args: readonly Value[],
  node: Term,
): Value | undefined {
  const mock = scope.world.mocks.get(name);
  if (mock?.kind === 'value') return mock.value;
  if (mock !== undefined) {
    const inner = { ...scope, world: scope.world.unmocked() };
    if (mock.kind === 'builtin') return builtin(inner, mock.name, args, node);
    const target = nodeAt(inner.world.tree, mock.path);
    return target && scope.machine.functionValue(inner.world, target, args);
  }
  switch (name) {
    case 'internal.member_2':
    case 'internal.member_3':
      return isMember(args);
    case 'eq':
    case 'assign':
      return equalValues(args[0] ?? null, args[1] ?? null);
  }
  const found = scope.machine.builtins.get(name);
  if (found?.kind !== 'function') {
    throw internalFailure(scope, `there is no builtin ${name}`, node);
  }
  scope.machine.budget.step();
  const result = found.call(scope.machine.builtinContext, args);
  if (!isFault(result)) return result;
  reportFault(scope, name, result, node);
  return undefined;
}

/** A fault of a builtin makes the call undefined, unless errors are strict or a limit was met. */
function reportFault(scope: Scope, name: string, fault: BuiltinFault, node: Term): void {
  if (!scope.machine.strictBuiltinErrors && fault.code !== 'eval_limit_error') return;
  const message = `${name}: ${fault.message}`;
  throw new EvaluationFailure(fault.code, message, placesIn(scope, node));
}
