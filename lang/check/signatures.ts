/**
 * What the checker must know of a builtin. The table itself comes in as an argument: `lang` knows no builtin by heart
 * except the operators that the grammar writes as signs.
 * Follows the `decl` of OPA's capabilities file.
 */
import type { InfixOperator } from '../ast/nodes.ts';

/** The declared type of an argument or result, as the capabilities file writes it; `lang/types` reads it, the checker only counts. */
export interface BuiltinType {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface BuiltinSignature {
  readonly name: string;
  readonly args: readonly BuiltinType[];
  /** Undefined for a builtin that yields nothing (`print`). */
  readonly result: BuiltinType | undefined;
  /** The sign of an operator. */
  readonly infix?: string;
  /** Yields any number of results (`walk`). */
  readonly relation?: boolean;
  readonly deprecated?: boolean;
  readonly nondeterministic?: boolean;
  /** Takes any number of arguments (`print`). */
  readonly variadic?: boolean;
}

/** Signatures by name. */
export type BuiltinTable = ReadonlyMap<string, BuiltinSignature>;

/** The builtin each infix sign calls. */
export const OPERATOR_BUILTINS: Readonly<Record<InfixOperator, string>> = {
  '+': 'plus',
  '-': 'minus',
  '*': 'mul',
  '/': 'div',
  '%': 'rem',
  '&': 'and',
  '|': 'or',
  '==': 'equal',
  '!=': 'neq',
  '<': 'lt',
  '<=': 'lte',
  '>': 'gt',
  '>=': 'gte',
};

/** `v in xs` and `k, v in xs`. */
export const MEMBER_BUILTIN = 'internal.member_2';
export const KEYED_MEMBER_BUILTIN = 'internal.member_3';

/** Names that are called but never evaluated as functions: the checker replaces them. */
export const METADATA_CHAIN = 'rego.metadata.chain';
export const METADATA_RULE = 'rego.metadata.rule';

const ARITIES: ReadonlyMap<string, number> = new Map([
  ...Object.values(OPERATOR_BUILTINS).map((name): [string, number] => [name, 2]),
  [MEMBER_BUILTIN, 2],
  [KEYED_MEMBER_BUILTIN, 3],
]);

/** Number of arguments of a builtin without its output; undefined when there is no such builtin. */
export function builtinArity(table: BuiltinTable, name: string): number | undefined {
  return table.get(name)?.args.length ?? ARITIES.get(name);
}
