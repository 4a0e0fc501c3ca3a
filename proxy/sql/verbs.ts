/**
 * The verb of a statement, where its node alone does not say it.
 */
import { statementKind } from './statements.ts';
import { type Fields, fields, list, text } from './tree.ts';

const TRANSACTIONS: Readonly<Record<string, string>> = {
  TRANS_STMT_BEGIN: 'BEGIN',
  TRANS_STMT_START: 'START TRANSACTION',
  TRANS_STMT_COMMIT: 'COMMIT',
  TRANS_STMT_ROLLBACK: 'ROLLBACK',
  TRANS_STMT_SAVEPOINT: 'SAVEPOINT',
  TRANS_STMT_RELEASE: 'RELEASE',
  TRANS_STMT_ROLLBACK_TO: 'ROLLBACK TO',
  TRANS_STMT_PREPARE: 'PREPARE TRANSACTION',
  TRANS_STMT_COMMIT_PREPARED: 'COMMIT PREPARED',
  TRANS_STMT_ROLLBACK_PREPARED: 'ROLLBACK PREPARED',
};

/** `OBJECT_FOREIGN_TABLE` as `FOREIGN TABLE`. */
function objectWords(value: unknown): string {
  const words = text(value).replace('OBJECT_', '').replaceAll('_', ' ');
  return words === 'MATVIEW' ? 'MATERIALIZED VIEW' : words === 'TABCONSTRAINT' ? 'TABLE' : words;
}

/** The verb a policy sees, upper case. */
export function verbOf(tag: string, body: Fields): string {
  const verb = statementKind(tag)?.verb ?? 'UNKNOWN';
  switch (tag) {
    case 'SelectStmt':
      return isInto(body) ? 'SELECT INTO' : verb;
    case 'CopyStmt':
      return body['is_from'] === true ? 'COPY FROM' : 'COPY TO';
    case 'TransactionStmt':
      return TRANSACTIONS[text(body['kind'])] ?? verb;
    case 'VariableSetStmt':
      return text(body['kind']).startsWith('VAR_RESET') ? 'RESET' : verb;
    case 'GrantStmt':
      return body['is_grant'] === true ? 'GRANT' : 'REVOKE';
    case 'GrantRoleStmt':
      return body['is_grant'] === true ? 'GRANT ROLE' : 'REVOKE ROLE';
    case 'DropStmt':
      return `DROP ${objectWords(body['removeType'])}`;
    case 'AlterTableStmt':
      return `ALTER ${objectWords(body['objtype'] ?? body['relkind'])}`;
    case 'RenameStmt':
      return `ALTER ${objectWords(body['renameType'] === 'OBJECT_COLUMN' ? body['relationType'] : body['renameType'])}`;
    case 'AlterObjectSchemaStmt':
    case 'AlterOwnerStmt':
      return `ALTER ${objectWords(body['objectType'])}`;
    case 'DefineStmt':
      return `CREATE ${objectWords(body['kind'])}`;
    case 'CreateFunctionStmt':
      return body['is_procedure'] === true ? 'CREATE PROCEDURE' : verb;
    case 'CreateTableAsStmt':
      return text(body['objtype']) === 'OBJECT_MATVIEW' ? 'CREATE MATERIALIZED VIEW' : verb;
    case 'VacuumStmt':
      return body['is_vacuumcmd'] === true ? 'VACUUM' : 'ANALYZE';
    case 'FetchStmt':
      return body['ismove'] === true ? 'MOVE' : verb;
    case 'CreateRoleStmt':
      return text(body['stmt_type']) === 'ROLESTMT_USER' ? 'CREATE USER' : verb;
    default:
      return verb;
  }
}

function isInto(body: Fields): boolean {
  let leaf = body;
  while (leaf['larg'] !== undefined) leaf = fields(leaf['larg']);
  return leaf['intoClause'] !== undefined;
}

/** True when a predicate restricts every branch of the query. */
export function isRestricted(body: Fields): boolean {
  const pending = [body];
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    if (item['larg'] !== undefined) pending.push(fields(item['larg']), fields(item['rarg']));
    else if (item['whereClause'] === undefined) return false;
  }
  return true;
}

/** Whether an EXPLAIN runs its statement: `plan` only when every ANALYZE option is plainly off. */
export function explainMode(body: Fields): 'plan' | 'analyze' {
  for (const option of list(body['options'])) {
    const item = fields(fields(option)['DefElem']);
    if (text(item['defname']) !== 'analyze') continue;
    const arg = fields(item['arg']);
    const word = text(fields(arg['String'])['sval']).toLowerCase();
    const zero = arg['Integer'] !== undefined && (fields(arg['Integer'])['ival'] ?? 0) === 0;
    if (word !== 'false' && word !== 'off' && !zero) return 'analyze';
  }
  return 'plan';
}
