/** Calls of builtins for tests: arguments as plain data, answers as JSON text, `undefined`, or `fault: message`. */
import { createBuiltinContext } from '../../engine/builtins/context.ts';
import { createBuiltinTable } from '../../engine/builtins/registry.ts';
import { isFault } from '../../engine/value/fault.ts';
import { writeJson } from '../../engine/value/json.ts';
import { fromPlain } from '../../engine/value/plain.ts';

const table = createBuiltinTable();

/** What a builtin answers; the decision's time is 2023-11-14T22:13:20Z. */
export function callBuiltin(name: string, ...args: readonly unknown[]): string {
  const builtin = table.get(name);
  if (builtin?.kind !== 'function') return 'no such builtin';
  const ctx = createBuiltinContext({ nowNs: 1_700_000_000_000_000_000n });
  const result = builtin.call(
    ctx,
    args.map((arg) => fromPlain(arg)),
  );
  if (result === undefined) return 'undefined';
  return isFault(result) ? `fault: ${result.message}` : writeJson(result);
}
