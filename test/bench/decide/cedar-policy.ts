/** The keyed rules in Cedar's own engine (WebAssembly), policies parsed once. It says permit or deny, and knows no masks. */
import {
  type AuthorizationAnswer,
  preparsePolicySet,
  statefulIsAuthorized,
} from '@cedar-policy/cedar-wasm/nodejs';
import type { PolicyInput } from '../../../engine/contract/input.ts';
import type { Contender } from './contender.ts';
import { cedarText } from './keyed-policy.ts';
import type { KeyedRule } from './keyed-rules.ts';

const POLICY_SET = 'keyed';

export function cedarPolicy(rules: readonly KeyedRule[]): Contender {
  const parsed = preparsePolicySet(POLICY_SET, { staticPolicies: cedarText(rules) });
  if (parsed.type !== 'success') throw new Error(parsed.errors[0]?.message);
  return {
    decide(input) {
      const answer = ask(input);
      if (answer.type !== 'success') throw new Error(answer.errors[0]?.message);
      const effect = answer.response.decision === 'allow' ? 'allow' : 'block';
      return { effect, reasons: [], masks: [], approvals: [] };
    },
  };
}

function ask({ identity, action }: PolicyInput): AuthorizationAnswer {
  const [statement] = action.kind === 'sql' ? action.sql.statements : [];
  const [table] = statement?.tables ?? [];
  const principal = { type: 'User', id: identity.subject };
  return statefulIsAuthorized({
    principal,
    action: { type: 'Action', id: statement?.verb ?? '' },
    resource: { type: 'Table', id: table?.name ?? '' },
    context: {},
    preparsedPolicySetId: POLICY_SET,
    entities: [
      {
        uid: principal,
        attrs: {},
        parents: identity.groups.map((id) => ({ type: 'Group', id })),
      },
    ],
  });
}
