/** Expressions and values as a person reads them: text of the policy as written, values as Rego text, both cut to a length. */
import type { Term } from '../../lang/ast/nodes.ts';
import type { CheckedRule } from '../../lang/check/checked.ts';
import type { Span } from '../../lang/source.ts';
import { hasUnbound, isSingle, type Scope } from '../interpret/machine.ts';
import { EvaluationFailure } from '../run/failure.ts';
import { termText } from '../value/text.ts';
import type { Value } from '../value/value.ts';
import type { ShownValue } from './outcome.ts';

/** Characters of an expression or a value that are shown. */
const MAX_TEXT = 240;
/** Values shown of a term that has several. */
const MAX_VALUES = 3;

/** The text of a node as written, on one line. */
export function textOf(rule: CheckedRule, { span }: { readonly span: Span }): string {
  return cut(rule.source.text.slice(span.start, span.end).replace(/\s+/g, ' '));
}

/** A value as Rego text. */
export function valueText(value: Value): string {
  return cut(termText(value));
}

/**
 * The values of a term, the first few; none where it is undefined, or where a variable of it has no value yet. What fails while
 * it is shown has failed before, or would have: it is shown as undefined.
 */
export function valuesOf(scope: Scope, term: Term): readonly Value[] {
  const { needed } = scope.machine.facts.of(term);
  if (needed.some((name) => !scope.frame.has(name))) return [];
  if (hasUnbound(scope, term)) return [];
  const mark = scope.frame.mark();
  try {
    if (isSingle(scope, term)) {
      const value = scope.machine.one(scope, term);
      return value === undefined ? [] : [value];
    }
    const values: Value[] = [];
    scope.machine.each(scope, term, (value) => {
      values.push(value);
      return values.length === MAX_VALUES;
    });
    return values;
  } catch (cause) {
    scope.frame.undo(mark);
    if (cause instanceof EvaluationFailure) return [];
    throw cause;
  }
}

/** A term with its value; with several, they are joined by `or`. */
export function showTerm(scope: Scope, rule: CheckedRule, term: Term): ShownValue {
  const values = valuesOf(scope, term);
  const value = values.length === 0 ? undefined : values.map(valueText).join(' or ');
  return { text: textOf(rule, term), value };
}

function cut(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 3)}...`;
}
