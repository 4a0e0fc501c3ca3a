/**
 * What column masking needs to know of the target's catalog. The protocol folder reads the rows from the server with a
 * connection of the gateway's own and hands them in; `pg_catalog` and `information_schema` belong to them, because a relation
 * that is missing here is treated as masked.
 */
import type { Mask } from '../../engine/contract/decision.ts';
import { type MaskedColumns, resolveMasks } from './resolve.ts';

export interface CatalogColumn {
  /** Positive; dropped columns are left out. */
  readonly attnum: number;
  readonly name: string;
  readonly typeOid: number;
  /** Generated columns are left out by `COPY t TO` without a column list. */
  readonly generated: boolean;
}

export interface CatalogRelation {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** `pg_class.relkind`: r, p, v, m, f, S, c, t. */
  readonly kind: string;
  /** By ascending attnum. */
  readonly columns: readonly CatalogColumn[];
  /** Direct parents (inheritance and partitions), `pg_inherits`. */
  readonly parents: readonly number[];
  /** For views: the columns their rules depend on; attnum 0 stands for the whole relation. */
  readonly dependsOn: readonly { readonly oid: number; readonly attnum: number }[];
  /** For views: true when a rule calls a function outside `pg_catalog`, which may read anything. */
  readonly opaque: boolean;
}

export interface CatalogSnapshot {
  readonly relations: ReadonlyMap<number, CatalogRelation>;
  /** Relations of this name in any schema, or in one. */
  named(schema: string, name: string): readonly CatalogRelation[];
  /** The columns these masks hold for; remembered per set of masks. */
  masked(masks: readonly Mask[]): MaskedColumns;
}

/** Sets of masks whose columns are remembered; policies use a handful. */
const REMEMBERED_SETS = 64;

/** Makes a snapshot of the catalog's relations. */
export function createCatalogSnapshot(rows: Iterable<CatalogRelation>): CatalogSnapshot {
  const relations = new Map<number, CatalogRelation>();
  const byName = new Map<string, CatalogRelation[]>();
  for (const relation of rows) {
    relations.set(relation.oid, relation);
    const same = byName.get(relation.name);
    if (same === undefined) byName.set(relation.name, [relation]);
    else same.push(relation);
  }
  const known = new Map<string, MaskedColumns>();
  return {
    relations,
    named(schema, name) {
      const all = byName.get(name) ?? [];
      return schema === '' ? all : all.filter((relation) => relation.schema === schema);
    },
    masked(masks) {
      const key = JSON.stringify(masks.map((mask) => [mask.column, mask.with, mask.code]));
      const found = known.get(key) ?? resolveMasks(masks, relations);
      if (known.size >= REMEMBERED_SETS) known.clear();
      known.set(key, found);
      return found;
    },
  };
}
