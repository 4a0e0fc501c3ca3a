/** Making steps: the sink a term's steps go to, and the step that puts a term into a generated variable. */
import type { RuleContext, StepSink } from './context.ts';
import type { LoweredTerm, LoweredVar, Step, StepForm } from './lowered.ts';

/** A step that is a whole statement. */
export function statement(form: StepForm, sink: StepSink, span: Step['span']): Step {
  return {
    span,
    form,
    with: sink.with,
    negated: false,
    generated: undefined,
    origin: sink.origin,
    outputs: undefined,
    pinned: false,
  };
}

/**
 * Adds `$n = term` and returns `$n`.
 * @param pinned the step stays a statement of its own, which fails the body where the term is undefined
 */
export function pushEq(
  ctx: RuleContext,
  term: LoweredTerm,
  sink: StepSink,
  pinned = false,
): LoweredVar {
  const made: LoweredVar = { kind: 'var', span: term.span, name: ctx.names.fresh() };
  sink.steps.push({
    ...statement(
      { kind: 'eq', left: made, right: term, assign: false, some: undefined },
      sink,
      term.span,
    ),
    generated: made.name,
    pinned,
  });
  return made;
}

/** Holds the term neither a reference nor a comprehension, so that its parts give it its value without evaluation? */
export function isDeterminedByParts(term: LoweredTerm): boolean {
  switch (term.kind) {
    case 'scalar':
      return true;
    case 'var':
      return term.name !== 'data' && term.name !== 'input';
    case 'ref':
    case 'comprehension':
      return false;
    case 'array':
    case 'set':
      return term.items.every(isDeterminedByParts);
    case 'object':
      return term.entries.every(
        (entry) => isDeterminedByParts(entry.key) && isDeterminedByParts(entry.value),
      );
  }
}
