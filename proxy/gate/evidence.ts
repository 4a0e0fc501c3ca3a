/**
 * What an approver is shown about an action besides its text. Nothing is decided by it. Pure.
 */
import type { Decision } from '../../engine/contract/decision.ts';
import type { ActionInput } from '../../engine/contract/input.ts';
import type { Arrival } from './gate.ts';

export interface ApprovalEvidence {
  /** As in the policy input; undefined where the protocol has none. */
  readonly parameters?: readonly unknown[];
  readonly client?: { readonly ip: string; readonly application: string };
  /** Every rule that spoke about the action, those that ask included. */
  readonly rules?: Decision['reasons'];
  readonly action?: { readonly kind: string; readonly verb: string; readonly class: string };
}

export function evidenceOf(
  { kind, verb, class: effect, ...rest }: ActionInput,
  { reasons }: Decision,
  { client }: Arrival,
): ApprovalEvidence {
  const parameters = 'sql' in rest ? rest.sql?.parameters : undefined;
  return {
    ...(parameters === undefined ? {} : { parameters }),
    client: { ip: client.ip, application: client.application },
    rules: reasons,
    action: { kind, verb, class: effect },
  };
}
