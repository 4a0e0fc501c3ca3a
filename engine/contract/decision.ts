/**
 * What a policy decides. The names are the public contract; the meaning of the four documents that make a decision
 * (`allow`, `block`, `require_approval`, `mask`) is in docs/decisions.md.
 */

/** Strictest first: `block` > `require_approval` > `allow` (a mask is part of an allowed or approved action). */
export type Effect = 'allow' | 'block' | 'require_approval';

/** The rule that gave a reason: package without `data`, rule name, file as loaded, one-based line. */
export interface RuleLocation {
  readonly package: string;
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

export interface Reason {
  /** Machine-readable; `not-allowed`, `policy-error` and `blocked` are the engine's own. */
  readonly code: string;
  readonly reason: string;
  /** Undefined where no rule spoke: the absence of an `allow`. */
  readonly rule: RuleLocation | undefined;
}

/** Strictest first; of two masks on one place the stricter wins. */
export const MASK_METHODS = [
  'redact',
  'null',
  'hash',
  'tokenize',
  'format',
  'last4',
  'first1',
  'email',
] as const;
export type MaskMethod = (typeof MASK_METHODS)[number];

/** One member of `mask`; exactly one of the four selectors is present. */
export interface Mask {
  readonly code: string;
  readonly with: MaskMethod;
  /** `schema.table.column`, each part may be `*`. */
  readonly column?: string;
  /** JSON pointer pattern; a `*` segment stands for any key or index. */
  readonly field?: string;
  /** A detector's name. */
  readonly detector?: string;
  /** A header name, lower case. */
  readonly header?: string;
  readonly rule: RuleLocation | undefined;
}

export type ApprovalScope = 'statement' | 'session' | 'duration';

/** One member of `require_approval`; every one of them must be satisfied by a valid grant. */
export interface ApprovalDemand {
  readonly code: string;
  readonly reason: string;
  readonly approvers: { readonly groups: readonly string[]; readonly subjects: readonly string[] };
  /** Distinct people who must say yes; at least 1. */
  readonly quorum: number;
  /** Milliseconds a request waits for an answer, and a `duration` grant holds. */
  readonly expiresMs: number;
  readonly scope: ApprovalScope;
  readonly rule: RuleLocation | undefined;
}

export interface Decision {
  readonly effect: Effect;
  readonly reasons: readonly Reason[];
  readonly masks: readonly Mask[];
  readonly approvals: readonly ApprovalDemand[];
  /** Content hash of the policy set that decided (`sha256:` and 64 hex digits). */
  readonly revision: string;
  /** Input paths the decision depended on, dotted, sorted (`input.action.class`). */
  readonly reads: readonly string[];
}
