/**
 * From `schema.table.column` selectors to the columns of a catalog. A mask on a table holds for its children and partitions, and
 * for its parents (whose rows can be the table's own); a view that depends on a masked column is masked whole, because the
 * catalog does not say which of its columns shows it.
 */
import type { Mask } from '../../engine/contract/decision.ts';
import type { CatalogRelation } from './catalog.ts';
import { strictestMask } from './methods.ts';

/** Masks by relation oid and attnum. */
export type MaskedColumns = ReadonlyMap<number, ReadonlyMap<number, Mask>>;

/** Statistics hold values of every column; the system's views over them have no dependency rows. */
const STATISTICS: ReadonlySet<string> = new Set([
  'pg_statistic',
  'pg_statistic_ext_data',
  'pg_stats',
  'pg_stats_ext',
  'pg_stats_ext_exprs',
]);

/** The functions of the system's own views are the system's. */
const SYSTEM_SCHEMAS: ReadonlySet<string> = new Set(['pg_catalog', 'information_schema']);

type Relations = ReadonlyMap<number, CatalogRelation>;

/** The columns that masks with a `column` selector hold for. */
export function resolveMasks(masks: readonly Mask[], relations: Relations): MaskedColumns {
  const selectors = masks.flatMap((mask) =>
    mask.column === undefined ? [] : [{ mask, parts: selectorParts(mask.column) }],
  );
  const result = new Map<number, Map<number, Mask>>();
  const strictest = strictestMask(selectors.map(({ mask }) => mask));
  if (strictest === undefined) return result;
  const family = familyOf(relations);
  const add = (oid: number, attnum: number, mask: Mask): void => {
    const columns = result.get(oid) ?? new Map<number, Mask>();
    columns.set(attnum, strictestMask([columns.get(attnum) ?? mask, mask]) ?? mask);
    result.set(oid, columns);
  };
  for (const relation of relations.values()) {
    const statistics = relation.schema === 'pg_catalog' && STATISTICS.has(relation.name);
    // The long values of any table, in pieces.
    const whole = statistics || relation.kind === 't';
    for (const column of relation.columns) {
      if (whole) add(relation.oid, column.attnum, strictest);
      for (const { mask, parts } of selectors) {
        if (!matches(parts, [relation.schema, relation.name, column.name])) continue;
        for (const member of family(relation.oid)) {
          const same = relations.get(member)?.columns.find(({ name }) => name === column.name);
          if (same !== undefined) add(member, same.attnum, mask);
        }
      }
    }
  }
  maskViews(relations, result, strictest);
  return result;
}

/** Missing leading parts match anything: a short selector masks more, never less. */
function selectorParts(selector: string): readonly string[] {
  const parts = selector.split('.');
  return parts.length >= 3 ? parts : [...new Array<string>(3 - parts.length).fill('*'), ...parts];
}

function matches(parts: readonly string[], names: readonly string[]): boolean {
  return (
    parts.length === names.length &&
    parts.every((part, index) => part === '*' || part === names[index])
  );
}

/** A relation with all its ancestors and descendants, itself included. */
function familyOf(relations: Relations): (oid: number) => ReadonlySet<number> {
  const children = new Map<number, number[]>();
  for (const { oid, parents } of relations.values()) {
    for (const parent of parents) children.set(parent, [...(children.get(parent) ?? []), oid]);
  }
  const reach = (start: number, next: (oid: number) => readonly number[]): number[] => {
    const seen = new Set([start]);
    for (const oid of seen) for (const other of next(oid)) seen.add(other);
    return [...seen];
  };
  return (oid) =>
    new Set([
      ...reach(oid, (member) => relations.get(member)?.parents ?? []),
      ...reach(oid, (member) => children.get(member) ?? []),
    ]);
}

/** Masks whole views, until no view is left that depends on a masked column. */
function maskViews(
  relations: Relations,
  result: Map<number, Map<number, Mask>>,
  strictest: Mask,
): void {
  const views = [...relations.values()].filter(({ kind }) => kind === 'v' || kind === 'm');
  const whole = new Set<number>();
  for (let changed = true; changed; ) {
    changed = false;
    for (const view of views) {
      if (whole.has(view.oid)) continue;
      const found = view.dependsOn.flatMap(({ oid, attnum }): readonly Mask[] => {
        if (!relations.has(oid)) return [strictest];
        const columns = result.get(oid);
        if (columns === undefined) return [];
        if (attnum === 0) return [...columns.values()];
        const mask = columns.get(attnum);
        return mask === undefined ? [] : [mask];
      });
      const opaque = view.opaque && !SYSTEM_SCHEMAS.has(view.schema);
      const mask = strictestMask(opaque ? [...found, strictest] : found);
      if (mask === undefined) continue;
      whole.add(view.oid);
      changed = true;
      const own = result.get(view.oid);
      const entries = view.columns.map(({ attnum }): [number, Mask] => [
        attnum,
        strictestMask([own?.get(attnum) ?? mask, mask]) ?? mask,
      ]);
      result.set(view.oid, new Map(entries));
    }
  }
}
