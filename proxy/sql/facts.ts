/**
 * What is known of a SQL text before it runs: the statements a policy sees, and beside each the detail that enforcement needs
 * (masking, prepared names, transactions). Facts are purely syntactic: they never depend on a catalog, so they may be cached.
 */
import type { ActionClass, SqlStatement } from '../../engine/contract/input.ts';
import type { Refusal } from '../gate/refusal.ts';

export type PostgresMajor = 15 | 16 | 17 | 18;

/** A relation as the text names it; `schema` is empty when the text does not qualify it. */
export interface RelationName {
  readonly schema: string;
  readonly name: string;
}

export interface AttributeFact {
  readonly name: string;
  /** The relations its qualifier can mean; undefined where that is not plain in the text. */
  readonly relations: readonly RelationName[] | undefined;
}

/** What a statement may read, told conservatively: what is not listed here is not read. */
export interface ReadFacts {
  /** Every relation the text names that is not a common table expression, written ones included. */
  readonly relations: readonly RelationName[];
  /** Every name that can be a column read anywhere in the statement (function names too: `f(t)` can mean `t.f`). */
  readonly names: readonly string[];
  /** The part of `names` that can flow into what the statement writes (predicates of UPDATE and DELETE left out). */
  readonly moved: readonly string[];
  /** Names in attribute position (`x.name`): one that is no column may be a function over the whole row. */
  readonly attributes: readonly AttributeFact[];
  /** `*`, a whole-row reference, NATURAL, or a column alias list: any column of any relation may be read. */
  readonly broad: boolean;
  /** The same for `moved`. */
  readonly broadMove: boolean;
  /** Calls that are not known to be pure: each may read any table by itself. */
  readonly opaqueCalls: readonly string[];
}

/** Where a statement puts what it reads, other than into result rows. */
export type MoveTarget =
  | 'insert'
  | 'update'
  | 'merge'
  | 'create-table-as'
  | 'select-into'
  | 'materialized-view'
  /** A rule, a generated column, a rename: masks that go by name would no longer reach the data. */
  | 'definition'
  | 'copy-query'
  | 'copy-file'
  /** A call that stores or sends its arguments (`pg_notify`, `set_config`, `lo_put`). */
  | 'call';

export interface CopyDetail {
  readonly direction: 'from' | 'to';
  /** Undefined for `COPY (query) TO`. */
  readonly relation: RelationName | undefined;
  /** As listed; empty means every column that is not generated. */
  readonly columns: readonly string[];
  readonly format: 'text' | 'csv' | 'binary';
  /** True when the text format is the plain one: tab, `\N`, no header. Only such rows can be masked. */
  readonly plainText: boolean;
  readonly toClient: boolean;
}

export type NamedEffect =
  | { readonly kind: 'prepare'; readonly name: string; readonly body: AnalysedStatement }
  /** `args` are the facts of its arguments, which are expressions of their own; undefined for none. */
  | {
      readonly kind: 'execute';
      readonly name: string;
      readonly args: AnalysedStatement | undefined;
    }
  /** `name` undefined: all of them. */
  | { readonly kind: 'deallocate'; readonly name: string | undefined }
  /** `hold`: it outlives its transaction. */
  | {
      readonly kind: 'declare';
      readonly name: string;
      readonly hold: boolean;
      readonly body: AnalysedStatement;
    }
  | { readonly kind: 'fetch'; readonly name: string }
  | { readonly kind: 'close'; readonly name: string | undefined }
  /** `DISCARD ALL`, or code that may have replaced them: prepared statements and cursors are gone, or are not what they were. */
  | { readonly kind: 'discard' };

export type TransactionEffect =
  | 'begin'
  | 'commit'
  | 'rollback'
  | 'savepoint'
  | 'release'
  | 'rollback-to'
  | 'prepare-transaction'
  | 'commit-prepared'
  | 'rollback-prepared';

/** What enforcement needs of one statement beyond what a policy sees. */
export interface StatementDetail {
  readonly reads: ReadFacts;
  /** Empty when everything read goes to result rows (or nowhere). */
  readonly moves: readonly MoveTarget[];
  readonly returnsRows: boolean;
  readonly copy: CopyDetail | undefined;
  readonly named: NamedEffect | undefined;
  readonly transaction: TransactionEffect | undefined;
  /** Changes how later text is read (`standard_conforming_strings`, `client_encoding`, ...): refuse or end the session. */
  readonly changesLexer: boolean;
  /** Names of settings or roles changed here that decide which table a name means (`search_path`, `role`). */
  readonly changesNames: boolean;
  /** `EXPLAIN`: its rows describe a plan; with `analyze` the statement runs. */
  readonly explain: 'none' | 'plan' | 'analyze';
}

export interface AnalysedStatement {
  readonly statement: SqlStatement;
  readonly detail: StatementDetail;
}

export interface SqlKnown {
  readonly ok: true;
  /** In order; empty for an empty or comment-only text. */
  readonly statements: readonly SqlStatement[];
  /** The most consequential class of all; `session` for none. */
  readonly class: ActionClass;
  /** The verb of the most consequential statement; empty for none. */
  readonly verb: string;
  /** One for each statement. */
  readonly detail: readonly StatementDetail[];
}

export interface SqlRefused {
  readonly ok: false;
  /** Codes: `sql/syntax`, `sql/nul`, `sql/encoding`, `sql/too-long`, `sql/too-deep`, `sql/too-many`, `sql/too-slow`, `sql/busy`, `sql/parser`. */
  readonly refusal: Refusal;
}

export type SqlFacts = SqlKnown | SqlRefused;

export interface SqlAnalyser {
  /** Never throws or rejects: what cannot be analysed is refused. Synchronous for short texts and cache hits. */
  analyse(text: string): SqlFacts | Promise<SqlFacts>;
  /** Ends the worker; later calls are refused. */
  close(): Promise<void>;
}
