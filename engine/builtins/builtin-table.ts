/** Puts functions and signatures together to builtins that can be called. */
import type { BuiltinFunction, RelationFunction } from './context.ts';
import type { Builtin, BuiltinTable } from './registry.ts';
import { readSignatures } from './signatures.ts';

/** The builtins that have a function here, then the host's, which win. */
export function makeBuiltinTable(
  functions: Readonly<Record<string, BuiltinFunction>>,
  relations: Readonly<Record<string, RelationFunction>>,
  custom: readonly Builtin[],
): BuiltinTable {
  const table = new Map<string, Builtin>();
  for (const [name, signature] of readSignatures()) {
    const call = functions[name];
    const iterate = relations[name];
    const isStock = true;
    if (call !== undefined) table.set(name, { kind: 'function', name, signature, call, isStock });
    if (iterate !== undefined)
      table.set(name, { kind: 'relation', name, signature, iterate, isStock });
  }
  for (const builtin of custom) table.set(builtin.name, builtin);
  return table;
}

/** True for what a policy set has of itself; nothing is known of what the host defines. */
export function isStockBuiltin(builtin: Builtin): boolean {
  return builtin.isStock === true;
}
