/**
 * The public face of the engine: compile policies, ask them, decide by them. Usable without files; every name here is part of
 * the public contract.
 */
export type { BuiltinContext } from './builtins/context.ts';
export {
  type Builtin,
  type CustomBuiltin,
  createBuiltinTable,
  defineBuiltin,
} from './builtins/registry.ts';
export { checkerSignatures } from './checker-signatures.ts';
export type { CompileOptions } from './compile-options.ts';
export {
  type ApprovalDemand,
  type ApprovalScope,
  type Decision,
  type Effect,
  MASK_METHODS,
  type Mask,
  type MaskMethod,
  type Reason,
  type RuleLocation,
} from './contract/decision.ts';
export type {
  ActionClass,
  ActionInput,
  ActionKind,
  ContextInput,
  GrantInput,
  IdentityInput,
  PolicyInput,
  ResourceInput,
  SessionInput,
} from './contract/input.ts';
export { patchPolicySet } from './data-history.ts';
export type { DataPatch, PatchFault } from './data-patches.ts';
export {
  ALLOWED,
  createDecider,
  type Decider,
  type DeciderOptions,
  type Interpreted,
  NOT_ALLOWED,
  POLICY_ERROR,
} from './decide.ts';
export { cacheDecisions, MAX_CACHED_DECISIONS } from './decision-cache.ts';
export {
  type Binding,
  type Evaluation,
  type EvaluationOptions,
  evaluatePath,
  evaluateQuery,
} from './evaluate.ts';
export { compilePolicies, type PolicySet, type PolicySources } from './policy-set.ts';
export { type PreparedQuery, prepareQuery } from './prepare-query.ts';
export { type InputPath, inputPathText } from './reads/input-path.ts';
export { type ReadableRules, readsOfDecision, readsOfDocument } from './reads/static-reads.ts';
export {
  describeError,
  type EvaluationError,
  type EvaluationErrorCode,
  type PolicyPlace,
} from './run/failure.ts';
export { DEFAULT_LIMITS, type Limits, type MonotonicClock } from './run/limits.ts';
export { type Coverage, CoverageRecorder, measureCoverage } from './testing/coverage.ts';
export { findTests, type PolicyTest } from './testing/find-tests.ts';
export { runTest, type TestResult } from './testing/run-tests.ts';
export { readJson, writeJson } from './value/json.ts';
export { RegoObject } from './value/object.ts';
export { fromPlain, type Plain, toPlain } from './value/plain.ts';
export { RegoSet } from './value/set.ts';
export { termText } from './value/text.ts';
export type { RegoNumber, Value } from './value/value.ts';
