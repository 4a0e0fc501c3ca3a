/**
 * How one text value is replaced. Stub of the signatures; the bodies follow.
 */
import type { MaskMethod } from '../../engine/contract/decision.ts';

/** Keys of one resource's masks; equal values give equal masks within a resource only. */
export interface MaskKey {
  readonly hash: Uint8Array;
  readonly token: Uint8Array;
  readonly format: Uint8Array;
}

export function maskText(_method: MaskMethod, _value: string, _key: MaskKey): string | null {
  return null;
}
