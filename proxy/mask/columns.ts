/**
 * Which result columns of a statement are masked, and which statements cannot be masked at all. Rows are judged by the origin
 * that RowDescription gives; an output of unknown origin is masked when the statement may read a masked column (fail closed).
 *
 * Predicates are not masked: `WHERE password = 'x'` still selects rows. A policy refuses them by `columns.filtered`.
 */
import type { Mask, MaskMethod } from '../../engine/contract/decision.ts';
import { type Refusal, refuse } from '../gate/refusal.ts';
import type { CopyDetail, MoveTarget, StatementDetail } from '../sql/facts.ts';
import type { CatalogRelation, CatalogSnapshot } from './catalog.ts';
import { strictestMask } from './methods.ts';
import { mayReach } from './reach.ts';

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

/** text, varchar, bpchar, name, unknown: any text is a value of them, and their binary form is the text. */
const TEXT_TYPES: ReadonlySet<number> = new Set([25, 1043, 1042, 19, 705]);

const PASS: ColumnPlan = { mask: false };

const MOVES: Readonly<Record<MoveTarget, string>> = {
  insert: 'INSERT would store it in a table',
  update: 'UPDATE would store it in another column',
  merge: 'MERGE would store it in a table',
  'create-table-as': 'CREATE TABLE AS would copy it',
  'select-into': 'SELECT INTO would copy it',
  'materialized-view': 'the materialized view would hold a copy',
  definition: 'the definition would carry it past the mask',
  'copy-query': 'COPY of a query says nothing of where its columns come from',
  'copy-file': 'COPY would write it on the server',
  call: 'the call would store it or send it elsewhere',
};

/** True when a response to this statement can hold a masked value (in rows, or in words of an error). */
export function mayReadMasked(
  masks: readonly Mask[],
  catalog: CatalogSnapshot,
  detail: StatementDetail,
): boolean {
  const columns = columnMasks(masks);
  return columns.length > 0 && mayReach(columns, catalog, detail.reads, 'read');
}

/** Before forwarding: refuses what could not be masked afterwards (`mask-unenforceable`). */
export function checkMaskable(
  masks: readonly Mask[],
  catalog: CatalogSnapshot,
  detail: StatementDetail,
): Refusal | undefined {
  const columns = columnMasks(masks);
  const code = strictestMask(columns)?.code;
  if (code === undefined) return undefined;
  if (isClientCopy(detail.copy)) return checkCopy(columns, catalog, detail.copy, code);
  const move = detail.moves[0];
  if (move === undefined || !mayReach(columns, catalog, detail.reads, 'moved')) return undefined;
  return unenforceable(code, `the statement may read a masked column, and ${MOVES[move]}`);
}

function unenforceable(code: string, why: string): Refusal {
  return refuse(
    'unsupported',
    'mask-unenforceable',
    `the mask \`${code}\` cannot be kept: ${why}`,
    {
      hint: 'Name the columns that are not masked, or ask for access without the mask.',
    },
  );
}

/** When the RowDescription has come. */
export function planRow(
  masks: readonly Mask[],
  catalog: CatalogSnapshot,
  detail: StatementDetail,
  fields: readonly ResultField[],
): RowPlan {
  const columns = columnMasks(masks);
  const strictest = strictestMask(columns);
  if (strictest === undefined) return undefined;
  const masked = catalog.masked(columns);
  let reads: boolean | undefined;
  const plan = fields.map(({ tableOid, attnum, typeOid }): ColumnPlan => {
    if (tableOid !== 0 && attnum > 0) {
      const relation = catalog.relations.get(tableOid);
      const known = relation?.columns.some((column) => column.attnum === attnum) === true;
      const mask = known ? masked.get(tableOid)?.get(attnum) : strictest;
      return mask === undefined ? PASS : planColumn(mask, typeOid);
    }
    reads ??= mayReach(columns, catalog, detail.reads, 'read');
    return reads ? planColumn(strictest, typeOid) : PASS;
  });
  return plan.some(({ mask }) => mask) ? plan : undefined;
}

/** For `COPY t TO STDOUT` in plain text; `undefined` when nothing is masked. Call `checkMaskable` first. */
export function planCopy(
  masks: readonly Mask[],
  catalog: CatalogSnapshot,
  detail: StatementDetail,
): RowPlan {
  const columns = columnMasks(masks);
  if (columns.length === 0 || !isClientCopy(detail.copy)) return undefined;
  const found = copiedRelations(catalog, detail.copy);
  const relation = found.find(({ oid }) => catalog.masked(columns).has(oid));
  return relation === undefined ? undefined : planRelation(columns, catalog, detail.copy, relation);
}

type ClientCopy = CopyDetail & { readonly relation: { schema: string; name: string } };

function isClientCopy(copy: CopyDetail | undefined): copy is ClientCopy {
  return copy?.direction === 'to' && copy.toClient && copy.relation !== undefined;
}

function copiedRelations(catalog: CatalogSnapshot, copy: ClientCopy): readonly CatalogRelation[] {
  return catalog.named(copy.relation.schema, copy.relation.name);
}

function checkCopy(
  columns: readonly Mask[],
  catalog: CatalogSnapshot,
  copy: ClientCopy,
  code: string,
): Refusal | undefined {
  const found = copiedRelations(catalog, copy);
  if (found.length === 0) return unenforceable(code, 'the copied table is not known');
  const plans = found.map((relation) => planRelation(columns, catalog, copy, relation));
  if (plans.every((plan) => plan === undefined)) return undefined;
  if (found.length > 1) {
    return unenforceable(code, 'several schemas have a table of this name; name the schema');
  }
  if (!copy.plainText) {
    return unenforceable(code, 'only COPY in text format without other options can be masked');
  }
  return undefined;
}

function planRelation(
  masks: readonly Mask[],
  catalog: CatalogSnapshot,
  copy: ClientCopy,
  relation: CatalogRelation,
): RowPlan {
  const strictest = strictestMask(masks);
  const masked = catalog.masked(masks).get(relation.oid);
  const names =
    copy.columns.length > 0
      ? copy.columns
      : relation.columns.filter(({ generated }) => !generated).map(({ name }) => name);
  const plan = names.map((name): ColumnPlan => {
    const column = relation.columns.find((candidate) => candidate.name === name);
    const mask = column === undefined ? strictest : masked?.get(column.attnum);
    return mask === undefined ? PASS : planColumn(mask, column?.typeOid ?? 0);
  });
  return plan.some(({ mask }) => mask) ? plan : undefined;
}

function planColumn(mask: Mask, typeOid: number): ColumnPlan {
  return { mask: true, method: TEXT_TYPES.has(typeOid) ? mask.with : 'null', code: mask.code };
}

function columnMasks(masks: readonly Mask[]): readonly Mask[] {
  return masks.filter(({ column }) => column !== undefined);
}
