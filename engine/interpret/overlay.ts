/**
 * `with`: evaluates the values of the modifiers, makes the world in which the literal is evaluated, and hands it over. All
 * values are those of the world outside.
 */
import type { Ref, Term, With } from '../../lang/ast/nodes.ts';
import type { Value } from '../value/value.ts';
import type { Scope } from './machine.ts';
import { internalFailure } from './places.ts';
import { nodeAt } from './rule-tree.ts';
import { operatorName } from './term-facts.ts';
import type { Mock, World } from './world.ts';

/** See `Machine.overlay`. */
export function overlay(
  scope: Scope,
  modifiers: readonly With[],
  inner: (scope: Scope) => boolean,
): boolean {
  if (modifiers.length === 0) return inner(scope);
  const mocks = modifiers.map((modifier) => functionMock(scope, modifier));
  const terms = modifiers.filter((_, index) => mocks[index] === undefined);
  return scope.machine.eachList(
    scope,
    terms.map((modifier) => modifier.value),
    (values) => {
      let { world } = scope;
      let used = 0;
      for (const [index, modifier] of modifiers.entries()) {
        const mock = mocks[index];
        if (mock !== undefined) {
          world = world.withMock(mockedName(scope, modifier.target), mock);
          continue;
        }
        world = replace(scope, world, modifier, values[used] ?? null);
        used += 1;
      }
      return inner({ ...scope, world });
    },
  );
}

function replace(scope: Scope, world: World, modifier: With, value: Value): World {
  const { target } = modifier;
  const root = target.head.kind === 'Var' ? target.head.name : '';
  if (root === 'input')
    return world.withInput(
      target.path.map((segment) => keyOf(scope, segment.term)),
      value,
    );
  if (root !== 'data' || isFunction(scope, target)) {
    return world.withMock(mockedName(scope, target), { kind: 'value', value });
  }
  return world.withData(dataPath(scope, target), value);
}

function keyOf(scope: Scope, term: Term): Value {
  const key = scope.machine.one(scope, term);
  if (key === undefined)
    throw internalFailure(scope, 'a key of a `with` target is undefined', term);
  return key;
}

function dataPath(scope: Scope, target: Ref): readonly string[] {
  return target.path.map(({ term }) => {
    const key = keyOf(scope, term);
    if (typeof key === 'string') return key;
    throw internalFailure(scope, 'a key of a `with` target is no string', term);
  });
}

function isFunction(scope: Scope, ref: Ref): boolean {
  const path = staticPath(ref);
  return path !== undefined && nodeAt(scope.machine.tree, path)?.kind === 'function';
}

function staticPath(ref: Ref): readonly string[] | undefined {
  const names: string[] = [];
  for (const { term } of ref.path) {
    if (term.kind !== 'String') return undefined;
    names.push(term.value);
  }
  return names;
}

function mockedName(scope: Scope, target: Ref): string {
  const { head } = target;
  return head.kind === 'Var' && head.name === 'data'
    ? dataPath(scope, target).join('\0')
    : operatorName(target);
}

/** The function a modifier's value names, if it names one. */
function functionMock(scope: Scope, modifier: With): Mock | undefined {
  const { value, target } = modifier;
  const root = target.head.kind === 'Var' ? target.head.name : '';
  if (root === 'input' || (root === 'data' && !isFunction(scope, target))) return undefined;
  if (value.kind === 'Var') return builtinMock(scope, value.name);
  if (value.kind !== 'Ref' || value.head.kind !== 'Var') return undefined;
  if (value.head.name !== 'data') {
    return staticPath(value) === undefined ? undefined : builtinMock(scope, operatorName(value));
  }
  const path = staticPath(value);
  return path !== undefined && isFunction(scope, value) ? { kind: 'function', path } : undefined;
}

function builtinMock(scope: Scope, name: string): Mock | undefined {
  const [root = ''] = name.split('.');
  const isBuiltin = !scope.frame.has(root) && scope.machine.builtins.has(name);
  return isBuiltin ? { kind: 'builtin', name } : undefined;
}
