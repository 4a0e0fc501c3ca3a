/**
 * Refuses calls whose result is matched where they stand against more than a new variable (`f(x, [y, 1])`), if the function has several
 * definitions. OPA passes over definitions whose written value cannot match, evaluates their `else` in their place, and keeps the
 * result of one call for the next, so that its answer depends on which of two calls comes first. Must not judge builtins, which
 * have one result.
 */
import type { Source } from '../source.ts';
import type { CallCheck } from './calls.ts';
import type { LoweredBranch, LoweredTerm, Step } from './lowered.ts';
import { findNode } from './rule-tree.ts';
import { eachStep } from './steps.ts';

/** Reports such calls of a body that is in order; true when there were any. */
export function refuseOutputPatterns(
  check: CallCheck,
  source: Source,
  branch: LoweredBranch,
): boolean {
  const before = check.report.errorCount();
  eachStep(branch.body, (step) => {
    const { form } = step;
    if (form.kind !== 'call' || form.callee.kind !== 'function') return;
    const pattern = outputPattern(check, step);
    if (pattern === undefined || !hasChoice(check, form.callee.path)) return;
    report(check, source, step, pattern);
  });
  return check.report.errorCount() > before;
}

/** The argument that receives the result, unless it is a variable that the call binds. */
function outputPattern(check: CallCheck, step: Step): LoweredTerm | undefined {
  const { form } = step;
  if (form.kind !== 'call' || form.output !== undefined) return undefined;
  const output = form.args[check.arityOf(form.callee) ?? form.args.length];
  if (output?.kind === 'var' && step.outputs?.has(output.name)) return undefined;
  return output;
}

function hasChoice({ tree }: CallCheck, path: readonly string[]): boolean {
  const entries = findNode(tree, path)?.entries ?? [];
  return entries.length > 1 || entries.some(({ rule }) => rule.else.length > 0);
}

function report(check: CallCheck, source: Source, step: Step, pattern: LoweredTerm): void {
  const { form } = step;
  if (form.kind !== 'call') return;
  const output = source.text.slice(pattern.span.start, pattern.span.end);
  const call = source.text.slice(step.span.start, pattern.span.start).replace(/,\s*$/, ')');
  check.report.error(
    'refused/output-pattern',
    source,
    pattern.span,
    `\`${form.callee.name}\`, which has several definitions, is matched with its result as an argument`,
    { help: `write \`${output} = ${call}\`` },
  );
}
