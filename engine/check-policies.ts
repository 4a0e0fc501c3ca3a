/** The bridge to `lang/check`: parsed modules and the builtins of this engine in, a checked module set out. */
import { type CheckResult, checkModules, type ParsedModule } from '../lang/check/check.ts';
import type { BuiltinTable } from '../lang/check/signatures.ts';
import type { Builtin } from './builtins/registry.ts';

export interface CompileOptions {
  /** Builtins of the embedding program; one that OPA also has replaces OPA's. */
  readonly builtins?: readonly Builtin[];
  /** Names of refused builtins the host records the results of, so that a decision can be replayed (`time.now_ns`). */
  readonly provided?: readonly string[];
  /** For policy tests: a builtin that is refused otherwise may stand where a `with` replaces it. */
  readonly allowMocked?: boolean;
}

/** Checks modules that have been parsed without an error. */
export function checkParsed(
  parsed: readonly ParsedModule[],
  signatures: BuiltinTable,
  options: CompileOptions,
): CheckResult {
  const own = (options.builtins ?? []).map(({ name }) => name);
  return checkModules(parsed, {
    builtins: signatures,
    provided: new Set([...own, ...(options.provided ?? [])]),
    allowMocked: options.allowMocked ?? false,
  });
}
