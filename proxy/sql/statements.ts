/**
 * The closed table of statement nodes: verb, class, and which fields hold what the statement changes. A node that is not in
 * here has the class `unknown`. Verbs and classes that depend on the node's content are refined in `utility.ts`.
 * Source: `parsenodes.h` of PostgreSQL 15-18.
 */
import type { ActionClass, TableAccess } from '../../engine/contract/input.ts';

export interface StatementKind {
  readonly verb: string;
  readonly class: ActionClass;
  /** Fields whose relations are not merely read. */
  readonly targets: Readonly<Record<string, TableAccess>>;
}

const NONE: Readonly<Record<string, TableAccess>> = {};

const row = (
  verb: string,
  kind: ActionClass,
  targets: Readonly<Record<string, TableAccess>> = NONE,
): StatementKind => ({ verb, class: kind, targets });

const alterRelation = { relation: 'alter' } as const;

const KINDS: Readonly<Record<string, StatementKind>> = {
  SelectStmt: row('SELECT', 'read'),
  InsertStmt: row('INSERT', 'write', { relation: 'write' }),
  UpdateStmt: row('UPDATE', 'write', { relation: 'write' }),
  DeleteStmt: row('DELETE', 'write', { relation: 'write' }),
  MergeStmt: row('MERGE', 'write', { relation: 'write' }),
  CopyStmt: row('COPY', 'read'),
  TruncateStmt: row('TRUNCATE', 'write', { relations: 'write' }),
  LockStmt: row('LOCK', 'write'),
  NotifyStmt: row('NOTIFY', 'write'),
  RefreshMatViewStmt: row('REFRESH MATERIALIZED VIEW', 'write', { relation: 'write' }),
  // Session and transaction
  TransactionStmt: row('TRANSACTION', 'session'),
  VariableSetStmt: row('SET', 'session'),
  VariableShowStmt: row('SHOW', 'session'),
  ConstraintsSetStmt: row('SET CONSTRAINTS', 'session'),
  DiscardStmt: row('DISCARD', 'session'),
  ListenStmt: row('LISTEN', 'session'),
  UnlistenStmt: row('UNLISTEN', 'session'),
  DeallocateStmt: row('DEALLOCATE', 'session'),
  ClosePortalStmt: row('CLOSE', 'session'),
  PrepareStmt: row('PREPARE', 'session'),
  DeclareCursorStmt: row('DECLARE', 'read'),
  FetchStmt: row('FETCH', 'read'),
  ReturnStmt: row('RETURN', 'read'),
  ExplainStmt: row('EXPLAIN', 'read'),
  // What runs is not in the text
  ExecuteStmt: row('EXECUTE', 'unknown'),
  DoStmt: row('DO', 'unknown'),
  CallStmt: row('CALL', 'unknown'),
  // Definitions
  CreateStmt: row('CREATE TABLE', 'ddl', { relation: 'create' }),
  CreateForeignTableStmt: row('CREATE FOREIGN TABLE', 'ddl', { base: 'create' }),
  CreateTableAsStmt: row('CREATE TABLE AS', 'ddl', { into: 'create' }),
  ViewStmt: row('CREATE VIEW', 'ddl', { view: 'create' }),
  AlterTableStmt: row('ALTER TABLE', 'ddl', alterRelation),
  DropStmt: row('DROP', 'ddl'),
  RenameStmt: row('ALTER', 'ddl', alterRelation),
  IndexStmt: row('CREATE INDEX', 'ddl', alterRelation),
  RuleStmt: row('CREATE RULE', 'ddl', alterRelation),
  CreateTrigStmt: row('CREATE TRIGGER', 'ddl', alterRelation),
  CreateSeqStmt: row('CREATE SEQUENCE', 'ddl', { sequence: 'create' }),
  AlterSeqStmt: row('ALTER SEQUENCE', 'ddl', { sequence: 'alter' }),
  CreateStatsStmt: row('CREATE STATISTICS', 'ddl', { relations: 'alter' }),
  AlterStatsStmt: row('ALTER STATISTICS', 'ddl'),
  CommentStmt: row('COMMENT', 'ddl'),
  CreateSchemaStmt: row('CREATE SCHEMA', 'ddl'),
  CreateFunctionStmt: row('CREATE FUNCTION', 'ddl'),
  AlterFunctionStmt: row('ALTER FUNCTION', 'ddl'),
  DefineStmt: row('CREATE', 'ddl'),
  CreateDomainStmt: row('CREATE DOMAIN', 'ddl'),
  AlterDomainStmt: row('ALTER DOMAIN', 'ddl'),
  CompositeTypeStmt: row('CREATE TYPE', 'ddl', { typevar: 'create' }),
  CreateEnumStmt: row('CREATE TYPE', 'ddl'),
  AlterEnumStmt: row('ALTER TYPE', 'ddl'),
  CreateRangeStmt: row('CREATE TYPE', 'ddl'),
  AlterTypeStmt: row('ALTER TYPE', 'ddl'),
  AlterObjectSchemaStmt: row('ALTER', 'ddl', alterRelation),
  AlterObjectDependsStmt: row('ALTER', 'ddl', alterRelation),
  AlterOperatorStmt: row('ALTER OPERATOR', 'ddl'),
  AlterCollationStmt: row('ALTER COLLATION', 'ddl'),
  AlterTSDictionaryStmt: row('ALTER TEXT SEARCH DICTIONARY', 'ddl'),
  AlterTSConfigurationStmt: row('ALTER TEXT SEARCH CONFIGURATION', 'ddl'),
  CreateConversionStmt: row('CREATE CONVERSION', 'ddl'),
  CreateCastStmt: row('CREATE CAST', 'ddl'),
  CreateOpClassStmt: row('CREATE OPERATOR CLASS', 'ddl'),
  CreateOpFamilyStmt: row('CREATE OPERATOR FAMILY', 'ddl'),
  AlterOpFamilyStmt: row('ALTER OPERATOR FAMILY', 'ddl'),
  ReplicaIdentityStmt: row('ALTER TABLE', 'ddl'),
  // Who may do what
  GrantStmt: row('GRANT', 'privilege', { objects: 'alter' }),
  GrantRoleStmt: row('GRANT ROLE', 'privilege'),
  AlterDefaultPrivilegesStmt: row('ALTER DEFAULT PRIVILEGES', 'privilege'),
  CreateRoleStmt: row('CREATE ROLE', 'privilege'),
  AlterRoleStmt: row('ALTER ROLE', 'privilege'),
  AlterRoleSetStmt: row('ALTER ROLE SET', 'privilege'),
  DropRoleStmt: row('DROP ROLE', 'privilege'),
  AlterOwnerStmt: row('ALTER OWNER', 'privilege', alterRelation),
  ReassignOwnedStmt: row('REASSIGN OWNED', 'privilege'),
  DropOwnedStmt: row('DROP OWNED', 'privilege'),
  CreatePolicyStmt: row('CREATE POLICY', 'privilege', { table: 'alter' }),
  AlterPolicyStmt: row('ALTER POLICY', 'privilege', { table: 'alter' }),
  SecLabelStmt: row('SECURITY LABEL', 'privilege'),
  CreateUserMappingStmt: row('CREATE USER MAPPING', 'privilege'),
  AlterUserMappingStmt: row('ALTER USER MAPPING', 'privilege'),
  DropUserMappingStmt: row('DROP USER MAPPING', 'privilege'),
  // The server itself
  AlterSystemStmt: row('ALTER SYSTEM', 'admin'),
  LoadStmt: row('LOAD', 'admin'),
  CheckPointStmt: row('CHECKPOINT', 'admin'),
  VacuumStmt: row('VACUUM', 'admin', { rels: 'write' }),
  ClusterStmt: row('CLUSTER', 'admin', { relation: 'write' }),
  ReindexStmt: row('REINDEX', 'admin', { relation: 'write' }),
  CreatedbStmt: row('CREATE DATABASE', 'admin'),
  DropdbStmt: row('DROP DATABASE', 'admin'),
  AlterDatabaseStmt: row('ALTER DATABASE', 'admin'),
  AlterDatabaseSetStmt: row('ALTER DATABASE SET', 'admin'),
  AlterDatabaseRefreshCollStmt: row('ALTER DATABASE', 'admin'),
  CreateTableSpaceStmt: row('CREATE TABLESPACE', 'admin'),
  DropTableSpaceStmt: row('DROP TABLESPACE', 'admin'),
  AlterTableSpaceOptionsStmt: row('ALTER TABLESPACE', 'admin'),
  AlterTableMoveAllStmt: row('ALTER TABLE', 'admin'),
  CreateExtensionStmt: row('CREATE EXTENSION', 'admin'),
  AlterExtensionStmt: row('ALTER EXTENSION', 'admin'),
  AlterExtensionContentsStmt: row('ALTER EXTENSION', 'admin'),
  CreatePLangStmt: row('CREATE LANGUAGE', 'admin'),
  CreateTransformStmt: row('CREATE TRANSFORM', 'admin'),
  CreateAmStmt: row('CREATE ACCESS METHOD', 'admin'),
  CreateEventTrigStmt: row('CREATE EVENT TRIGGER', 'admin'),
  AlterEventTrigStmt: row('ALTER EVENT TRIGGER', 'admin'),
  CreateFdwStmt: row('CREATE FOREIGN DATA WRAPPER', 'admin'),
  AlterFdwStmt: row('ALTER FOREIGN DATA WRAPPER', 'admin'),
  CreateForeignServerStmt: row('CREATE SERVER', 'admin'),
  AlterForeignServerStmt: row('ALTER SERVER', 'admin'),
  ImportForeignSchemaStmt: row('IMPORT FOREIGN SCHEMA', 'admin', { table_list: 'create' }),
  CreatePublicationStmt: row('CREATE PUBLICATION', 'admin'),
  AlterPublicationStmt: row('ALTER PUBLICATION', 'admin'),
  CreateSubscriptionStmt: row('CREATE SUBSCRIPTION', 'admin'),
  AlterSubscriptionStmt: row('ALTER SUBSCRIPTION', 'admin'),
  DropSubscriptionStmt: row('DROP SUBSCRIPTION', 'admin'),
};

const TABLE: ReadonlyMap<string, StatementKind> = new Map(Object.entries(KINDS));

/** The row of a statement node; undefined for one this table does not know. */
export function statementKind(tag: string): StatementKind | undefined {
  return TABLE.get(tag);
}

/** Least consequential first; what cannot be told is worst. */
const ORDER: readonly ActionClass[] = [
  'session',
  'read',
  'write',
  'ddl',
  'privilege',
  'admin',
  'unknown',
];

/** The more consequential of two classes. */
export function worseClass(left: ActionClass, right: ActionClass): ActionClass {
  return ORDER.indexOf(left) >= ORDER.indexOf(right) ? left : right;
}
