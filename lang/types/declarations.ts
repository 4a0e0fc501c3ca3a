/** Types of builtins from their declarations, which are in the form of OPA's capabilities file. */
import type { BuiltinTable, BuiltinType } from '../check/signatures.ts';
import {
  ANYTHING,
  arrayType,
  BOOLEAN,
  type FunctionType,
  NULL,
  NUMBER,
  objectType,
  STRING,
  type StaticKey,
  setType,
  stringKey,
  type Type,
  unionOf,
} from './type.ts';

/** The function types of a table of builtins, by name. */
export function declaredFunctions(table: BuiltinTable): ReadonlyMap<string, FunctionType> {
  return new Map(
    [...table].map(([name, { args, result, variadic }]) => [
      name,
      {
        kind: 'function',
        args: args.map(declaredType),
        names: args.map((arg) => (typeof arg['name'] === 'string' ? arg['name'] : '')),
        variadic: variadic === true ? ANYTHING : undefined,
        result: result && declaredType(result),
      },
    ]),
  );
}

/** The type a declaration names; one of an unknown form says nothing. */
export function declaredType(declaration: BuiltinType): Type {
  const inside = (part: unknown): Type => (isDeclaration(part) ? declaredType(part) : ANYTHING);
  switch (declaration.type) {
    case 'null':
      return NULL;
    case 'boolean':
      return BOOLEAN;
    case 'number':
      return NUMBER;
    case 'string':
      return STRING;
    case 'array': {
      const rest = declaration['dynamic'];
      return arrayType(
        listOf(declaration['static']).map(inside),
        rest === undefined ? undefined : inside(rest),
      );
    }
    case 'object': {
      const properties = listOf(declaration['static']).flatMap((member) =>
        isMember(member) ? [{ key: memberKey(member.key), type: inside(member.value) }] : [],
      );
      const dynamic = declaration['dynamic'];
      return objectType(
        properties,
        isMember(dynamic) ? { key: inside(dynamic.key), value: inside(dynamic.value) } : undefined,
      );
    }
    case 'set':
      return setType(inside(declaration['of']));
    case 'any': {
      const [first, ...others] = listOf(declaration['of']).map(inside);
      return first === undefined
        ? ANYTHING
        : others.reduce<Type>((all, type) => unionOf(all, type) ?? ANYTHING, first);
    }
    default:
      return ANYTHING;
  }
}

function isDeclaration(value: unknown): value is BuiltinType {
  return typeof value === 'object' && value !== null && 'type' in value;
}

function isMember(value: unknown): value is { readonly key: unknown; readonly value: unknown } {
  return typeof value === 'object' && value !== null && 'key' in value && 'value' in value;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function memberKey(key: unknown): StaticKey {
  return stringKey(String(key));
}
