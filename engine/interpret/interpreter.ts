/**
 * The reference interpreter: top-down evaluation of the checked syntax tree, kept simple because everything faster is measured
 * against it. Semantics: OPA 1.x (https://www.openpolicyagent.org/docs/policy-language).
 */
import type { Call } from '../../lang/ast/nodes.ts';
import type { Callee } from '../../lang/check/checked.ts';
import type { BuiltinTable as SignatureTable } from '../../lang/check/signatures.ts';
import type { BuiltinContext } from '../builtins/context.ts';
import type { BuiltinTable } from '../builtins/registry.ts';
import type { Budget } from '../run/limits.ts';
import { builtin, call } from './calls.ts';
import { document } from './documents.ts';
import { solve } from './literals.ts';
import type { Machine } from './machine.ts';
import { overlay } from './overlay.ts';
import { eachRef, oneRef } from './refs.ts';
import type { RuleNode } from './rule-tree.ts';
import { functionValue, ruleValue } from './rules.ts';
import type { TermFactTable } from './term-facts.ts';
import { each, eachList, one } from './terms.ts';
import type { Tracer } from './tracer.ts';
import { match } from './unify.ts';

/** What one evaluation needs. All but the last four are shared by all evaluations of a policy set. */
export interface MachineOptions {
  readonly calleeOf: (call: Call) => Callee | undefined;
  readonly tree: RuleNode;
  readonly facts: TermFactTable;
  readonly builtins: BuiltinTable;
  readonly signatures: SignatureTable;
  readonly builtinContext: BuiltinContext;
  readonly budget: Budget;
  readonly strictBuiltinErrors: boolean;
  readonly print: ((line: string) => void) | undefined;
  readonly tracer: Tracer | undefined;
}

/** An interpreter for one evaluation; what it reads of the input collects in `reads`. */
export function createMachine(options: MachineOptions): Machine {
  const machine: Machine = {
    ...options,
    reads: new Set(),
    one,
    each,
    eachList,
    oneRef,
    eachRef,
    match,
    solve,
    overlay,
    call,
    builtin,
    document: (world, node, base) => document(machine, world, node, base),
    ruleValue: (world, node, keys) => ruleValue(machine, world, node, keys),
    functionValue: (world, node, args) => functionValue(machine, world, node, args),
  };
  return machine;
}
