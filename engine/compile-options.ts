/** What an embedding program chooses when it compiles policies, and what the checker makes of it. */
import type { CheckOptions } from '../lang/check/options.ts';
import type { BuiltinTable } from '../lang/check/signatures.ts';
import type { JsonSchema } from '../lang/types/schema.ts';
import type { Type } from '../lang/types/type.ts';
import { createBuiltinContext } from './builtins/context.ts';
import type { Builtin } from './builtins/registry.ts';
import { readSchemaDocument } from './builtins/schema-reader.ts';
import { isFault } from './value/fault.ts';
import { fromPlain } from './value/plain.ts';

export interface CompileOptions {
  /** Builtins of the embedding program; one that OPA also has replaces OPA's. */
  readonly builtins?: readonly Builtin[];
  /** Names of refused builtins the host records the results of, so that a decision can be replayed (`time.now_ns`). */
  readonly provided?: readonly string[];
  /** For policy tests: a builtin that is refused otherwise may stand where a `with` replaces it. */
  readonly allowMocked?: boolean;
  /**
   * What `input` is known to be: `contract` for the documents of `contract/input.*.schema.json`, so that a misspelt field is an error;
   * `none` (the default) for anything.
   */
  readonly inputSchema?: 'contract' | 'none';
  /** JSON Schemas that METADATA blocks may name, by that name (`schema.input`); without them the names say nothing. */
  readonly schemas?: Readonly<Record<string, JsonSchema>>;
}

/** What the checker is told of this engine and its host. */
export function checkOptions(
  signatures: BuiltinTable,
  options: CompileOptions,
  inputType?: Type,
): CheckOptions {
  const own = (options.builtins ?? []).map(({ name }) => name);
  return {
    builtins: signatures,
    provided: new Set([...own, ...(options.provided ?? [])]),
    allowMocked: options.allowMocked ?? false,
    inputType,
    schemas: options.schemas && new Map(Object.entries(options.schemas)),
    schemaFault: (schema) => {
      const ctx = createBuiltinContext();
      const read = readSchemaDocument(ctx, fromPlain(schema), { checkPatterns: false });
      return isFault(read) ? read.message : undefined;
    },
  };
}
