/** JSON and YAML texts: marshal, unmarshal, validity. OPA topdown/encoding.go. */
import { compareStrings, isArray, isObject, isSet } from '../value/compare.ts';
import { type BuiltinFault, builtinError, isFault } from '../value/fault.ts';
import { jsonKey, quoteJson, readJson, writeJson } from '../value/json.ts';
import type { RegoObject } from '../value/object.ts';
import { quoteText } from '../value/text.ts';
import type { Value } from '../value/value.ts';
import { assertWritable } from '../value/written-parts.ts';
import type { BuiltinFunction } from './context.ts';
import { anyValue, builtin, object, operandFault, text } from './operand.ts';
import { readYaml } from './yaml-reader.ts';
import { writeYaml } from './yaml-writer.ts';

function unmarshal(source: string): Value | BuiltinFault {
  const reading = readJson(source);
  return reading.ok ? reading.value : builtinError(reading.message);
}

/** JSON text over several lines, each after the first led by `prefix`, as Go's `MarshalIndent` lays it out. */
function layOut(value: Value, prefix: string, indent: string, depth: number): string {
  const line = (level: number): string => `\n${prefix}${indent.repeat(level)}`;
  const join = (open: string, items: readonly string[], close: string): string =>
    items.length === 0
      ? open + close
      : `${open}${items.map((item) => line(depth + 1) + item).join(',')}${line(depth)}${close}`;
  if (isArray(value) || isSet(value)) {
    const items = isArray(value) ? value : value.toSorted();
    return join(
      '[',
      items.map((item) => layOut(item, prefix, indent, depth + 1)),
      ']',
    );
  }
  if (!isObject(value)) return writeJson(value);
  const members = [...value]
    .map(([key, member]) => [jsonKey(key), member] as const)
    .sort((a, b) => compareStrings(a[0], b[0]));
  const texts = members.map(
    ([key, member]) => `${quoteJson(key)}: ${layOut(member, prefix, indent, depth + 1)}`,
  );
  return join('{', texts, '}');
}

interface MarshalOptions {
  readonly isPretty: boolean;
  readonly prefix: string;
  readonly indent: string;
}

function readOptions(options: RegoObject): MarshalOptions | BuiltinFault {
  let prefix = '';
  let indent = '\t';
  let isPretty: boolean | undefined;
  let isImplied = false;
  for (const [key, value] of options) {
    switch (key) {
      case 'prefix':
      case 'indent':
        if (typeof value !== 'string') {
          return operandFault(2, `key ${key} failed cast to string: must be string`);
        }
        if (key === 'prefix') prefix = value;
        else indent = value;
        isImplied = true;
        break;
      case 'pretty':
        if (typeof value !== 'boolean') return operandFault(2, 'key pretty failed cast to bool');
        isPretty = value;
        break;
      default:
        return operandFault(
          2,
          `object contained unknown key ${typeof key === 'string' ? quoteText(key) : jsonKey(key)}`,
        );
    }
  }
  return { isPretty: isPretty ?? isImplied, prefix, indent };
}

export const JSON_TEXTS = {
  'json.marshal': builtin([anyValue], (_ctx, value) => writeJson(value)),
  'json.marshal_with_options': builtin([anyValue, object], (_ctx, value, options) => {
    const read = readOptions(options);
    if (isFault(read)) return read;
    if (!read.isPretty) return writeJson(value);
    assertWritable(value);
    return read.prefix + layOut(value, read.prefix, read.indent, 0);
  }),
  'json.unmarshal': builtin([text], (_ctx, source) => unmarshal(source)),
  'json.is_valid': builtin(
    [anyValue],
    (_ctx, source) => typeof source === 'string' && !isFault(unmarshal(source)),
  ),
  'yaml.marshal': builtin([anyValue], (_ctx, value) => writeYaml(value)),
  'yaml.unmarshal': builtin([text], (_ctx, source) => readYaml(source)),
  'yaml.is_valid': builtin(
    [anyValue],
    (_ctx, source) => typeof source === 'string' && !isFault(readYaml(source)),
  ),
} satisfies Readonly<Record<string, BuiltinFunction>>;
