/**
 * All builtins by name: OPA's pure ones and those an embedding program defines. This is the only file the evaluator needs.
 */
import { ValueError } from '../value/error.ts';
import { type BuiltinFault, isFault } from '../value/fault.ts';
import { fromPlain } from '../value/plain.ts';
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
import { operandTypeFault } from './operand.ts';
import { OPERATORS } from './operators.ts';
import { OUTPUTS } from './output.ts';
import { REGEXES } from './regexes.ts';
import { SETS } from './sets.ts';
import { hasShape, shapeText } from './shape-check.ts';
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

const CALLED_NAME = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;

/**
 * A typed builtin of the host, types in the notation of type-shape.ts:
 * `defineBuiltin({ name: 'cidr.is_public', args: ['ip: string'], result: 'boolean', fn: (ctx, ip) => ... })`.
 * `fn` is called with arguments of the types it declares, and with no others: those make the call undefined, or are an error where
 * builtin errors are strict. What it returns may be plain data; what is not of the declared type ends the evaluation.
 * Throws a `TypeError` when a type or the name is malformed.
 */
export function defineBuiltin(custom: CustomBuiltin): Builtin {
  if (!CALLED_NAME.test(custom.name))
    throw new TypeError(`no policy can call a builtin by the name ${custom.name}`);
  const signature = parseSignature(`(${custom.args.join(', ')}) => ${custom.result}`);
  return {
    kind: 'function',
    name: custom.name,
    signature,
    call: (ctx, args) => {
      const fault = operandOfAnotherShape(signature, args);
      if (fault !== undefined) return fault;
      const given = custom.fn(ctx, ...args);
      return given === undefined || isFault(given) ? given : promised(custom, signature, given);
    },
  };
}

function operandOfAnotherShape(
  { parameters }: SignatureShape,
  args: readonly Value[],
): BuiltinFault | undefined {
  for (const [at, { type }] of parameters.entries()) {
    const value = args[at];
    if (value !== undefined && !hasShape(value, type))
      return operandTypeFault(at + 1, value, shapeText(type));
  }
  return undefined;
}

/** The host broke its word where this throws: no policy is at fault. */
function promised({ name }: CustomBuiltin, { result }: SignatureShape, given: Value): Value {
  const value = fromPlain(given);
  if (result !== undefined && !hasShape(value, result.type))
    throw new ValueError(
      'value/not-representable',
      `${name} gave a value that is no ${shapeText(result.type)}`,
    );
  return value;
}

export type BuiltinTable = ReadonlyMap<string, Builtin>;

/** Every builtin there is to call: those of OPA this engine evaluates, then the host's, which win. */
export function createBuiltinTable(custom: readonly Builtin[] = []): BuiltinTable {
  return makeBuiltinTable(PURE_BUILTINS, RELATIONS, custom);
}
