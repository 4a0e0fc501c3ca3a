/**
 * Which places below `data` have other rules than at the last check. A rule's shape is all that other rules can see of it without
 * its types: where it stands, its kind and arity, and whether it always has a value.
 */
import type { NodeKind } from '../../ast/child-keys.ts';
import type { Rule } from '../../ast/nodes.ts';
import type { RuleEntry } from '../../check/rule-tree.ts';
import type { DataPath } from '../../check/steps.ts';
import { textOf } from './rule-memory.ts';

const CONSTANTS: ReadonlySet<NodeKind> = new Set([
  'Null',
  'Boolean',
  'Number',
  'String',
  'Array',
  'Set',
  'Object',
]);

export interface PlaceChanges {
  readonly hasAny: boolean;
  /** Whether one of the names is that of a changed rule of the package. */
  readonly touchesNames: (packageKey: string, names: ReadonlySet<string>) => boolean;
  /** Whether a path below `data` may mean a changed place, or what lies above or below one. */
  readonly touchesPath: (path: DataPath) => boolean;
}

/** A shape with the place it is at. */
export interface RuleShape {
  readonly text: string;
  readonly packageKey: string;
  readonly name: string;
  readonly keys: DataPath;
}

/** What others can see of a rule. */
export function shapeOf(entry: RuleEntry): RuleShape {
  const { rule, keys, groundLength, isMulti, arity, isFunction } = entry;
  const constant = mayBeConstant(rule) ? textOf(rule, entry.source) : '';
  const hasElse = rule.else.length > 0;
  const flags = [groundLength, isMulti, arity, isFunction, rule.isDefault, constant, hasElse];
  const name = (keys[entry.package.length] ?? '').slice(1);
  return {
    text: [...keys.map((key) => key ?? '*'), ...flags].join('\0'),
    packageKey: entry.package.join('\0'),
    name,
    keys: keys.slice(0, groundLength),
  };
}

/** A rule whose value stands in its text without a condition is always defined, which others can see. */
function mayBeConstant({ body, head, else: branches }: Rule): boolean {
  if (head.params !== undefined || head.contains !== undefined || branches.length > 0) return false;
  if ((body?.literals.length ?? 0) > 1) return false;
  return head.value === undefined || CONSTANTS.has(head.value.kind);
}

/** The places whose shapes are not the same, in any number, before and after. */
export function changesBetween(
  before: readonly RuleShape[],
  after: readonly RuleShape[],
): PlaceChanges {
  const counts = new Map<string, number>();
  const byText = new Map<string, RuleShape>();
  for (const [shapes, step] of [
    [before, -1],
    [after, 1],
  ] as const)
    for (const shape of shapes) {
      counts.set(shape.text, (counts.get(shape.text) ?? 0) + step);
      byText.set(shape.text, shape);
    }
  const changed = [...counts].flatMap(([text, count]) => {
    const shape = byText.get(text);
    return count === 0 || shape === undefined ? [] : [shape];
  });
  const names = new Map<string, Set<string>>();
  for (const { packageKey, name } of changed) {
    const known = names.get(packageKey);
    if (known === undefined) names.set(packageKey, new Set([name]));
    else known.add(name);
  }
  return {
    hasAny: changed.length > 0,
    touchesNames: (packageKey, used) =>
      [...(names.get(packageKey) ?? [])].some((name) => used.has(name)),
    touchesPath: (path) => changed.some(({ keys }) => mayMeet(path, keys)),
  };
}

function mayMeet(path: DataPath, keys: DataPath): boolean {
  const shared = Math.min(path.length, keys.length);
  for (let at = 0; at < shared; at += 1) {
    const [left, right] = [path[at], keys[at]];
    if (left !== undefined && right !== undefined && left !== right) return false;
  }
  return true;
}
