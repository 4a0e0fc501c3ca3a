/**
 * The keyed policy as a person would write it in TypeScript: rules looked up by table, filtered by verb and group, answers made
 * anew for each decision.
 */
import type { PolicyInput } from '../../../engine/contract/input.ts';
import type { Contender, Outcome } from './contender.ts';
import type { KeyedRule, Shape } from './keyed-rules.ts';

interface Said {
  readonly code: string;
  readonly reason: string;
  readonly rule: KeyedRule | undefined;
}

interface Demand extends Said {
  readonly approvers: { readonly groups: readonly string[]; readonly subjects: readonly string[] };
  readonly quorum: number;
  readonly expiresMs: number;
  readonly scope: 'statement';
}

interface Hidden {
  readonly code: string;
  readonly with: 'last4';
  readonly column: string;
  readonly rule: KeyedRule;
}

export function idiomaticPolicy(shape: Shape, rules: readonly KeyedRule[]): Contender {
  const byKey = Map.groupBy(rules, ({ key }) => key);

  function matching(input: PolicyInput): readonly KeyedRule[] {
    const { action, identity } = input;
    const matched: KeyedRule[] = [];
    const collect = (key: string, verb: string): void => {
      for (const rule of byKey.get(key) ?? []) {
        if (rule.verb !== verb || !identity.groups.includes(rule.group)) continue;
        if (!matched.includes(rule)) matched.push(rule);
      }
    };
    if (action.kind === 'http') collect(action.http.path, action.http.method);
    else if (action.kind === 'sql')
      for (const statement of action.sql.statements)
        for (const table of statement.tables) collect(table.name, statement.verb);
    return matched;
  }

  return { decide: (input) => answer(shape, matching(input), input) };
}

/** What a decision says when these rules match, made anew. */
export function answer(shape: Shape, matched: readonly KeyedRule[], input: PolicyInput): Outcome {
  const blocks: Said[] = [];
  const approvals: Demand[] = [];
  const masks: Hidden[] = [];
  let allowedBy: KeyedRule | undefined;
  for (const rule of matched) {
    const { id } = rule;
    const reason =
      shape === 'fresh' ? `rule ${id}: ${rule.verb} by ${input.identity.subject}` : `rule ${id}`;
    switch (rule.effect) {
      case 'allow':
        allowedBy ??= rule;
        break;
      case 'block':
        blocks.push({ code: `block-${id}`, reason, rule });
        break;
      case 'require_approval':
        approvals.push({
          code: `ask-${id}`,
          reason,
          approvers: { groups: ['dba'], subjects: [] },
          quorum: 1,
          expiresMs: 1_800_000,
          scope: 'statement',
          rule,
        });
        break;
      case 'mask':
        masks.push({ code: `mask-${id}`, column: `*.*.secret_${id}`, with: 'last4', rule });
    }
  }
  if (allowedBy === undefined)
    blocks.push({ code: 'not-allowed', reason: 'no rule allows this', rule: undefined });
  if (blocks.length > 0) return { effect: 'block', reasons: blocks, masks, approvals };
  if (approvals.length > 0) {
    const reasons = approvals.map(({ code, reason, rule }) => ({ code, reason, rule }));
    return { effect: 'require_approval', reasons, masks, approvals };
  }
  const allowed = [{ code: 'allowed', reason: 'allowed', rule: allowedBy }];
  return { effect: 'allow', reasons: allowed, masks, approvals };
}
