/** Folds a definition: its body and `else` branches, each with its value. Places and names stay, so that it is still told where it stands. */
import type { Body, Call, Node, Term } from '../../lang/ast/nodes.ts';
import { visit } from '../../lang/ast/visit.ts';
import type { Callee, CheckedRule } from '../../lang/check/checked.ts';
import type { FoldedBody, Folding } from './folding.ts';
import { outerNames } from './variables.ts';

/** Builtins that write lines. */
const PRINTING: ReadonlySet<string> = new Set(['print', 'internal.print']);

/** A definition as it is left; `isBare` when it never has a value and nothing of it needs to be evaluated. */
export interface FoldedRule {
  readonly rule: CheckedRule;
  readonly isBare: boolean;
}

/** Folds a definition that is no default and does not print. */
export function foldRule(
  outer: Omit<Folding, 'rule' | 'values' | 'unknown'>,
  checked: CheckedRule,
): FoldedRule {
  const { rule } = checked;
  const { head } = rule;
  const unknown = new Set(outerNames(head.params ?? []));
  const folding: Folding = { ...outer, rule: checked, values: new Map(), unknown };
  const fixed = [...head.ref.path, ...(head.params ?? [])];
  const own = [head.contains, head.value].filter((term) => term !== undefined);
  const main = foldBranch(folding, rule.body, own, fixed);
  const branches = rule.else.map((branch) => {
    const terms = branch.value === undefined ? [] : [branch.value];
    const folded = foldBranch(folding, branch.body, terms, []);
    const [value = branch.value] = folded.terms;
    return { folded, branch: { ...branch, value, body: folded.body } };
  });
  const terms = [...main.terms];
  const contains = head.contains === undefined ? undefined : (terms.shift() ?? head.contains);
  const value = head.value === undefined ? undefined : (terms.shift() ?? head.value);
  const made: CheckedRule = {
    ...checked,
    rule: {
      ...rule,
      head: { ...head, contains, value },
      body: main.body,
      else: branches.map(({ branch }) => branch),
    },
  };
  const isSame =
    main.body === rule.body &&
    contains === head.contains &&
    value === head.value &&
    branches.every(
      ({ branch }, at) =>
        branch.body === rule.else[at]?.body && branch.value === rule.else[at]?.value,
    );
  if (isSame) return { rule: checked, isBare: false };
  const all = [main, ...branches.map(({ folded }) => folded)];
  return { rule: made, isBare: all.every(({ state }) => state === 'bare') };
}

type FoldedBranch = Omit<FoldedBody, 'literals'> & { readonly body: Body | undefined };

function foldBranch(
  folding: Folding,
  body: Body | undefined,
  terms: readonly Term[],
  fixed: readonly Node[],
): FoldedBranch {
  const folded = folding.foldBody(folding, body?.literals ?? [], { terms, fixed }, false);
  const { literals, state } = folded;
  const before = body?.literals ?? [];
  if (literals.length === before.length && literals.every((literal, at) => literal === before[at]))
    return { terms: folded.terms, state, body };
  if (literals.length === 0) return { terms: folded.terms, state, body: undefined };
  const span = body?.span ?? folding.rule.rule.head.span;
  return { terms: folded.terms, state, body: { kind: 'Body', literals, span } };
}

/** True for a definition that prints itself: how often it does so must not change. */
export function prints(
  { rule }: CheckedRule,
  calleeOf: (call: Call) => Callee | undefined,
): boolean {
  return !visit(rule, {
    Call: (call) => {
      const callee = calleeOf(call);
      return callee?.kind === 'builtin' && PRINTING.has(callee.name) ? 'stop' : undefined;
    },
  });
}
