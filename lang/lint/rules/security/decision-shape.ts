/**
 * A decision document has another form than the decision takes: `allow` is true or false, the others are sets.
 */
import type { RuleHead, Term } from '../../../ast/nodes.ts';
import type { LintRule } from '../../rule.ts';

const SETS: readonly string[] = ['block', 'require_approval', 'mask'];

/** Kinds of terms whose value is no set, whatever is in them, with what they are called. */
const NO_SET: ReadonlyMap<Term['kind'], string> = new Map([
  ['String', 'a string'],
  ['Number', 'a number'],
  ['Boolean', 'a boolean'],
  ['Null', 'null'],
  ['Array', 'an array'],
  ['ArrayComprehension', 'an array'],
  ['Object', 'an object'],
  ['ObjectComprehension', 'an object'],
]);

/** Page: docs/lint/security/decision-shape.md. */
export const decisionShape: LintRule = {
  id: 'security/decision-shape',
  level: 'error',
  help: 'write `allow if ...`, `block contains {...} if ...`',
  skipsTests: true,
  check: ({ report }) => ({
    RuleHead: (head) => {
      const name = head.ref.head.kind === 'Var' ? head.ref.head.name : '';
      const found = name === 'allow' ? notBoolean(head) : SETS.includes(name) && notSet(head);
      if (typeof found === 'string')
        report(
          head.span,
          name === 'allow'
            ? `\`allow\` is true or false, here it is ${found}`
            : `\`${name}\` is a set, here it is ${found}`,
        );
    },
  }),
};

function notBoolean(head: RuleHead): string | undefined {
  const { kind } = head.value ?? {};
  if (head.contains !== undefined || kind === 'Set' || kind === 'SetComprehension') return 'a set';
  return formOf(head) ?? (kind === 'Boolean' ? undefined : kind && NO_SET.get(kind));
}

function notSet(head: RuleHead): string | undefined {
  if (head.contains !== undefined) return undefined;
  if (head.value === undefined) return formOf(head) ?? 'a boolean';
  return formOf(head) ?? NO_SET.get(head.value.kind);
}

/** A function, or a rule that gives an object its members. */
function formOf({ params, ref }: RuleHead): string | undefined {
  if (params !== undefined) return 'a function';
  return ref.path.length > 0 ? 'an object' : undefined;
}
