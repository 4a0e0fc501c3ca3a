/**
 * Whether a statement may read, or carry elsewhere, a masked column. Syntax and catalog are compared by name, conservatively:
 * false means that it certainly does not; whenever it cannot be told, the answer is true.
 */
import type { Mask } from '../../engine/contract/decision.ts';
import type { AttributeFact, ReadFacts, RelationName } from '../sql/facts.ts';
import type { CatalogRelation, CatalogSnapshot } from './catalog.ts';

const SYSTEM_COLUMNS: ReadonlySet<string> = new Set([
  'ctid',
  'tableoid',
  'xmin',
  'xmax',
  'cmin',
  'cmax',
]);

/** `read`: may show in an output or decide one. `moved`: may flow into what the statement writes. */
export function mayReach(
  masks: readonly Mask[],
  catalog: CatalogSnapshot,
  reads: ReadFacts,
  how: 'read' | 'moved',
): boolean {
  const names = how === 'read' ? reads.names : reads.moved;
  const broad = how === 'read' ? reads.broad : reads.broadMove;
  if (reads.opaqueCalls.length > 0) return true;
  if (names.length === 0 && !broad) return false;
  const masked = catalog.masked(masks);
  const wanted = new Set(names);
  for (const { schema, name } of reads.relations) {
    const found = catalog.named(schema, name);
    // A table that the snapshot does not have may be anything.
    if (found.length === 0) return true;
    for (const relation of found) {
      const columns = masked.get(relation.oid);
      if (columns === undefined) continue;
      if (broad) return true;
      if (relation.columns.some((column) => columns.has(column.attnum) && wanted.has(column.name)))
        return true;
    }
  }
  return reads.attributes.some(
    (attribute) => wanted.has(attribute.name) && isFunctional(attribute, reads.relations, catalog),
  );
}

/** `x.f` where `f` is no column of `x` can be the function `f` over the whole row. */
function isFunctional(
  { name, relations }: AttributeFact,
  all: readonly RelationName[],
  catalog: CatalogSnapshot,
): boolean {
  if (SYSTEM_COLUMNS.has(name)) return false;
  const has = (relation: CatalogRelation): boolean =>
    relation.columns.some((column) => column.name === name);
  const candidates = (relations ?? all).map((relation) =>
    catalog.named(relation.schema, relation.name),
  );
  return relations === undefined
    ? !candidates.some((found) => found.some(has))
    : !candidates.every((found) => found.length > 0 && found.every(has));
}
