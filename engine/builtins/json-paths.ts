/** `json.patch` (RFC 6902), `json.filter`, `json.remove`. OPA topdown/json.go: paths are `a/b` texts or arrays of segments. */
import { equalValues, isArray, isObject, isSet, kindOf } from '../value/compare.ts';
import { type BuiltinFault, builtinError, isFault } from '../value/fault.ts';
import { isNumber, toSafeInteger } from '../value/number.ts';
import { ObjectBuilder, type RegoObject } from '../value/object.ts';
import { SetBuilder } from '../value/set.ts';
import { termText } from '../value/text.ts';
import type { Value } from '../value/value.ts';
import type { BuiltinFunction } from './context.ts';
import { anyValue, array, builtin, object, operandFault, operandTypeFault } from './operand.ts';

type Path = readonly Value[];

/** Paths as a tree: `true` marks the end of a path. */
interface PathTree {
  isEnd: boolean;
  readonly children: Map<string, PathTree>;
}

function parsePath(path: Value): Path | BuiltinFault {
  if (isArray(path)) return path;
  if (path === '') return [];
  if (typeof path === 'string') {
    const segments = path.replace(/^\/+/, '').split('/');
    return segments.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  }
  return operandFault(
    2,
    `must be one of {set, array} containing string paths or array of path segments but got ${kindOf(path)}`,
  );
}

function parsePaths(value: Value): PathTree | BuiltinFault {
  if (!isArray(value) && !isSet(value)) return operandTypeFault(2, value, 'set', 'array');
  const root: PathTree = { isEnd: false, children: new Map() };
  for (const item of value) {
    const path = parsePath(item);
    if (isFault(path)) return path;
    addPath(root, path);
  }
  return root;
}

/** A path below one that has ended adds nothing: the shorter one says it all. */
function addPath(root: PathTree, path: Path): void {
  let node = root;
  for (const segment of path) {
    if (node.isEnd) return;
    const name = segmentKey(segment);
    const child = node.children.get(name) ?? { isEnd: false, children: new Map() };
    node.children.set(name, child);
    node = child;
  }
  if (node !== root) node.isEnd = true;
}

function segmentKey(segment: Value): string {
  return typeof segment === 'string' ? `"${segment}` : termText(segment);
}

/** Below the end of a path nothing is left. */
function remove(value: Value, tree: PathTree | undefined): Value | undefined {
  if (tree === undefined) return value;
  if (tree.isEnd) return undefined;
  if (isObject(value)) {
    const builder = new ObjectBuilder();
    for (const [key, member] of value) {
      const kept = remove(member, tree.children.get(segmentKey(key)));
      if (kept !== undefined) builder.set(key, kept);
    }
    return builder.build();
  }
  if (isArray(value)) {
    return value
      .map((item, index) => remove(item, tree.children.get(segmentKey(String(index)))))
      .filter((item) => item !== undefined);
  }
  if (!isSet(value)) return value;
  const builder = new SetBuilder();
  for (const item of value) {
    const kept = remove(item, tree.children.get(segmentKey(item)));
    if (kept !== undefined) builder.add(kept);
  }
  return builder.build();
}

/** Only what lies on a path is left; a path that goes deeper than the value finds nothing. */
function filter(value: Value, tree: PathTree): Value {
  if (tree.isEnd) return value;
  if (isObject(value)) {
    const builder = new ObjectBuilder();
    for (const [key, member] of value) {
      const child = tree.children.get(segmentKey(key));
      if (child !== undefined) builder.set(key, filter(member, child));
    }
    return builder.build();
  }
  if (isArray(value)) {
    return value.flatMap((item, index) => {
      const child = tree.children.get(segmentKey(String(index)));
      return child === undefined ? [] : [filter(item, child)];
    });
  }
  if (!isSet(value)) return value;
  const builder = new SetBuilder();
  for (const item of value) {
    const child = tree.children.get(segmentKey(item));
    if (child !== undefined) builder.add(filter(item, child));
  }
  return builder.build();
}

/** The index a segment means in an array of `length`; `-` and the length itself stand for its end. */
function indexOf(segment: Value, length: number, isInsert: boolean): number | undefined {
  if (segment === '-') return isInsert ? length : undefined;
  const isText = typeof segment === 'string' && /^(?:0|[1-9]\d*)$/.test(segment);
  const index = isText ? Number(segment) : isNumber(segment) ? toSafeInteger(segment) : undefined;
  const limit = isInsert ? length : length - 1;
  return index !== undefined && index >= 0 && index <= limit ? index : undefined;
}

const missing = (segment: Value, value: Value): BuiltinFault =>
  builtinError(
    `path ${termText(segment)} does not exist in ${kindOf(value)} term ${termText(value)}`,
  );

function childOf(value: Value, segment: Value): Value | BuiltinFault {
  if (isObject(value)) return value.get(segment) ?? absent(value.has(segment), segment, value);
  if (isSet(value)) return value.get(segment) ?? absent(value.has(segment), segment, value);
  if (!isArray(value)) return builtinError(`expected composite type for path ${termText(segment)}`);
  const index = indexOf(segment, value.length, false);
  return index === undefined ? missing(segment, value) : (value[index] ?? null);
}

/** `null` is there, though `??` takes it for nothing. */
function absent(isThere: boolean, segment: Value, value: Value): Value | BuiltinFault {
  return isThere ? null : missing(segment, value);
}

function readAt(value: Value, path: Path): Value | BuiltinFault {
  let current: Value | BuiltinFault = value;
  for (const segment of path) {
    if (isFault(current)) return current;
    current = childOf(current, segment);
  }
  return current;
}

/** Rebuilds the spine of `value` down to the parent of the path's last segment and changes that parent. */
function changeAt(
  value: Value,
  path: Path,
  change: (parent: Value, segment: Value) => Value | BuiltinFault,
): Value | BuiltinFault {
  const [segment = null, ...rest] = path;
  if (rest.length === 0) return change(value, segment);
  const child = childOf(value, segment);
  if (isFault(child)) return child;
  const changed = changeAt(child, rest, change);
  return isFault(changed) ? changed : replaceChild(value, segment, child, changed);
}

function replaceChild(parent: Value, segment: Value, old: Value, value: Value): Value {
  if (isObject(parent)) return parent.with(segment, value);
  if (isArray(parent)) return parent.with(indexOf(segment, parent.length, false) ?? 0, value);
  if (!isSet(parent)) return parent;
  const builder = new SetBuilder();
  for (const item of parent.unordered()) if (!equalValues(item, old)) builder.add(item);
  builder.add(value);
  return builder.build();
}

function insert(value: Value): (parent: Value, segment: Value) => Value | BuiltinFault {
  return (parent, segment) => {
    if (isObject(parent)) return parent.with(segment, value);
    if (isSet(parent)) {
      if (!equalValues(segment, value)) {
        return builtinError(
          `set key ${termText(segment)} does not equal value to be inserted ${termText(value)}`,
        );
      }
      return replaceChild(parent, segment, value, value);
    }
    if (!isArray(parent))
      return builtinError(`expected composite type, found value: ${termText(parent)}`);
    const index = indexOf(segment, parent.length, true);
    if (index === undefined) return builtinError('index for array insertion out of bounds');
    return parent.toSpliced(index, 0, value);
  };
}

function deleteChild(parent: Value, segment: Value): Value | BuiltinFault {
  const child = childOf(parent, segment);
  if (isFault(child)) return child;
  if (isObject(parent)) return parent.without(segment);
  if (isArray(parent)) return parent.toSpliced(indexOf(segment, parent.length, false) ?? 0, 1);
  const builder = new SetBuilder();
  if (isSet(parent)) {
    for (const item of parent.unordered()) if (!equalValues(item, child)) builder.add(item);
  }
  return builder.build();
}

/** Applying an operation to the whole document replaces it. */
function insertAt(target: Value, path: Path, value: Value): Value | BuiltinFault {
  return path.length === 0 ? value : changeAt(target, path, insert(value));
}

function deleteAt(target: Value, path: Path): Value | BuiltinFault {
  return path.length === 0 ? null : changeAt(target, path, deleteChild);
}

function required(operation: RegoObject, name: string): Value | BuiltinFault {
  const value = operation.get(name);
  return value === undefined ? builtinError(`missing required attribute '${name}'`) : value;
}

function apply(target: Value, operation: RegoObject): Value | BuiltinFault {
  const rawPath = required(operation, 'path');
  if (isFault(rawPath)) return rawPath;
  const name = required(operation, 'op');
  if (isFault(name)) return name;
  if (typeof name !== 'string') {
    return builtinError(`attribute 'op' must be a string but found: ${kindOf(name)}`);
  }
  const path = parsePath(rawPath);
  if (isFault(path)) return path;
  switch (name) {
    case 'remove':
      return deleteAt(target, path);
    case 'add':
    case 'replace':
    case 'test':
      return applyValue(target, name, path, required(operation, 'value'));
    case 'move':
    case 'copy':
      return applyFrom(target, name, path, required(operation, 'from'));
    default:
      return builtinError(`unrecognized op: '${name}'`);
  }
}

function applyValue(
  target: Value,
  name: 'add' | 'replace' | 'test',
  path: Path,
  value: Value | BuiltinFault,
): Value | BuiltinFault {
  if (isFault(value)) return value;
  if (name === 'add') return insertAt(target, path, value);
  if (name === 'replace') {
    const rest = deleteAt(target, path);
    return isFault(rest) ? rest : insertAt(rest, path, value);
  }
  const found = readAt(target, path);
  if (isFault(found)) return found;
  return equalValues(found, value) ? target : builtinError('value from EditTree != patch value.');
}

function applyFrom(
  target: Value,
  name: 'move' | 'copy',
  path: Path,
  rawFrom: Value | BuiltinFault,
): Value | BuiltinFault {
  if (isFault(rawFrom)) return rawFrom;
  const from = parsePath(rawFrom);
  if (isFault(from)) return from;
  const chunk = readAt(target, from);
  if (isFault(chunk)) return chunk;
  const base = name === 'move' ? deleteAt(target, from) : target;
  return isFault(base) ? base : insertAt(base, path, chunk);
}

export const JSON_PATHS = {
  'json.patch': builtin([anyValue, array], (ctx, target, operations) => {
    let current: Value = target;
    for (const operation of operations) {
      if (!isObject(operation)) {
        return builtinError(
          'must be an array of JSON-Patch objects, but at least one element is not an object',
        );
      }
      const next = ctx.charge(1) ?? apply(current, operation);
      if (isFault(next)) return next;
      current = next;
    }
    return current;
  }),
  'json.filter': builtin([object, anyValue], (_ctx, source, paths) => {
    const tree = parsePaths(paths);
    return isFault(tree) ? tree : filter(source, tree);
  }),
  'json.remove': builtin([object, anyValue], (_ctx, source, paths) => {
    const tree = parsePaths(paths);
    return isFault(tree) ? tree : remove(source, tree);
  }),
} satisfies Readonly<Record<string, BuiltinFunction>>;
