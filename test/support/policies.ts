/** Compiling policy texts in tests: a fault of the text is a fault of the test. */

import type { CompileOptions } from '../../engine/compile-options.ts';
import { type EvaluationOptions, evaluatePath } from '../../engine/evaluate.ts';
import { compilePolicies, type PolicySet } from '../../engine/policy-set.ts';
import type { EvaluationError } from '../../engine/run/failure.ts';
import { type Plain, toPlain } from '../../engine/value/plain.ts';

/** The policy set of some texts, named `policy-0.policy` and so on. */
export function compile(texts: readonly string[], options: CompileOptions = {}): PolicySet {
  const policies = texts.map((text, index) => ({ name: `policy-${index}.policy`, text }));
  const { policySet, diagnostics } = compilePolicies({ policies }, options);
  if (policySet === undefined) {
    throw new Error(diagnostics.map(({ code, message }) => `${code}: ${message}`).join('\n'));
  }
  return policySet;
}

/** The document at `path` below `data` as plain data, of texts in which `package p` may be left out. */
export function valueAt(
  path: string,
  text: string | readonly string[],
  options: EvaluationOptions = {},
): Plain | undefined {
  const evaluation = evaluateText(path, text, options);
  if (!evaluation.ok) throw new Error(`${evaluation.error.code}: ${evaluation.error.message}`);
  return evaluation.result === undefined ? undefined : toPlain(evaluation.result);
}

/** The error with which the evaluation of a document ends. */
export function errorAt(
  path: string,
  text: string | readonly string[],
  options: EvaluationOptions = {},
): EvaluationError {
  const evaluation = evaluateText(path, text, options);
  if (evaluation.ok) throw new Error('there was no error');
  return evaluation.error;
}

function evaluateText(
  path: string,
  text: string | readonly string[],
  options: EvaluationOptions,
): ReturnType<typeof evaluatePath> {
  const texts = typeof text === 'string' ? [`package p\n\n${text}`] : text;
  return evaluatePath(compile(texts), path.split('.'), options);
}
