/** What becomes of the four documents once it is known what they say: the decision, blocks before approvals before permission. */
import {
  type ApprovalDemand,
  type Decision,
  MASK_METHODS,
  type Mask,
  type Reason,
} from '../contract/decision.ts';

/** The code of a reason for a block that an evaluation error or a malformed member caused. */
export const POLICY_ERROR = 'policy-error';
/** The code of the block of an action that no rule allows. */
export const NOT_ALLOWED = 'not-allowed';
/** The code of the reason that names the rule an action is allowed by. */
export const ALLOWED = 'allowed';

/** What the packages said, in their order. */
export interface Said {
  /** Faults of the policies: reasons for a block. */
  readonly errors: Reason[];
  readonly blocks: Reason[];
  /** Packages that do not allow. */
  readonly refusals: Reason[];
  /** Packages that do. */
  readonly permits: Reason[];
  readonly approvals: ApprovalDemand[];
  readonly masks: Mask[];
}

export function nothingSaid(): Said {
  return { errors: [], blocks: [], refusals: [], permits: [], approvals: [], masks: [] };
}

/** The decision; `reads` are the input paths it depended on. */
export function formDecision(said: Said, revision: string, reads: readonly string[]): Decision {
  const { errors, permits, approvals } = said;
  const refusals =
    permits.length === 0 && said.refusals.length === 0
      ? [{ code: NOT_ALLOWED, reason: 'no rule allows this', rule: undefined }]
      : said.refusals;
  const blocks = joined(joined(errors, said.blocks), refusals);
  const base = { masks: sortMasks(said.masks), approvals, revision, reads };
  if (blocks.length > 0) return { effect: 'block', reasons: blocks, ...base };
  if (approvals.length === 0) return { effect: 'allow', reasons: permits, ...base };
  const reasons = approvals.map(({ code, reason, rule }) => ({ code, reason, rule }));
  return { effect: 'require_approval', reasons, ...base };
}

/** A block for a fault that left nothing else to say. */
export function faultDecision(reason: string, revision: string): Decision {
  return {
    effect: 'block',
    reasons: [{ code: POLICY_ERROR, reason, rule: undefined }],
    masks: [],
    approvals: [],
    revision,
    reads: ['input'],
  };
}

function strictness(mask: Mask): number {
  return MASK_METHODS.indexOf(mask.with);
}

function sortMasks(masks: readonly Mask[]): readonly Mask[] {
  return masks.length < 2 ? masks : masks.toSorted((a, b) => strictness(a) - strictness(b));
}

/** Both lists in one; where one is empty, the other as it is. */
function joined(first: readonly Reason[], second: readonly Reason[]): readonly Reason[] {
  if (second.length === 0) return first;
  return first.length === 0 ? second : [...first, ...second];
}
