/** Plans `with`: values of the modifiers first, all in the world outside, then the world the literal is evaluated in. */
import type { Ref, Term, With } from '../../lang/ast/nodes.ts';
import { nodeAt } from '../interpret/rule-tree.ts';
import { operatorName } from '../interpret/term-facts.ts';
import type { Mock } from '../interpret/world.ts';
import type { Change, Operand } from './ir.ts';
import { type Planner, siteOf } from './planner.ts';

/** See `PlannerParts.overlay`. */
export function planOverlay(p: Planner, modifiers: readonly With[]): void {
  const [first] = modifiers;
  if (first === undefined) return;
  const mocks = modifiers.map((modifier) => functionMock(p, modifier));
  const values = p.parts.list(
    p,
    modifiers.filter((_, index) => mocks[index] === undefined).map(({ value }) => value),
  );
  let used = 0;
  const changes = modifiers.map((modifier, index): Change => {
    const mock = mocks[index];
    if (mock !== undefined) return { kind: 'mock', name: mockedName(modifier.target), mock };
    const value = values[used];
    used += 1;
    if (value === undefined) throw new Error('a `with` has no value');
    return replacement(p, modifier, value);
  });
  p.numbering.worlds += 1;
  const to = p.numbering.worlds;
  p.steps.push({ kind: 'world', to, from: p.world, changes, site: siteOf(p, first), at: p.at });
  p.world = to;
}

function replacement(p: Planner, modifier: With, value: Operand): Change {
  const { target } = modifier;
  const root = rootOf(target);
  const path = (): readonly Operand[] => target.path.map(({ term }) => p.parts.term(p, term));
  if (root === 'input') return { kind: 'input', path: path(), value };
  if (root !== 'data' || isFunction(p, target)) {
    return { kind: 'constantMock', name: mockedName(target), value };
  }
  return { kind: 'data', path: path(), value };
}

function rootOf(ref: Ref): string {
  return ref.head.kind === 'Var' ? ref.head.name : '';
}

function isFunction(p: Planner, ref: Ref): boolean {
  const path = constantPath(ref);
  return path !== undefined && nodeAt(p.context.tree, path)?.kind === 'function';
}

/** The names of a reference that has no other keys. */
export function constantPath(ref: Ref): readonly string[] | undefined {
  const names: string[] = [];
  for (const { term } of ref.path) {
    if (term.kind !== 'String') return undefined;
    names.push(term.value);
  }
  return names;
}

/** The key under which a world holds what replaces the function a `with` names. */
function mockedName(target: Ref): string {
  if (rootOf(target) !== 'data') return operatorName(target);
  const names = constantPath(target);
  if (names === undefined) throw new Error('a key of a `with` target is no string');
  return names.join('\0');
}

/** The function a modifier's value names, if it names one. */
function functionMock(p: Planner, { value, target }: With): Mock | undefined {
  const root = rootOf(target);
  if (root === 'input' || (root === 'data' && !isFunction(p, target))) return undefined;
  if (value.kind === 'Var') return builtinMock(p, value.name);
  if (value.kind !== 'Ref' || value.head.kind !== 'Var') return undefined;
  return refMock(p, value, value.head);
}

function refMock(p: Planner, ref: Ref, head: Extract<Term, { kind: 'Var' }>): Mock | undefined {
  const path = constantPath(ref);
  if (path === undefined) return undefined;
  if (head.name !== 'data') return builtinMock(p, operatorName(ref));
  return isFunction(p, ref) ? { kind: 'function', path } : undefined;
}

function builtinMock(p: Planner, name: string): Mock | undefined {
  const [root = ''] = name.split('.');
  return !p.bound.has(root) && p.context.isBuiltin(name) ? { kind: 'builtin', name } : undefined;
}
