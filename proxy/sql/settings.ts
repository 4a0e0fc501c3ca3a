/**
 * What a change of a setting means: most are the session's own affair, some change who one is, how text is read, or what the
 * server loads. Source: the runtime configuration chapter of the PostgreSQL manual.
 */
import type { Collector } from './collector.ts';

/** Becoming another role. */
const IDENTITY: ReadonlySet<string> = new Set(['role', 'session_authorization']);

/** Code that is loaded, or guards that are switched off. */
const SERVER: ReadonlySet<string> = new Set([
  'session_replication_role',
  'session_preload_libraries',
  'local_preload_libraries',
  'shared_preload_libraries',
  'dynamic_library_path',
  'jit_provider',
  'allow_system_table_mods',
  'allow_in_place_tablespaces',
  'ignore_system_indexes',
  'zero_damaged_pages',
  'ignore_checksum_failure',
]);

/** Values under which the text means what the analyser took it to mean. */
const LEXER: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['standard_conforming_strings', new Set(['on', 'true', 'yes', '1', 'tru', 'tr', 't', 'ye', 'y'])],
  ['client_encoding', new Set(['utf8', 'utf-8', 'unicode'])],
]);

const NAMES: ReadonlySet<string> = new Set(['search_path', 'role', 'session_authorization']);

/** Notes a setting that is changed; an undefined name is one that is computed, and could be any. */
export function noteSetting(
  name: string | undefined,
  value: string | undefined,
  out: Collector,
): void {
  if (name === undefined) {
    out.escalate('unknown');
    out.changesLexer = true;
    out.changesNames = true;
    return;
  }
  const key = name.toLowerCase();
  out.settings.push({ name: key, value: value ?? '' });
  if (IDENTITY.has(key)) {
    out.escalate('privilege');
    if (value !== undefined && value !== '') out.roles.add(value);
  }
  if (SERVER.has(key)) out.escalate('admin');
  if (NAMES.has(key)) out.changesNames = true;
  const safe = LEXER.get(key);
  if (safe !== undefined && !safe.has((value ?? '').toLowerCase())) out.changesLexer = true;
}
