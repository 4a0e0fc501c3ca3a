/**
 * A refusal as a value: nothing here throws. Every protocol renders it in its own tongue (SQLSTATE 42501, RFC 9457, ...).
 */
import type { Reason } from '../../engine/contract/decision.ts';

export type RefusalKind =
  | 'unauthenticated'
  | 'unknown-resource'
  | 'blocked'
  | 'approval-denied'
  | 'approval-expired'
  | 'limit'
  | 'unsupported'
  | 'unavailable';

/** Told apart from other values by `refused: true`. */
export interface Refusal {
  readonly refused: true;
  readonly kind: RefusalKind;
  /** Stable, machine-readable (`identity/expired`, `not-allowed`, `journal/unavailable`). */
  readonly code: string;
  /** One sentence for the client. */
  readonly message: string;
  /** What to do next, where there is something. */
  readonly hint: string | undefined;
  /** The policy's reasons, empty where no policy spoke. */
  readonly reasons: readonly Reason[];
}

/** Makes a refusal; `hint` and `reasons` may be left out. */
export function refuse(
  kind: RefusalKind,
  code: string,
  message: string,
  more: { readonly hint?: string; readonly reasons?: readonly Reason[] } = {},
): Refusal {
  return { refused: true, kind, code, message, hint: more.hint, reasons: more.reasons ?? [] };
}

export function isRefusal(value: unknown): value is Refusal {
  return (
    typeof value === 'object' && value !== null && 'refused' in value && value.refused === true
  );
}
