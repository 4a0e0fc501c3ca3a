/**
 * Which result columns of a statement are masked. Stub of the signatures; the bodies follow.
 */
import type { Mask, MaskMethod } from '../../engine/contract/decision.ts';
import { type Refusal, refuse } from '../gate/refusal.ts';
import type { StatementDetail } from '../sql/facts.ts';
import type { CatalogSnapshot } from './catalog.ts';
import type { MaskKey } from './methods.ts';

/** One field of a RowDescription. */
export interface ResultField {
  readonly tableOid: number;
  readonly attnum: number;
  readonly typeOid: number;
  readonly format: 'text' | 'binary';
}

export type ColumnPlan =
  | { readonly mask: false }
  /** `method` is `null` where the value's type cannot hold a masked text. */
  | { readonly mask: true; readonly method: MaskMethod; readonly code: string };

/** A plan for one statement's rows; `undefined` when nothing in them is masked. */
export type RowPlan = readonly ColumnPlan[] | undefined;

/** Before forwarding: refuses what could not be masked afterwards (`mask-unenforceable`). */
export function checkMaskable(
  _masks: readonly Mask[],
  _catalog: CatalogSnapshot,
  _detail: StatementDetail,
): Refusal | undefined {
  return refuse('unsupported', 'mask-unenforceable', 'masking is not ready');
}

/** When the RowDescription has come. */
export function planRow(
  _masks: readonly Mask[],
  _catalog: CatalogSnapshot,
  _detail: StatementDetail,
  fields: readonly ResultField[],
): RowPlan {
  return fields.map(() => ({ mask: true, method: 'null', code: '' }));
}

/** For `COPY t TO STDOUT` in plain text; `undefined` when nothing is masked. Call `checkMaskable` first. */
export function planCopy(
  _masks: readonly Mask[],
  _catalog: CatalogSnapshot,
  _detail: StatementDetail,
): RowPlan {
  return undefined;
}

/** Masks one field of a DataRow: `null` is NULL. Same bytes for text and binary (only text-like types are masked in binary). */
export function maskField(
  _plan: ColumnPlan,
  _value: Uint8Array | null,
  _key: MaskKey,
): Uint8Array | null {
  return null;
}

/** Masks one line of COPY text data, without its newline. Throws a coded `ProxyError` on a wrong number of fields. */
export function maskCopyRow(_plan: RowPlan, line: Uint8Array, _key: MaskKey): Uint8Array {
  return line;
}
