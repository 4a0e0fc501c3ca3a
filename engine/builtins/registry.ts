/**
 * All builtins by name: OPA's pure ones and those an embedding program defines. This is the only file the evaluator needs.
 */
import type { BuiltinFault } from '../value/fault.ts';
import type { Value } from '../value/value.ts';
import { AGGREGATES } from './aggregates.ts';
import { ARRAYS } from './arrays.ts';
import { BITS } from './bits.ts';
import { makeBuiltinTable } from './builtin-table.ts';
import { CERTIFICATES } from './certificates.ts';
import type { BuiltinContext, BuiltinFunction, RelationFunction } from './context.ts';
import { ENCODINGS } from './encodings.ts';
import { GLOBS } from './globs.ts';
import { GRAPHS, RELATIONS } from './graph.ts';
import { HASHES } from './hashes.ts';
import { JSON_PATHS } from './json-paths.ts';
import { JSON_SCHEMAS } from './json-schemas.ts';
import { JSON_TEXTS } from './json-texts.ts';
import { NETWORKS } from './networks.ts';
import { OBJECTS } from './objects.ts';
import { OPERATORS } from './operators.ts';
import { OUTPUTS } from './output.ts';
import { REGEXES } from './regexes.ts';
import { SETS } from './sets.ts';
import type { PureBuiltinName } from './signatures.ts';
import { STRINGS } from './strings.ts';
import { TIMES } from './times.ts';
import { TOKENS } from './tokens.ts';
import { parseSignature, type SignatureShape } from './type-shape.ts';
import { TYPE_TESTS } from './type-tests.ts';
import { UNITS } from './units.ts';
import { URIS } from './uris.ts';
import { VERSIONS } from './versions.ts';

const PURE_BUILTINS = {
  ...AGGREGATES,
  ...JSON_SCHEMAS,
  ...CERTIFICATES,
  ...URIS,
  ...TOKENS,
  ...OUTPUTS,
  ...HASHES,
  ...TIMES,
  ...NETWORKS,
  ...JSON_PATHS,
  ...ARRAYS,
  ...VERSIONS,
  ...UNITS,
  ...REGEXES,
  ...JSON_TEXTS,
  ...GLOBS,
  ...ENCODINGS,
  ...BITS,
  ...GRAPHS,
  ...OBJECTS,
  ...OPERATORS,
  ...SETS,
  ...STRINGS,
  ...TYPE_TESTS,
} satisfies Record<PureBuiltinName, BuiltinFunction>;

/** A builtin ready to be called. */
export type Builtin =
  | {
      readonly kind: 'function';
      readonly name: string;
      readonly signature: SignatureShape;
      readonly call: BuiltinFunction;
      /** Of this engine; nothing is known of what the host defines. */
      readonly isStock?: true;
    }
  | {
      readonly kind: 'relation';
      readonly name: string;
      readonly signature: SignatureShape;
      readonly iterate: RelationFunction;
      readonly isStock?: true;
    };

/** What an embedding program registers. */
export interface CustomBuiltin {
  /** Dotted, as called: `result.new`. One that OPA also has replaces OPA's. */
  readonly name: string;
  readonly args: readonly string[];
  readonly result: string;
  readonly fn: (
    ctx: BuiltinContext,
    ...values: readonly Value[]
  ) => Value | undefined | BuiltinFault;
}

/**
 * A typed builtin of the host, types in the notation of type-shape.ts:
 * `defineBuiltin({ name: 'cidr.is_public', args: ['ip: string'], result: 'boolean', fn: (ctx, ip) => ... })`.
 * Throws a `TypeError` when a type is malformed.
 */
export function defineBuiltin(custom: CustomBuiltin): Builtin {
  const signature = parseSignature(`(${custom.args.join(', ')}) => ${custom.result}`);
  return {
    kind: 'function',
    name: custom.name,
    signature,
    call: (ctx, args) => custom.fn(ctx, ...args),
  };
}

export type BuiltinTable = ReadonlyMap<string, Builtin>;

/** Every builtin there is to call: those of OPA this engine evaluates, then the host's, which win. */
export function createBuiltinTable(custom: readonly Builtin[] = []): BuiltinTable {
  return makeBuiltinTable(PURE_BUILTINS, RELATIONS, custom);
}
