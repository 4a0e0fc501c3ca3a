/** Arguments for calls of builtins: seeds by name or type, changed a little, as JSON text. The same numbers give the same arguments. */
import type { ParameterShape, TypeShape } from '../../engine/builtins/type-shape.ts';
import { ANYTHING, ARRAYS, BUILTIN_SEEDS, NUMBERS, OBJECTS, STRINGS } from './builtin-seeds.ts';

export type Random = (below: number) => number;

/** In a hundred, how many arguments are changed. */
const CHANGED_PERCENT = 45;
/** Certificates and keys are called with as they are: node and Go do not find the same faults in broken ones. */
const KEY_MATERIAL = /-----BEGIN|"kty"|^[A-Za-z\d+/=]{300,}$/;
/** Changes of one text, at most. */
const MAX_CHANGES = 3;
/** Put into texts: what tends to mean something. */
const PIECES = [
  ...'aZ09 .,:;/\\-_+*?[]{}()<>%@#&=|^$~!\'"`\t\n',
  'é',
  '😀',
  '\u0000',
  '00',
  '1',
  'e3',
  '{{',
  '}}',
  '%25',
  '..',
  '::',
  '-1',
];

/** One call's arguments, as many as there are parameters. */
export function argumentsFor(
  name: string,
  parameters: readonly ParameterShape[],
  random: Random,
): readonly unknown[] {
  return parameters.map(({ type }, at) => {
    const pool = poolOf(name, at, type);
    const chosen = pool[random(pool.length)];
    return random(100) < CHANGED_PERCENT ? changed(chosen, random) : chosen;
  });
}

/** JSON text; integers of any size, and the sign of zero, are kept. */
export function argumentText(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (Object.is(value, -0)) return '-0';
  if (Array.isArray(value)) return `[${value.map(argumentText).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, member]) => `${JSON.stringify(key)}: ${argumentText(member)}`,
  );
  return `{${members.join(', ')}}`;
}

function poolOf(name: string, at: number, type: TypeShape): readonly unknown[] {
  const family = `${name.slice(0, name.indexOf('.'))}.`;
  const seeds = BUILTIN_SEEDS[name]?.[at] ?? BUILTIN_SEEDS[family]?.[at];
  return seeds === undefined || seeds.length === 0 ? poolOfType(type) : seeds;
}

function poolOfType(type: TypeShape): readonly unknown[] {
  switch (type.kind) {
    case 'string':
      return STRINGS;
    case 'number':
      return NUMBERS;
    case 'array':
    case 'set':
      return ARRAYS;
    case 'object':
      return OBJECTS;
    case 'union':
      return type.of.flatMap(poolOfType);
    default:
      return ANYTHING;
  }
}

function changed(value: unknown, random: Random): unknown {
  if (typeof value === 'string')
    return KEY_MATERIAL.test(value) ? value : changedText(value, random);
  if (typeof value === 'number') return changedNumber(value, random);
  if (Array.isArray(value) && value.length > 0) return changedList(value, random);
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    const [key, member] = entries[random(entries.length)] ?? ['x', 1];
    return {
      ...value,
      [random(4) === 0 ? changedText(key, random) : key]: changed(member, random),
    };
  }
  return value;
}

function changedText(text: string, random: Random): string {
  const characters = [...text];
  for (let change = random(MAX_CHANGES); change >= 0; change -= 1) {
    const at = random(characters.length + 1);
    const piece = PIECES[random(PIECES.length)] ?? '';
    const kind = random(4);
    if (kind === 0) characters.splice(at, 0, piece);
    else if (kind === 1) characters.splice(at, 1);
    else if (kind === 2) characters.splice(at, 1, piece);
    else characters.splice(at, 0, ...characters.slice(random(at + 1), at));
  }
  return characters.join('');
}

function changedNumber(number: number, random: Random): number {
  switch (random(5)) {
    case 0:
      return -number;
    case 1:
      return number + 1;
    case 2:
      return number / 2;
    case 3:
      return Math.trunc(number) * 10;
    default:
      return number + 0.1;
  }
}

function changedList(list: readonly unknown[], random: Random): readonly unknown[] {
  const at = random(list.length);
  switch (random(4)) {
    case 0:
      return list.toSpliced(at, 1);
    case 1:
      return list.toSpliced(at, 0, list[random(list.length)]);
    default:
      return list.with(at, changed(list[at], random));
  }
}
