/**
 * From the parse tree of a text to its facts, statement by statement. Statements that wrap another one (EXPLAIN, PREPARE,
 * DECLARE) take over the facts of the inner one.
 */
import type { ActionClass, SqlStatement } from '../../engine/contract/input.ts';
import { refuse } from '../gate/refusal.ts';
import { Collector } from './collector.ts';
import { copyDetail } from './copy-detail.ts';
import type {
  AnalysedStatement,
  NamedEffect,
  SqlFacts,
  StatementDetail,
  TransactionEffect,
} from './facts.ts';
import { worseClass } from './statements.ts';
import { type Fields, fields, isFields, list, tagged, text } from './tree.ts';
import { explainMode, isRestricted, verbOf } from './verbs.ts';
import { TooDeepError, Walk } from './walk.ts';

/** Statements of one text; more are refused. */
export const STATEMENT_LIMIT = 1_000;

const TRANSACTIONS: Readonly<Record<string, TransactionEffect>> = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_START: 'begin',
  TRANS_STMT_COMMIT: 'commit',
  TRANS_STMT_ROLLBACK: 'rollback',
  TRANS_STMT_SAVEPOINT: 'savepoint',
  TRANS_STMT_RELEASE: 'release',
  TRANS_STMT_ROLLBACK_TO: 'rollback-to',
  TRANS_STMT_PREPARE: 'prepare-transaction',
  TRANS_STMT_COMMIT_PREPARED: 'commit-prepared',
  TRANS_STMT_ROLLBACK_PREPARED: 'rollback-prepared',
};

/** Facts of a parsed text; `tree` is the parser's result. */
export function describeTree(tree: unknown, source: string): SqlFacts {
  const items = list(fields(tree)['stmts']);
  if (items.length > STATEMENT_LIMIT) {
    return {
      ok: false,
      refusal: refuse('limit', 'sql/too-many', `more than ${STATEMENT_LIMIT} statements at once`),
    };
  }
  const slice = byteSlicer(source);
  try {
    const all = items.map((item) => {
      const raw = fields(item);
      const node = tagged(raw['stmt']);
      const own = slice(Number(raw['stmt_location'] ?? 0), Number(raw['stmt_len'] ?? 0));
      return describeStatement(node?.tag ?? '', node?.body ?? {}, own, true);
    });
    let worst: SqlStatement | undefined;
    let kind: ActionClass = 'session';
    for (const { statement } of all) {
      if (worst === undefined || worseClass(kind, statement.class) !== kind) worst = statement;
      kind = worseClass(kind, statement.class);
    }
    return {
      ok: true,
      statements: all.map(({ statement }) => statement),
      class: kind,
      verb: worst?.verb ?? '',
      detail: all.map(({ detail }) => detail),
    };
  } catch (fault) {
    if (!(fault instanceof TooDeepError) && !(fault instanceof RangeError)) throw fault;
    return {
      ok: false,
      refusal: refuse('limit', 'sql/too-deep', 'the statement is nested too deeply to be analysed'),
    };
  }
}

function describeStatement(
  tag: string,
  body: Fields,
  source: string,
  runs: boolean,
): AnalysedStatement {
  const verb = verbOf(tag, body);
  if (tag === 'ExplainStmt') return explain(body, source, runs);
  if (tag === 'PrepareStmt' || tag === 'DeclareCursorStmt') {
    return stored(tag, body, source, runs);
  }
  const out = new Collector();
  out.verbs.push(verb);
  new Walk(out).start(tag, body, runs);
  const select = tag === 'SelectStmt';
  const statement: SqlStatement = {
    verb,
    verbs: out.verbs,
    class: out.class,
    text: source,
    tables: out.tableList(),
    columns: {
      read: [...out.read],
      written: [...out.written].filter((name) => name !== ''),
      filtered: out.filteredColumns(),
    },
    functions: out.functionList(),
    where: whereOf(tag, body, out),
    limit: select && body['limitCount'] !== undefined,
    returning: out.returning,
    ...(out.into === undefined ? {} : { into: out.into }),
    ...(out.copy === undefined ? {} : { copy: out.copy }),
    settings: out.settings,
    roles: [...out.roles],
    opaque: out.opaque,
  };
  const detail: StatementDetail = {
    reads: out.reads(),
    moves: [...out.moves],
    returnsRows: returnsRows(tag, body),
    copy: tag === 'CopyStmt' ? copyDetail(body) : undefined,
    named: namedEffect(tag, body, runs),
    transaction: tag === 'TransactionStmt' ? TRANSACTIONS[text(body['kind'])] : undefined,
    changesLexer: out.changesLexer,
    changesNames: out.changesNames,
    explain: 'none',
  };
  return { statement, detail };
}

function whereOf(tag: string, body: Fields, out: Collector): boolean {
  if (out.restricted.length > 0) return out.restricted.every(Boolean);
  return tag === 'SelectStmt' && isRestricted(body);
}

function explain(body: Fields, source: string, runs: boolean): AnalysedStatement {
  const mode = explainMode(body);
  const inner = innerOf(body, source, runs && mode === 'analyze');
  const analyzed = mode === 'analyze';
  return {
    statement: {
      ...inner.statement,
      verb: 'EXPLAIN',
      verbs: analyzed ? ['EXPLAIN', ...inner.statement.verbs] : ['EXPLAIN'],
      class: analyzed ? worseClass('read', inner.statement.class) : 'read',
    },
    detail: {
      ...inner.detail,
      moves: analyzed ? inner.detail.moves : [],
      returnsRows: true,
      explain: mode,
    },
  };
}

/** PREPARE and DECLARE: the body's facts count now, and again when the name is used. */
function stored(tag: string, body: Fields, source: string, runs: boolean): AnalysedStatement {
  const inner = innerOf(body, source, runs);
  const cursor = tag === 'DeclareCursorStmt';
  const verb = cursor ? 'DECLARE' : 'PREPARE';
  const name = text(body[cursor ? 'portalname' : 'name']);
  return {
    statement: { ...inner.statement, verb, verbs: [verb, ...inner.statement.verbs] },
    detail: {
      ...inner.detail,
      returnsRows: false,
      named: cursor
        ? { kind: 'declare', name, hold: isHeld(body), body: inner }
        : { kind: 'prepare', name, body: inner },
    },
  };
}

function innerOf(body: Fields, source: string, runs: boolean): AnalysedStatement {
  const node = tagged(body['query']);
  return describeStatement(node?.tag ?? '', node?.body ?? {}, source, runs);
}

function namedEffect(tag: string, body: Fields, runs: boolean): NamedEffect | undefined {
  const name = text(body['name']);
  const portal = text(body['portalname']);
  switch (tag) {
    case 'ExecuteStmt':
      return { kind: 'execute', name, args: argumentsOf(body, runs) };
    case 'DeallocateStmt':
      return { kind: 'deallocate', name: name === '' ? undefined : name };
    case 'FetchStmt':
      return { kind: 'fetch', name: portal };
    case 'ClosePortalStmt':
      return { kind: 'close', name: portal === '' ? undefined : portal };
    case 'DoStmt':
      return mayRename(body) ? { kind: 'discard' } : undefined;
    case 'DiscardStmt':
      return text(body['target']) === 'DISCARD_ALL' ? { kind: 'discard' } : undefined;
    default:
      return undefined;
  }
}

/** Words without which PL/pgSQL cannot make, drop or replace a prepared statement or cursor by itself. */
const RENAMING = /\b(?:execute|prepare|deallocate|discard|open|close)\b/i;

/** True when the code of a DO block may leave another statement or cursor behind a name than was there before. */
function mayRename(body: Fields): boolean {
  const options = new Map(
    list(body['args']).map((item) => {
      const { defname, arg } = fields(fields(item)['DefElem']);
      return [text(defname), text(fields(fields(arg)['String'])['sval'])];
    }),
  );
  const language = options.get('language') ?? 'plpgsql';
  return language !== 'plpgsql' || RENAMING.test(options.get('as') ?? 'execute');
}

/** `CURSOR_OPT_HOLD` of the server's `parsenodes.h`. */
const CURSOR_OPT_HOLD = 0x20;

function isHeld(body: Fields): boolean {
  return (Number(body['options'] ?? 0) & CURSOR_OPT_HOLD) !== 0;
}

/** The arguments of an EXECUTE as what they are: a list of expressions that is evaluated, like that of a SELECT. */
function argumentsOf(body: Fields, runs: boolean): AnalysedStatement | undefined {
  const params = list(body['params']);
  if (params.length === 0) return undefined;
  const targetList = params.map((val) => ({ ResTarget: { val } }));
  return describeStatement('SelectStmt', { targetList }, '', runs);
}

function returnsRows(tag: string, body: Fields): boolean {
  switch (tag) {
    case 'SelectStmt':
      return verbOf(tag, body) !== 'SELECT INTO';
    case 'InsertStmt':
    case 'UpdateStmt':
    case 'DeleteStmt':
    case 'MergeStmt':
      return list(body['returningList']).length > 0 || isFields(body['returningClause']);
    case 'FetchStmt':
      return body['ismove'] !== true;
    case 'VariableShowStmt':
    case 'ExecuteStmt':
    case 'CallStmt':
      return true;
    default:
      return false;
  }
}

/** Cuts by the parser's positions, which count UTF-8 bytes; length 0 means to the end. */
function byteSlicer(source: string): (start: number, length: number) => string {
  const bytes = Buffer.from(source, 'utf8');
  const ascii = bytes.length === source.length;
  return (start, length) => {
    const end = length === 0 ? bytes.length : start + length;
    return (ascii ? source.slice(start, end) : bytes.toString('utf8', start, end)).trim();
  };
}
