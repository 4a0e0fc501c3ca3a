/**
 * The catalog of a target as masking needs it, read over a connection of the gateway's own and kept for a while. A client's
 * session is not used: what it may see, and what it has changed, must not decide what is masked.
 *
 * Failing to read it rejects: the statement is then refused. It must not decide which columns are masked.
 */
import { ProxyError } from '../error.ts';
import {
  type CatalogColumn,
  type CatalogRelation,
  type CatalogSnapshot,
  createCatalogSnapshot,
} from '../mask/catalog.ts';
import { readChunk } from './read-chunk.ts';
import type { CatalogSource } from './statement-gate.ts';
import type { UpstreamConnection } from './upstream.ts';
import { readDataRow, readErrorFields, TAG } from './wire/backend.ts';
import { FrameReader } from './wire/frame-reader.ts';
import { encodeQuery, TERMINATE } from './wire/frontend-encode.ts';

/** The whole read, dial included. */
export const CATALOG_TIMEOUT_MS = 2_000;
/** How long a snapshot serves: changes made past the gateway are seen after this. */
const CATALOG_AGE_MS = 10_000;
const MAX_RELATIONS = 50_000;
const MAX_CATALOG_BYTES = 64 * 1024 * 1024;

/** One row for each relation that can be read; lists as JSON text. */
const CATALOG_QUERY = `
select c.oid::bigint, n.nspname, c.relname, c.relkind,
  (select coalesce(json_agg(json_build_array(a.attnum, a.attname, a.atttypid::bigint, a.attgenerated <> '')), '[]')
     from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
  (select coalesce(json_agg(i.inhparent::bigint), '[]') from pg_catalog.pg_inherits i where i.inhrelid = c.oid),
  (select coalesce(json_agg(distinct array[d.refobjid::bigint, d.refobjsubid::bigint]), '[]')
     from pg_catalog.pg_rewrite r join pg_catalog.pg_depend d
       on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = r.oid
     where c.relkind in ('v', 'm') and r.ev_class = c.oid and d.refobjid <> c.oid
       and d.refclassid = 'pg_catalog.pg_class'::regclass),
  exists (select from pg_catalog.pg_rewrite r join pg_catalog.pg_depend d
       on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = r.oid
     left join pg_catalog.pg_proc p on d.refclassid = 'pg_catalog.pg_proc'::regclass and p.oid = d.refobjid
     where r.ev_class = c.oid and (d.refclassid = 'pg_catalog.pg_operator'::regclass
       or p.pronamespace <> 'pg_catalog'::regnamespace))
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S', 'c', 't') limit ${MAX_RELATIONS + 1}`;

/** A source that keeps the last snapshot. `dial` opens a signed-in connection of its own each time; `now` is monotonic milliseconds. */
export function createCatalogSource(
  dial: () => Promise<UpstreamConnection>,
  now: () => number,
): CatalogSource {
  let kept: { readonly snapshot: Promise<CatalogSnapshot>; readonly at: number } | undefined;
  return {
    load() {
      if (kept !== undefined && now() - kept.at < CATALOG_AGE_MS) return kept.snapshot;
      const snapshot = dial().then(readCatalog);
      const entry = { snapshot, at: now() };
      kept = entry;
      snapshot.catch(() => {
        if (kept === entry) kept = undefined;
      });
      return snapshot;
    },
    invalidate() {
      kept = undefined;
    },
  };
}

async function readCatalog({ socket }: UpstreamConnection): Promise<CatalogSnapshot> {
  const deadline = setTimeout(() => socket.destroy(), CATALOG_TIMEOUT_MS);
  try {
    socket.write(encodeQuery(CATALOG_QUERY));
    const relations = new Map<number, CatalogRelation>();
    const frames = new FrameReader('target/protocol');
    let bytes = 0;
    for (;;) {
      const frame = frames.next(() => MAX_CATALOG_BYTES);
      if (frame === undefined) {
        const chunk = await readChunk(socket, 'target/unreachable');
        bytes += chunk.length;
        if (bytes > MAX_CATALOG_BYTES) throw tooLarge();
        frames.push(chunk);
      } else if (frame.tag === TAG.dataRow) {
        const relation = readRelation(readDataRow(frame.body));
        relations.set(relation.oid, relation);
        if (relations.size > MAX_RELATIONS) throw tooLarge();
      } else if (frame.tag === TAG.error) {
        const message = readErrorFields(frame.body).get('M') ?? '';
        throw new ProxyError('target/protocol', `the catalog could not be read: ${message}`);
      } else if (frame.tag === TAG.readyForQuery) {
        return createCatalogSnapshot(relations.values());
      }
    }
  } finally {
    clearTimeout(deadline);
    socket.on('error', () => socket.destroy());
    socket.end(TERMINATE);
    socket.resume();
    setTimeout(() => socket.destroy(), CATALOG_TIMEOUT_MS).unref();
  }
}

function readRelation(row: readonly (Buffer | null)[]): CatalogRelation {
  const text = (index: number): string => {
    const value = row[index];
    if (value == null)
      throw new ProxyError('target/protocol', 'the catalog has a row that does not fit');
    return value.toString('utf8');
  };
  const columns = (JSON.parse(text(4)) as [number, string, number, boolean][]).map(
    ([attnum, name, typeOid, generated]): CatalogColumn => ({ attnum, name, typeOid, generated }),
  );
  const dependsOn = (JSON.parse(text(6)) as [number, number][]).map(([oid, attnum]) => ({
    oid,
    attnum,
  }));
  return {
    oid: Number(text(0)),
    schema: text(1),
    name: text(2),
    kind: text(3),
    columns: columns.sort((left, right) => left.attnum - right.attnum),
    parents: JSON.parse(text(5)) as number[],
    dependsOn,
    opaque: text(7) === 't',
  };
}

function tooLarge(): ProxyError {
  return new ProxyError('limit/exceeded', `the catalog has more than ${MAX_RELATIONS} relations`);
}
