/**
 * What holds about who may answer where the configuration says nothing.
 */
import type { ApprovalRules } from '../config/approvals-section.ts';

export const STRICT_RULES: ApprovalRules = {
  separateChain: true,
  separateOwner: true,
  requireMfa: false,
  people: [],
  groups: [],
  escalateTo: [],
  escalateAfterMs: undefined,
};
