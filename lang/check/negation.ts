/**
 * OPA's legacy `not`: references and comprehensions inside a negated statement are evaluated before it, outside the negation,
 * so that an undefined operand fails the rule instead of making the negation true. Only a reference that is itself a side of an
 * equation, or the whole statement, stays inside.
 * `import future.keywords.not` turns this off (https://www.openpolicyagent.org/docs/policy-language#negation).
 */
import type { NameSource } from './context.ts';
import type { LoweredSegment, LoweredTerm, LoweredVar, Step, StepForm } from './lowered.ts';

/**
 * The ordered body with what OPA takes out of each legacy negation standing before it.
 * @param equalUnifies `==` keeps its sides like `=`: so in rules, but not in queries
 */
export function hoistNegated(
  body: readonly Step[],
  names: NameSource,
  equalUnifies: boolean,
): Step[] {
  const result: Step[] = [];
  for (const step of body) {
    if (!step.negated) {
      result.push(step);
      continue;
    }
    const hoist: Hoist = { names, equalUnifies, step, before: result };
    const form = hoistForm(hoist, step.form);
    result.push({ ...step, form });
  }
  return result;
}

interface Hoist {
  readonly names: NameSource;
  readonly equalUnifies: boolean;
  readonly step: Step;
  readonly before: Step[];
}

function hoistForm(hoist: Hoist, form: StepForm): StepForm {
  if (form.kind === 'term') return { ...form, term: hoistInside(hoist, form.term) };
  if (form.kind === 'eq') {
    return {
      ...form,
      left: hoistInside(hoist, form.left),
      right: hoistInside(hoist, form.right),
    };
  }
  if (form.kind !== 'call' || form.shape.kind === 'print') return form;
  const isEquation = hoist.equalUnifies && form.callee.name === 'equal' && form.args.length === 2;
  const each = isEquation ? hoistInside : hoistWhole;
  return { ...form, args: form.args.map((arg) => each(hoist, arg)) };
}

/** Keeps a reference or comprehension where it is and takes out what its path evaluates. */
function hoistInside(hoist: Hoist, term: LoweredTerm): LoweredTerm {
  if (term.kind === 'comprehension') return term;
  if (term.kind === 'ref') return { ...term, path: hoistPath(hoist, term.path) };
  return hoistWhole(hoist, term);
}

function hoistPath(hoist: Hoist, path: readonly LoweredSegment[]): readonly LoweredSegment[] {
  return path.map((segment) =>
    segment.term.kind === 'scalar'
      ? segment
      : { ...segment, term: hoistWhole(hoist, segment.term) },
  );
}

function hoistWhole(hoist: Hoist, term: LoweredTerm): LoweredTerm {
  switch (term.kind) {
    case 'scalar':
      return term;
    case 'var':
      return term.name === 'input' || term.name === 'data' ? takeOut(hoist, term) : term;
    case 'ref':
      return takeOut(hoist, { ...term, path: hoistPath(hoist, term.path) });
    case 'comprehension':
      return takeOut(hoist, term);
    case 'array':
    case 'set':
      return { ...term, items: term.items.map((item) => hoistWhole(hoist, item)) };
    case 'object':
      return {
        ...term,
        entries: term.entries.map((entry) => ({
          ...entry,
          key: hoistWhole(hoist, entry.key),
          value: hoistWhole(hoist, entry.value),
        })),
      };
  }
}

function takeOut(hoist: Hoist, term: LoweredTerm): LoweredVar {
  const made: LoweredVar = { kind: 'var', span: term.span, name: hoist.names.fresh() };
  hoist.before.push({
    span: term.span,
    form: { kind: 'eq', left: made, right: term, assign: false, some: undefined },
    with: hoist.step.with,
    negated: false,
    generated: made.name,
    origin: hoist.step.origin,
    outputs: new Set([made.name]),
    pinned: true,
  });
  return made;
}
