/** What is measured: something that decides, and what its answers are compared by. */
import type { PolicyInput } from '../../../engine/contract/input.ts';

/** Inputs a measurement goes through again and again. */
export const INPUT_COUNT = 1_024;

/** What every contender answers; a `Decision` is one. */
export interface Outcome {
  readonly effect: string;
  readonly reasons: readonly { readonly code: string; readonly reason: string }[];
  readonly masks: readonly { readonly code: string; readonly with: string }[];
  readonly approvals: readonly { readonly code: string; readonly reason: string }[];
}

export interface Contender {
  decide(input: PolicyInput): Outcome;
}

/** Everything an outcome says, in one spelling. */
export function outcomeText({ effect, reasons, masks, approvals }: Outcome): string {
  const said = [
    ...reasons.map(({ code, reason }) =>
      code === 'allowed' || code === 'not-allowed' ? code : `${code}=${reason}`,
    ),
    ...masks.map((mask) => `${mask.code}=${mask.with}`),
    ...approvals.map(({ code, reason }) => `${code}=${reason}`),
  ];
  return [effect, ...[...new Set(said)].sort()].join(' ');
}

/** As far as Cedar goes: whether the action may run, perhaps after an approval. */
export function permissionText({ effect }: Outcome): string {
  return effect === 'block' ? 'deny' : 'permit';
}
