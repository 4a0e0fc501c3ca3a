/**
 * What column masking needs to know of the target's catalog, as plain data: the protocol folder reads it from the server with
 * the gateway's own connection and hands it in. A relation that is missing here is treated as masked.
 */

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
}
