/**
 * The closed list of `pg_catalog` functions that read no user table by themselves: whatever they return comes from their
 * arguments, the session or the catalog. Masking trusts an output only when every call in the statement is in here. A function
 * that takes SQL text or a table's name as text to read its rows must never be added (`query_to_xml`, `ts_stat`, `lo_get`, ...).
 * Source: chapter 9 of the PostgreSQL manual, checked against `pg_proc` of version 15.
 */

const NAMES = `
abs acos acosd acosh age any_value array_agg array_append array_cat array_dims array_fill array_length array_lower
array_ndims array_position array_positions array_prepend array_remove array_replace array_reverse array_sample
array_shuffle array_sort array_to_json array_to_string array_to_tsvector array_upper ascii asin asind asinh atan atan2
atan2d atand atanh avg bit_and bit_count bit_length bit_or bit_xor bool_and bool_or box broadcast btrim cardinality
casefold cbrt ceil ceiling center char_length character_length chr circle clock_timestamp coalesce concat concat_ws
convert convert_from convert_to corr cos cosd cosh cot cotd count covar_pop covar_samp crc32 crc32c cume_dist
current_catalog current_database current_date current_role current_schema current_schemas current_setting current_time
current_timestamp current_user currval date date_add date_bin date_part date_subtract date_trunc decode degrees
dense_rank diagonal diameter div encode enum_first enum_last enum_range erf erfc every exp extract factorial family
first_value floor format format_type gamma gcd gen_random_uuid generate_series generate_subscripts get_bit get_byte
get_current_ts_config getdatabaseencoding greatest height host hostmask inet_client_addr inet_client_port
inet_merge inet_same_family inet_server_addr inet_server_port initcap interval is_normalized isclosed isempty isfinite
isopen json_agg json_agg_strict json_array_elements json_array_elements_text json_array_length json_build_array
json_build_object json_each json_each_text json_extract_path json_extract_path_text json_object json_object_agg
json_object_agg_strict json_object_agg_unique json_object_keys json_populate_record json_populate_recordset json_scalar
json_serialize json_strip_nulls json_to_record json_to_recordset json_typeof jsonb_agg jsonb_agg_strict
jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each
jsonb_each_text jsonb_extract_path jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_agg
jsonb_object_agg_strict jsonb_object_agg_unique jsonb_object_keys jsonb_path_exists jsonb_path_exists_tz
jsonb_path_match jsonb_path_match_tz jsonb_path_query jsonb_path_query_array jsonb_path_query_array_tz
jsonb_path_query_first jsonb_path_query_first_tz jsonb_path_query_tz jsonb_populate_record jsonb_populate_recordset
jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record jsonb_to_recordset jsonb_typeof justify_days
justify_hours justify_interval lag last_value lastval lcm lead least left length lgamma like_escape line ln localtime
localtimestamp log log10 lower lower_inc lower_inf lpad lseg ltrim macaddr8_set7bit make_date make_interval make_time
make_timestamp make_timestamptz masklen max md5 min min_scale mod mode multirange mxid_age netmask network nextval
normalize now npoints nth_value ntile nullif num_nonnulls num_nulls numnode octet_length overlaps overlay parse_ident
path percent_rank percentile_cont percentile_disc phraseto_tsquery pi plainto_tsquery point polygon position pow power
quote_ident quote_literal quote_nullable querytree radians radius random random_normal range_agg range_intersect_agg
range_merge rank regexp_count regexp_instr regexp_like regexp_match regexp_matches regexp_replace regexp_split_to_array
regexp_split_to_table regexp_substr regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy
regr_syy repeat replace reverse right round row_number row_security_active row_to_json rpad rtrim scale session_user
set_bit set_byte set_config set_masklen setseed setval setweight sha224 sha256 sha384 sha512 sign similar_escape
similar_to_escape sin sind sinh slope split_part sqrt starts_with statement_timestamp stddev stddev_pop stddev_samp
string_agg string_to_array string_to_table strip strpos substr substring sum system_user tan tand tanh text timeofday
timezone to_ascii to_bin to_char to_date to_hex to_json to_jsonb to_number to_oct to_regclass to_regcollation
to_regnamespace to_regoper to_regoperator to_regproc to_regprocedure to_regrole to_regtype to_regtypemod to_timestamp
to_tsquery to_tsvector transaction_timestamp translate trim_array trim_scale trunc ts_delete ts_filter ts_headline
ts_lexize ts_rank ts_rank_cd tsquery_phrase tsvector_to_array txid_current txid_current_if_assigned
txid_current_snapshot txid_snapshot_xip txid_snapshot_xmax txid_snapshot_xmin txid_status txid_visible_in_snapshot
unicode_assigned unicode_version unistr unnest upper upper_inc upper_inf user uuid_extract_timestamp
uuid_extract_version uuidv4 uuidv7 var_pop var_samp variance version websearch_to_tsquery width width_bucket xmlagg
xmlcomment xmlconcat xmlexists xml_is_well_formed xml_is_well_formed_content xml_is_well_formed_document xmltext xpath
xpath_exists
aclexplode acldefault col_description has_any_column_privilege has_column_privilege has_database_privilege
has_foreign_data_wrapper_privilege has_function_privilege has_language_privilege has_parameter_privilege
has_schema_privilege has_sequence_privilege has_server_privilege has_table_privilege has_tablespace_privilege
has_type_privilege makeaclitem obj_description oidvectortypes pg_advisory_lock pg_advisory_unlock
pg_advisory_unlock_all pg_advisory_xact_lock pg_available_extension_versions pg_available_extensions pg_backend_pid
pg_blocking_pids pg_char_to_encoding pg_client_encoding pg_collation_for pg_collation_is_visible pg_column_compression
pg_column_is_updatable pg_column_size pg_conf_load_time pg_conversion_is_visible pg_current_snapshot
pg_current_wal_lsn pg_current_xact_id pg_current_xact_id_if_assigned pg_database_size pg_describe_object
pg_encoding_to_char pg_filenode_relation pg_function_is_visible pg_get_constraintdef pg_get_expr
pg_get_function_arg_default pg_get_function_arguments pg_get_function_identity_arguments pg_get_function_result
pg_get_function_sqlbody pg_get_functiondef pg_get_indexdef pg_get_keywords pg_get_object_address
pg_get_partition_constraintdef pg_get_partkeydef pg_get_publication_tables pg_get_replica_identity_index
pg_get_ruledef pg_get_serial_sequence pg_get_statisticsobjdef pg_get_statisticsobjdef_columns
pg_get_statisticsobjdef_expressions pg_get_triggerdef pg_get_userbyid pg_get_viewdef pg_has_role pg_identify_object
pg_identify_object_as_address pg_index_column_has_property pg_index_has_property pg_indexam_has_property
pg_indexes_size pg_input_is_valid pg_is_in_recovery pg_is_other_temp_schema pg_is_wal_replay_paused
pg_last_committed_xact pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_last_xact_replay_timestamp
pg_listening_channels pg_lock_status pg_lsn pg_my_temp_schema pg_notification_queue_usage pg_notify
pg_opclass_is_visible pg_operator_is_visible pg_opfamily_is_visible pg_options_to_table pg_partition_ancestors
pg_partition_root pg_partition_tree pg_postmaster_start_time pg_relation_filenode pg_relation_filepath
pg_relation_is_publishable pg_relation_is_updatable pg_relation_size pg_safe_snapshot_blocking_pids
pg_sequence_last_value pg_sequence_parameters pg_settings_get_flags pg_size_bytes pg_size_pretty pg_sleep pg_sleep_for
pg_sleep_until pg_statistics_obj_is_visible pg_table_is_visible pg_table_size pg_tablespace_databases
pg_tablespace_location pg_tablespace_size pg_timezone_abbrevs pg_timezone_names pg_total_relation_size
pg_trigger_depth pg_try_advisory_lock pg_try_advisory_xact_lock pg_ts_config_is_visible pg_ts_dict_is_visible
pg_ts_parser_is_visible pg_ts_template_is_visible pg_type_is_visible pg_typeof pg_visible_in_snapshot pg_wal_lsn_diff
pg_walfile_name shobj_description`;

export const PURE_FUNCTIONS: ReadonlySet<string> = new Set(NAMES.trim().split(/\s+/));

const TYPES = `
aclitem bit bool boolean box bpchar bytea char cid cidr circle date daterange datemultirange float4 float8 inet int2
int2vector int4 int4multirange int4range int8 int8multirange int8range interval json jsonb jsonpath line lseg macaddr
macaddr8 money name numeric nummultirange numrange oid oidvector path pg_lsn pg_snapshot point polygon refcursor
regclass regcollation regconfig regdictionary regnamespace regoper regoperator regproc regprocedure regrole regtype
smallint text tid time timestamp timestamptz timetz tsmultirange tsquery tsrange tstzmultirange tstzrange tsvector
txid_snapshot unknown uuid varbit varchar xid xid8 xml "char"`;

/** Built-in types: a cast to one of these runs no code of a user. */
export const BUILT_IN_TYPES: ReadonlySet<string> = new Set(TYPES.trim().split(/\s+/));

const OPERATORS = `
!! !~ !~* !~~ !~~* # ## #- #> #>> % & && &< &<| &> * *< *<= *<> *= *> *>= + - -> ->> -|- / < <-> << <<= <<| <= <> <@ <^
= > >= >> >>= >^ ? ?# ?& ?- ?-| ?| ?|| @ @-@ @> @? @@ @@@ ^ ^@ | |&> |/ |>> || ||/ ~ ~* ~<=~ ~<~ ~= ~>=~ ~>~ ~~ ~~*`;

/** Built-in operators (and `BETWEEN`, which the parser gives as one); a user's overload of one of these is not told apart. */
export const BUILT_IN_OPERATORS: ReadonlySet<string> = new Set([
  ...OPERATORS.trim().split(/\s+/),
  'BETWEEN',
  'NOT BETWEEN',
  'BETWEEN SYMMETRIC',
  'NOT BETWEEN SYMMETRIC',
]);
