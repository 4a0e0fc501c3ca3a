/** Runs one case and says how it went: passed, refused with a named code, or failed and why. */

import { defineBuiltin } from '../../engine/builtins/registry.ts';
import type { CompileOptions } from '../../engine/compile-options.ts';
import {
  type Binding,
  type EngineName,
  type EvaluationOptions,
  evaluateQuery,
} from '../../engine/evaluate.ts';
import { compilePolicies } from '../../engine/policy-set.ts';
import { prepareQuery } from '../../engine/prepare-query.ts';
import { describeError } from '../../engine/run/failure.ts';
import {
  canonicalKey,
  compareValues,
  isArray,
  isObject,
  isSet,
} from '../../engine/value/compare.ts';
import { jsonKey } from '../../engine/value/json.ts';
import { RegoObject } from '../../engine/value/object.ts';
import { termText } from '../../engine/value/text.ts';
import type { Value } from '../../engine/value/value.ts';
import type { Diagnostic } from '../../lang/diagnostic.ts';
import type { ConformanceCase } from './read-cases.ts';

export type Outcome =
  | { readonly kind: 'passed' }
  /** Refused when it was compiled, with the codes of the `refused/` family. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** What a builtin gets that only OPA's own test program has (`test.sleep`). */
const UNKNOWN_FUNCTION = 'check/unknown-function';
const PASSED: Outcome = { kind: 'passed' };
/** Milliseconds a case may take: a hundred times what the slowest needs. */
const CASE_TIME_MS = 20_000;
/** The time of the evaluation, 2026-01-01: tokens of the suite are valid or expired then as they were when it was written. */
const NOW_NS = 1_767_225_600_000_000_000n;

/** What a host may record for a decision, recorded: the time, and a runtime that says nothing. */
const HOST: CompileOptions = {
  allowMocked: true,
  provided: ['time.now_ns'],
  builtins: [
    defineBuiltin({
      name: 'opa.runtime',
      args: [],
      result: 'object[string: any]',
      fn: () => RegoObject.EMPTY,
    }),
  ],
};

/** Runs a case on an engine; never throws for what a case says. */
export function runCase(test: ConformanceCase, engine: EngineName): Outcome {
  const policies = test.modules.map((text, index) => ({ name: `test-${index}.rego`, text }));
  const { policySet, diagnostics } = compilePolicies({ policies }, HOST);
  if (policySet === undefined) return notCompiled(diagnostics);
  const prepared = prepareQuery(policySet, test.query);
  const { query } = prepared;
  if (query === undefined) return notCompiled(prepared.diagnostics);
  const input = test.inputTerm === undefined ? test.input : valueOfTerm(test.inputTerm);
  const options: EvaluationOptions = {
    engine,
    input,
    limits: { timeMs: CASE_TIME_MS },
    nowNs: NOW_NS,
    ...(test.data === undefined ? {} : { data: test.data }),
  };
  const evaluate = (strictBuiltinErrors: boolean): ReturnType<typeof evaluateQuery> =>
    evaluateQuery(policySet, query, { ...options, strictBuiltinErrors });
  const expectsError = test.wantError !== undefined || test.wantErrorCode !== undefined;
  const strictly = expectsError ? checkError(test, evaluate(test.strictError)) : PASSED;
  if (strictly.kind !== 'passed' || (expectsError && !test.strictError)) return strictly;
  const evaluation = evaluate(false);
  if (!evaluation.ok) return failed(`error: ${evaluation.error.code}: ${evaluation.error.message}`);
  return test.wantResult === undefined ? PASSED : checkResult(test, evaluation.result);
}

function failed(reason: string): Outcome {
  return { kind: 'failed', reason };
}

function notCompiled(diagnostics: readonly Diagnostic[]): Outcome {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const refused = errors.find(
    ({ code }) => code.startsWith('refused/') || code === UNKNOWN_FUNCTION,
  );
  if (refused !== undefined) {
    return { kind: 'refused', reason: `${refused.code}: ${refused.message}` };
  }
  const [first] = errors;
  return failed(`does not compile: ${first?.code}: ${first?.message}`);
}

function checkError(test: ConformanceCase, evaluation: ReturnType<typeof evaluateQuery>): Outcome {
  const wanted = `${test.wantErrorCode ?? ''}: ${test.wantError ?? ''}`;
  if (evaluation.ok) {
    return failed(`got ${evaluation.result.length} results, want error ${wanted}`);
  }
  const { code } = evaluation.error;
  const shown = describeError(evaluation.error);
  const matches = (test.wantErrorCode ?? code) === code && shown.includes(test.wantError ?? '');
  return matches ? PASSED : failed(`got error ${shown}, want ${wanted}`);
}

function checkResult(test: ConformanceCase, bindings: readonly Binding[]): Outcome {
  const got = bindings.map((binding) =>
    RegoObject.from(Object.entries(binding).map(([name, value]) => [name, asJson(value)])),
  );
  const want = test.wantResult ?? [];
  const shown = (results: readonly RegoObject[]): string =>
    results
      .map((result) => canonicalKey(arrange(test, result)))
      .sort()
      .join();
  if (shown(got) === shown(want)) return PASSED;
  return failed(`got ${got.map(termText).join()}, want ${want.map(termText).join()}`);
}

function arrange(test: ConformanceCase, binding: RegoObject): Value {
  if (!test.sortBindings) return binding;
  return RegoObject.from(
    binding
      .toSortedEntries()
      .map(([name, value]) => [name, isArray(value) ? value.toSorted(compareValues) : value]),
  );
}

/** The value as JSON has it: sets as arrays in Rego order, keys as texts. */
function asJson(value: Value): Value {
  if (isArray(value)) return value.map(asJson);
  if (isSet(value)) return value.toSorted().map(asJson);
  if (!isObject(value)) return value;
  return RegoObject.from(value.toSortedEntries().map(([key, v]) => [jsonKey(key), asJson(v)]));
}

function valueOfTerm(text: string): Value {
  const { policySet } = compilePolicies({ policies: [] });
  const { query } = policySet === undefined ? {} : prepareQuery(policySet, `value = ${text}`);
  const evaluation =
    policySet !== undefined && query !== undefined ? evaluateQuery(policySet, query) : undefined;
  const value = evaluation?.ok ? evaluation.result[0]?.['value'] : undefined;
  if (value === undefined) throw new Error(`not a term: ${text}`);
  return value;
}
