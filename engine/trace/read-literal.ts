/** Reads one literal: what its parts are, in words, and which rules decided it. */
import type { Body, Expr, Literal, Term } from '../../lang/ast/nodes.ts';
import type { CheckedRule } from '../../lang/check/checked.ts';
import type { Scope } from '../interpret/machine.ts';
import { membersOf } from '../interpret/refs.ts';
import { differencesBetween } from './differences.ts';
import type { Inquiry } from './inquiry.ts';
import type { Comparison, Reading } from './outcome.ts';
import { followRules, showParts } from './parts.ts';
import { showTerm, textOf, valuesOf, valueText } from './shown.ts';
import {
  isComparison,
  isConstant,
  sayComparison,
  sayMembership,
  sayMissing,
  sayOperands,
  type Words,
} from './wording.ts';

/** Characters up to which a value is told in a sentence about something else. */
const SHORT_VALUE = 60;
/** Characters of both sides of a comparison from which on it is told where they differ. */
const HARD_TO_COMPARE = 100;

/** See `Inquiry.readLiteral`. */
export function readLiteral(
  inquiry: Inquiry,
  scope: Scope,
  rule: CheckedRule,
  literal: Literal,
  isHeld: boolean,
): Reading {
  let reading: Reading | undefined;
  scope.machine.overlay(scope, literal.with, (inner) => {
    reading = readExpr({ inquiry, scope: inner, rule }, literal.expr, isHeld);
    return true;
  });
  return (
    reading ?? {
      says: 'a value of its `with` has no value',
      needs: undefined,
      comparison: undefined,
      values: literal.with.map(({ value }) => showTerm(scope, rule, value)),
      rules: [],
    }
  );
}

/** A term that should say something and has no value. */
export function readUndefined(scope: Scope, rule: CheckedRule, term: Term): Reading {
  const words = sayMissing(scope, rule, term);
  return {
    ...EMPTY,
    says: words?.says ?? `\`${textOf(rule, term)}\` has no value`,
    needs: words?.needs,
    values: showParts(scope, rule, term),
  };
}

interface Context {
  readonly inquiry: Inquiry;
  readonly scope: Scope;
  readonly rule: CheckedRule;
}

function readExpr(context: Context, expr: Expr, isHeld: boolean): Reading {
  const { inquiry, scope, rule } = context;
  const reading = (words: Words, follow = isHeld): Reading => ({
    ...words,
    comparison: comparisonOf(context, expr),
    values: showParts(scope, rule, expr),
    rules: followRules(inquiry, scope, expr, follow),
  });
  switch (expr.kind) {
    case 'TermExpr':
      return reading(isHeld ? sayOperandsOf(context, expr.term) : sayFailed(context, expr.term));
    case 'Assign':
      return reading(sayUnification(context, expr.target, expr.value, isHeld));
    case 'Unify':
      return reading(sayUnification(context, expr.left, expr.right, isHeld));
    case 'SomeIn':
      return reading(
        isHeld
          ? sayFound(context, expr.value, expr.collection)
          : sayNoMember(context, expr.collection, false),
      );
    case 'Every':
      return isHeld
        ? reading(sayOperands(scope, rule, [expr.domain]))
        : (readFailedMember(context, expr) ?? reading(sayNoMember(context, expr.domain, false)));
    case 'Not':
      return isHeld ? readAbsence(context, expr.body) : readPresence(context, expr.body);
    case 'Logical':
      return readSides(context, [expr.left, expr.right], isHeld);
    case 'SomeDecl':
      return reading({ says: 'it declares variables', needs: undefined });
  }
}

function sayOperandsOf({ scope, rule }: Context, term: Term): Words {
  const operands =
    term.kind === 'Membership' || term.kind === 'Infix'
      ? [...('left' in term ? [term.left, term.right] : [term.value, term.collection])]
      : [term];
  const words = sayOperands(scope, rule, operands);
  return { ...words, says: `${words.says}${argumentsOf(scope, rule, term)}` };
}

function sayFailed({ scope, rule }: Context, term: Term): Words {
  const missing = sayMissing(scope, rule, term);
  if (missing !== undefined) return missing;
  if (isComparison(term)) return sayComparison(scope, rule, term);
  if (term.kind === 'Membership') return sayMembership(scope, rule, term);
  const text = textOf(rule, term);
  const says = `\`${text}\` is false${argumentsOf(scope, rule, term)}`;
  return { says, needs: `\`${text}\` would have to be true` };
}

/** `: ` and the arguments of a call with their values; nothing for what is no call. */
function argumentsOf(scope: Scope, rule: CheckedRule, term: Term): string {
  if (term.kind !== 'Call') return '';
  const { says } = sayOperands(scope, rule, term.args);
  return says === '' ? '' : `: ${says}`;
}

function sayUnification(
  { scope, rule }: Context,
  target: Term,
  value: Term,
  isHeld: boolean,
): Words {
  const words = sayOperands(scope, rule, [value]);
  if (isHeld) return words;
  const missing = sayMissing(scope, rule, value);
  if (missing !== undefined) return missing;
  return {
    says: `${words.says}, which does not match \`${textOf(rule, target)}\``,
    needs: undefined,
  };
}

/** The member a variable stands for, unless it is too large to say anything. */
function sayFound(context: Context, target: Term, collection: Term): Words {
  const { value = '' } = showTerm(context.scope, context.rule, target);
  const isShort = value !== '' && value.length <= SHORT_VALUE;
  return isShort
    ? sayOperands(context.scope, context.rule, [target])
    : sayNoMember(context, collection, true);
}

function sayNoMember({ scope, rule }: Context, collection: Term, isHeld: boolean): Words {
  const text = textOf(rule, collection);
  const [value] = valuesOf(scope, collection);
  if (value === undefined) {
    return (
      sayMissing(scope, rule, collection) ?? { says: `\`${text}\` has no value`, needs: undefined }
    );
  }
  const count = [...membersOf(value)].length;
  if (isHeld)
    return {
      says: `\`${text}\` has ${count} ${count === 1 ? 'member' : 'members'}`,
      needs: undefined,
    };
  if (count === 0) {
    return {
      says: `\`${text}\` is ${valueText(value)}: there is none`,
      needs: `\`${text}\` would have to have a member`,
    };
  }
  return { says: `no member of \`${text}\` matches: it is ${valueText(value)}`, needs: undefined };
}

/** The member for which the body of an `every` fails. */
function readFailedMember(
  { inquiry, scope, rule }: Context,
  expr: Extract<Expr, { kind: 'Every' }>,
): Reading | undefined {
  for (const domain of valuesOf(scope, expr.domain)) {
    for (const [key, value] of membersOf(domain)) {
      const mark = scope.frame.mark();
      if (expr.key?.kind === 'Var') scope.frame.bind(expr.key.name, key);
      if (expr.value.kind === 'Var') scope.frame.bind(expr.value.name, value);
      const reading = inquiry.readStop(inquiry, scope, rule, expr.body);
      scope.frame.undo(mark);
      if (reading !== undefined) {
        const which = `with \`${textOf(rule, expr.value)}\` ${valueText(value)}`;
        return { ...reading, says: `${which}: ${reading.says}` };
      }
    }
  }
  return undefined;
}

/** Why a negated body has a solution: what its last literal found. */
function readPresence({ inquiry, scope, rule }: Context, body: Body): Reading {
  let reading: Reading | undefined;
  scope.machine.solve(scope, body, () => {
    const literal = body.literals.at(-1);
    if (literal !== undefined) reading = inquiry.readLiteral(inquiry, scope, rule, literal, true);
    return true;
  });
  const text = textOf(rule, body).replace(/^not\s+/, '');
  return {
    ...(reading ?? EMPTY),
    says: reading?.says === undefined || reading.says === '' ? `\`${text}\` holds` : reading.says,
    needs: `\`${text}\` would have to be false or without a value`,
  };
}

/** Why a negated body has none. */
function readAbsence({ inquiry, scope, rule }: Context, body: Body): Reading {
  return { ...(inquiry.readStop(inquiry, scope, rule, body) ?? EMPTY), needs: undefined };
}

function readSides(
  { inquiry, scope, rule }: Context,
  sides: readonly Body[],
  isHeld: boolean,
): Reading {
  const readings = sides.map((side) =>
    isHeld
      ? readPresence({ inquiry, scope, rule }, side)
      : inquiry.readStop(inquiry, scope, rule, side),
  );
  const failed = readings.filter((reading) => reading !== undefined);
  const needs = failed.flatMap((reading) => (isHeld ? [] : (reading.needs ?? [])));
  return {
    says: failed.map(({ says }) => says).join('; '),
    needs: needs.length === 0 ? undefined : needs.join(', or '),
    comparison: undefined,
    values: failed.flatMap(({ values }) => values),
    rules: failed.flatMap(({ rules }) => rules),
  };
}

const EMPTY: Reading = {
  says: '',
  needs: undefined,
  comparison: undefined,
  values: [],
  rules: [],
};

function comparisonOf({ scope, rule }: Context, expr: Expr): Reading['comparison'] {
  if (expr.kind !== 'TermExpr' || !isComparison(expr.term)) return undefined;
  const { left, right, operator } = expr.term;
  const isTurned = isConstant(scope, left) && !isConstant(scope, right);
  const [got, want] = isTurned ? [right, left] : [left, right];
  const shown = { got: showTerm(scope, rule, got), want: showTerm(scope, rule, want) };
  const differences = operator === '==' ? differencesIn(scope, [got, want], shown) : [];
  return {
    operator: isTurned ? turned(operator) : operator,
    ...shown,
    ...(differences.length === 0 ? {} : { differences }),
  };
}

function differencesIn(
  scope: Scope,
  terms: readonly [Term, Term],
  { got, want }: Pick<Comparison, 'got' | 'want'>,
): readonly string[] {
  if ((got.value?.length ?? 0) + (want.value?.length ?? 0) < HARD_TO_COMPARE) return [];
  const [gotValues, wantValues] = terms.map((term) => valuesOf(scope, term));
  const [one, ...others] = gotValues ?? [];
  const [other, ...moreOthers] = wantValues ?? [];
  if (one === undefined || other === undefined || others.length + moreOthers.length > 0) return [];
  return differencesBetween(one, other);
}

/** The operator with its sides exchanged. */
function turned(operator: string): string {
  if (operator.startsWith('<')) return operator.replace('<', '>');
  return operator.replace('>', '<');
}
