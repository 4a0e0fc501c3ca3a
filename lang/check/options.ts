/** What a caller may ask of the checker. It reads nothing from its surroundings. */
import type { JsonSchema, SchemaLibrary } from '../types/schema.ts';
import type { Type } from '../types/type.ts';
import type { BuiltinTable } from './signatures.ts';

/** How many diagnostics are reported before the list is cut, and the last one says so. */
export const DEFAULT_MAX_DIAGNOSTICS = 100;

export interface CheckOptions {
  readonly builtins: BuiltinTable;
  /**
   * Names of builtins the host provides although a decision must be replayable (`time.now_ns` as a recorded input, say).
   * They are not refused.
   */
  readonly provided?: ReadonlySet<string>;
  /**
   * Lets a refused builtin stand where a `with` of the same module set replaces it. Meant for policy tests; whoever evaluates
   * must fail a call that no `with` replaced.
   */
  readonly allowMocked?: boolean;
  /** What is known of `input`; nothing when undefined. */
  readonly inputType?: Type | undefined;
  /**
   * JSON Schemas that METADATA blocks may name, by that name (`schema.input`). Without it the names say nothing, as in an OPA that was
   * given no schemas.
   */
  readonly schemas?: SchemaLibrary | undefined;
  /** What is wrong with the keywords of a schema that METADATA names or holds; nothing is asked of them without it. */
  readonly schemaFault?: (schema: JsonSchema) => string | undefined;
  /** Leaves types unchecked: an editor shows what is wrong with names first. */
  readonly skipTypes?: boolean;
  readonly maxDiagnostics?: number;
}
