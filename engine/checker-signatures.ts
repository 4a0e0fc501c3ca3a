/** The engine's builtins as the checker knows builtins: arity and types in the form of OPA's capabilities file. */
import type { BuiltinSignature, BuiltinTable, BuiltinType } from '../lang/check/signatures.ts';
import type { BuiltinTable as Registry } from './builtins/registry.ts';
import { RELATION_BUILTINS, readSignatures } from './builtins/signatures.ts';
import type { SignatureShape, TypeShape } from './builtins/type-shape.ts';

/** Signatures of all builtins of OPA, of those this engine refuses too, and of the host's. */
export function checkerSignatures(registry: Registry): BuiltinTable {
  const table = new Map<string, BuiltinSignature>();
  for (const [name, shape] of readSignatures()) table.set(name, signatureOf(name, shape));
  for (const [name, { signature }] of registry) table.set(name, signatureOf(name, signature));
  return table;
}

function signatureOf(name: string, shape: SignatureShape): BuiltinSignature {
  return {
    name,
    args: shape.parameters.map((parameter) => ({
      ...typeOf(parameter.type),
      name: parameter.name,
    })),
    result: shape.result === undefined ? undefined : typeOf(shape.result.type),
    relation: RELATION_BUILTINS.some((relation) => relation === name),
    variadic: shape.variadic !== undefined,
  };
}

function typeOf(shape: TypeShape): BuiltinType {
  switch (shape.kind) {
    case 'array':
      return {
        type: 'array',
        static: shape.fixed.map(typeOf),
        ...(shape.rest === undefined ? {} : { dynamic: typeOf(shape.rest) }),
      };
    case 'object':
      return {
        type: 'object',
        static: [...shape.fixed].map(([key, value]) => ({ key, value: typeOf(value) })),
        ...(shape.rest === undefined
          ? {}
          : { dynamic: { key: typeOf(shape.rest.key), value: typeOf(shape.rest.value) } }),
      };
    case 'set':
      return { type: 'set', of: typeOf(shape.of) };
    case 'union':
      return { type: 'any', of: shape.of.map(typeOf) };
    default:
      return { type: shape.kind };
  }
}
