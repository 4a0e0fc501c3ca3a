/** Plain words for what an expression came to, and for what would have to be true. Backticks mark text of the policy. */
import type { Infix, InfixOperator, Membership, Ref, Term } from '../../lang/ast/nodes.ts';
import type { CheckedRule } from '../../lang/check/checked.ts';
import { member } from '../interpret/input-document.ts';
import type { Scope } from '../interpret/machine.ts';
import { operandsOf } from '../interpret/operands.ts';
import { isArray, isObject, isSet } from '../value/compare.ts';
import type { ShownValue } from './outcome.ts';
import { showTerm, textOf, valuesOf, valueText } from './shown.ts';

export interface Words {
  readonly says: string;
  readonly needs: string | undefined;
}

/** What each comparison demands of its left side, and the same seen from the right. */
const DEMANDS: Readonly<Partial<Record<InfixOperator, readonly [string, string]>>> = {
  '==': ['', ''],
  '!=': ['anything but ', 'anything but '],
  '<': ['less than ', 'greater than '],
  '<=': ['at most ', 'at least '],
  '>': ['greater than ', 'less than '],
  '>=': ['at least ', 'at most '],
};

export function isComparison(term: Term): term is Infix {
  return term.kind === 'Infix' && DEMANDS[term.operator] !== undefined;
}

/** A comparison both sides of which have a value. */
export function sayComparison(scope: Scope, rule: CheckedRule, term: Infix): Words {
  const left = showTerm(scope, rule, term.left);
  const right = showTerm(scope, rule, term.right);
  const [forLeft = '', forRight = ''] = DEMANDS[term.operator] ?? [];
  const { says } = sayOperands(scope, rule, [term.left, term.right]);
  if (isConstant(scope, term.right)) {
    const not = term.operator === '==' ? `, not ${right.value}` : '';
    return { says: `${says}${not}`, needs: demand(left, forLeft, `${right.value}`) };
  }
  if (isConstant(scope, term.left)) {
    const not = term.operator === '==' ? `, not ${left.value}` : '';
    return { says: `${says}${not}`, needs: demand(right, forRight, `${left.value}`) };
  }
  const sort = term.operator === '==' ? 'equal to ' : forLeft;
  return { says, needs: demand(left, sort, `\`${right.text}\``) };
}

function demand({ text }: ShownValue, sort: string, wanted: string): string {
  return `\`${text}\` would have to be ${sort}${wanted}`;
}

/** `v in xs` that is false; its operands have values. */
export function sayMembership(scope: Scope, rule: CheckedRule, term: Membership): Words {
  const value = showTerm(scope, rule, term.value);
  const collection = showTerm(scope, rule, term.collection);
  if (isConstant(scope, term.collection)) {
    return {
      says: `\`${value.text}\` is ${value.value}, which is not among ${collection.value}`,
      needs: `\`${value.text}\` would have to be one of ${collection.value}`,
    };
  }
  const isWritten = value.text === value.value;
  const wanted = isWritten ? value.text : `${value.value} (\`${value.text}\`)`;
  return {
    says: `\`${collection.text}\` is ${collection.value}, without ${wanted}`,
    needs: `\`${collection.text}\` would have to contain ${wanted}`,
  };
}

/** `` `a` is 1 and `b` is 2 ``, constants left out. */
export function sayOperands(scope: Scope, rule: CheckedRule, terms: readonly Term[]): Words {
  const said = terms
    .filter((term) => !isConstant(scope, term))
    .map((term) => showTerm(scope, rule, term))
    .map(
      ({ text, value }) => `\`${text}\` ${value === undefined ? 'has no value' : `is ${value}`}`,
    );
  return { says: [...new Set(said)].join(' and '), needs: undefined };
}

/** The first part of a term that has no value, or undefined when all have. */
export function sayMissing(scope: Scope, rule: CheckedRule, term: Term): Words | undefined {
  if (valuesOf(scope, term).length > 0) return undefined;
  for (const operand of operandsOf(term)) {
    const words = sayMissing(scope, rule, operand);
    if (words !== undefined) return words;
  }
  if (term.kind === 'Ref') return sayMissingRef(scope, rule, term);
  return { says: `\`${textOf(rule, term)}\` has no value`, needs: undefined };
}

/** The step of a reference where it leaves the document. */
function sayMissingRef(scope: Scope, rule: CheckedRule, ref: Ref): Words {
  const whole = textOf(rule, ref);
  const { head } = ref;
  const needs = `\`${whole}\` would have to have a value`;
  if (head.kind !== 'Var' || head.name === 'data')
    return { says: `\`${whole}\` has no value`, needs };
  let [value] = valuesOf(scope, head);
  if (value === undefined) return { says: `there is no \`${textOf(rule, head)}\``, needs };
  for (const [index, { term, span }] of ref.path.entries()) {
    const [key] = valuesOf(scope, term);
    if (key === undefined) break;
    const next = member(value, key);
    if (next === undefined) {
      const before = { start: ref.span.start, end: ref.path[index - 1]?.span.end ?? head.span.end };
      const holder = textOf(rule, { span: before });
      const isCollection = isArray(value) || isObject(value) || isSet(value);
      const says = isCollection
        ? `\`${holder}\` has no ${valueText(key)}`
        : `\`${holder}\` is ${valueText(value)}, which has no members`;
      return {
        says,
        needs:
          span.end === ref.span.end ? needs : `\`${holder}\` would have to have ${valueText(key)}`,
      };
    }
    value = next;
  }
  return { says: `\`${whole}\` has no value`, needs };
}

export function isConstant(scope: Scope, term: Term): boolean {
  return scope.machine.facts.of(term).constant !== undefined;
}
