/**
 * Terms with a body of their own: comprehensions and template strings. They read the variables around them and bind none.
 */
import type { Literal, ObjectComprehension, TemplateString, Term } from '../../lang/ast/nodes.ts';
import { joinedText } from '../builtins/joined-text.ts';
import { EvaluationFailure } from '../run/failure.ts';
import { equalValues } from '../value/compare.ts';
import { ObjectBuilder } from '../value/object.ts';
import { SetBuilder } from '../value/set.ts';
import { displayText } from '../value/text.ts';
import type { Value } from '../value/value.ts';
import type { NextValue, Scope } from './machine.ts';
import { internalFailure, placesIn } from './places.ts';

/** What a template shows for an expression without a value. */
const UNDEFINED_TEXT = '<undefined>';

/** The value of a comprehension or template. */
export function evaluateClosure(scope: Scope, term: Term): Value {
  switch (term.kind) {
    case 'ArrayComprehension': {
      const items: Value[] = [];
      collect(scope, term, (value) => void items.push(value));
      return items;
    }
    case 'SetComprehension': {
      const builder = new SetBuilder();
      collect(scope, term, (value) => void builder.add(value));
      return builder.build();
    }
    case 'ObjectComprehension':
      return objectComprehension(scope, term);
    case 'TemplateString':
      return template(scope, term);
    default:
      throw internalFailure(scope, `a ${term.kind} is no closure`, term);
  }
}

function collect(
  scope: Scope,
  term: Extract<Term, { kind: 'ArrayComprehension' | 'SetComprehension' }>,
  add: (value: Value) => void,
): void {
  const { machine } = scope;
  machine.solve(scope, term.body, () =>
    machine.each(scope, term.term, (value) => {
      add(value);
      return false;
    }),
  );
}

function objectComprehension(scope: Scope, term: ObjectComprehension): Value {
  const { machine } = scope;
  const builder = new ObjectBuilder();
  machine.solve(scope, term.body, () =>
    machine.eachList(scope, [term.key, term.value], ([key = null, value = null]) => {
      const before = builder.get(key);
      if (before !== undefined && !equalValues(before, value)) {
        const places = placesIn(scope, term);
        throw new EvaluationFailure('eval_conflict_error', 'object keys must be unique', places);
      }
      builder.set(key, value);
      return false;
    }),
  );
  return builder.build();
}

function template(scope: Scope, term: TemplateString): Value {
  const parts = term.parts.map((part) =>
    part.kind === 'String' ? part.value : displayExpression(scope, part.literal),
  );
  return joinedText(scope.machine.builtinContext, parts);
}

function displayExpression(scope: Scope, literal: Literal): string {
  let shown: Value | undefined;
  eachValueOf(scope, literal, (value) => {
    if (shown !== undefined && !equalValues(shown, value)) {
      const message = 'template-strings must not produce multiple outputs';
      throw new EvaluationFailure('eval_conflict_error', message, placesIn(scope, literal));
    }
    shown = value;
    return false;
  });
  return shown === undefined ? UNDEFINED_TEXT : displayText(shown);
}

/** The values of a literal that is a term, its `with` modifiers applied. */
function eachValueOf(scope: Scope, literal: Literal, next: NextValue): void {
  const { expr } = literal;
  if (expr.kind !== 'TermExpr') throw internalFailure(scope, 'a template holds no term', literal);
  const mark = scope.frame.mark();
  scope.machine.overlay(scope, literal.with, (inner) => inner.machine.each(inner, expr.term, next));
  scope.frame.undo(mark);
}
