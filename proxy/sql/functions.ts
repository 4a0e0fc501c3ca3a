/**
 * What is known of functions by name. Two closed lists: what a call *does* beyond reading (its class), and which calls are
 * known to read no table by themselves. A function in neither keeps the class of its statement, and masking takes it for one
 * that may read anything. Source: the function tables of the PostgreSQL 15-18 manuals, chapters 9 and F.
 */
import type { ActionClass } from '../../engine/contract/input.ts';
import { PURE_FUNCTIONS } from './pure-functions.ts';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const WRITE = words(`
  nextval setval lo_create lo_creat lo_unlink lo_put lo_from_bytea lo_truncate lo_truncate64 lowrite lo_open lo_write
  pg_notify pg_logical_emit_message pg_export_snapshot gin_clean_pending_list brin_summarize_new_values
  brin_summarize_range brin_desummarize_range pg_clear_relation_stats pg_restore_relation_stats
  pg_clear_attribute_stats pg_restore_attribute_stats`);

const SESSION = words(`
  pg_advisory_lock pg_advisory_lock_shared pg_advisory_unlock pg_advisory_unlock_all pg_advisory_unlock_shared
  pg_advisory_xact_lock pg_advisory_xact_lock_shared pg_try_advisory_lock pg_try_advisory_lock_shared
  pg_try_advisory_xact_lock pg_try_advisory_xact_lock_shared setseed`);

const ADMIN = words(`
  pg_read_file pg_read_binary_file pg_ls_dir pg_stat_file pg_ls_logdir pg_ls_waldir pg_ls_archive_statusdir
  pg_ls_tmpdir pg_ls_logicalmapdir pg_ls_logicalsnapdir pg_ls_replslotdir pg_ls_summariesdir pg_current_logfile
  pg_hba_file_rules pg_ident_file_mappings pg_show_all_file_settings pg_file_write pg_file_sync pg_file_rename
  pg_file_unlink pg_file_read pg_file_length pg_logdir_ls pg_read_file_old lo_import lo_export
  pg_terminate_backend pg_cancel_backend pg_reload_conf pg_rotate_logfile pg_log_backend_memory_contexts
  pg_switch_wal pg_switch_xlog pg_create_restore_point pg_promote pg_wal_replay_pause pg_wal_replay_resume
  pg_backup_start pg_backup_stop pg_start_backup pg_stop_backup pg_create_physical_replication_slot
  pg_create_logical_replication_slot pg_drop_replication_slot pg_copy_physical_replication_slot
  pg_copy_logical_replication_slot pg_replication_slot_advance pg_logical_slot_get_changes
  pg_logical_slot_peek_changes pg_logical_slot_get_binary_changes pg_logical_slot_peek_binary_changes
  pg_sync_replication_slots pg_replication_origin_create pg_replication_origin_drop
  pg_replication_origin_session_setup pg_replication_origin_session_reset pg_replication_origin_xact_setup
  pg_replication_origin_xact_reset pg_replication_origin_advance pg_stat_reset pg_stat_reset_shared
  pg_stat_reset_slru pg_stat_reset_replication_slot pg_stat_reset_subscription_stats
  pg_stat_reset_single_table_counters pg_stat_reset_single_function_counters pg_stat_statements_reset
  pg_import_system_collations pg_prewarm pg_nextoid binary_upgrade_set_record_init_privs
  dblink dblink_exec dblink_connect dblink_connect_u dblink_disconnect dblink_open dblink_fetch dblink_close
  dblink_send_query dblink_get_result dblink_cancel_query dblink_build_sql_insert dblink_build_sql_delete
  dblink_build_sql_update postgres_fdw_disconnect postgres_fdw_disconnect_all
  get_raw_page pg_surgery heap_force_kill heap_force_freeze pg_truncate_visibility_map pageinspect
  heap_page_items heap_page_item_attrs bt_page_items pg_get_wal_records_info pg_get_wal_block_info
  pg_get_wal_record_info`);

/** They run a text as SQL, or read tables named by a text: what runs cannot be seen. */
const EMBEDDED = words(`
  query_to_xml query_to_xmlschema query_to_xml_and_xmlschema cursor_to_xml cursor_to_xmlschema table_to_xml
  table_to_xmlschema table_to_xml_and_xmlschema schema_to_xml schema_to_xmlschema schema_to_xml_and_xmlschema
  database_to_xml database_to_xmlschema database_to_xml_and_xmlschema ts_stat ts_rewrite xpath_table crosstab
  crosstab2 crosstab3 crosstab4 crosstabn connectby exec execute`);

export interface KnownFunction {
  /** `unknown` for one that runs a text as SQL. */
  readonly class: ActionClass;
  readonly embedsSql: boolean;
}

const CLASSES: ReadonlyMap<string, KnownFunction> = new Map(
  (
    [
      [WRITE, 'write', false],
      [SESSION, 'session', false],
      [ADMIN, 'admin', false],
      [EMBEDDED, 'unknown', true],
    ] as const
  ).flatMap(([names, kind, embedsSql]) =>
    names.map((name): [string, KnownFunction] => [name, { class: kind, embedsSql }]),
  ),
);

/** What a function of this name does beyond reading; by bare name, whatever schema it is called in. */
export function knownFunction(name: string): KnownFunction | undefined {
  return CLASSES.get(name);
}

/** True when a call by this name reads no table by itself (its arguments are looked at apart). */
export function isPure(schema: string, name: string): boolean {
  return (schema === '' || schema === 'pg_catalog') && PURE_FUNCTIONS.has(name);
}
