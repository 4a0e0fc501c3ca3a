/**
 * Which statements could leave the role that a session is bound to, where the gateway signs in as one user and takes a role for
 * each identity. The server itself lets any session go back to the user it signed in as, so what changes the role, and code that
 * cannot be read or that could be made to change it later, is refused. It must not decide anything else.
 *
 * PostgreSQL documentation, "SET ROLE", "SET SESSION AUTHORIZATION", "DISCARD": the last two drop the role as well.
 */
import { type Refusal, refuse } from '../gate/refusal.ts';
import type { AnalysedStatement } from '../sql/facts.ts';
import { knownFunction } from '../sql/functions.ts';

export const ROLE_KEPT: Refusal = refuse(
  'unsupported',
  'sql/role',
  'this session keeps its role, and the statement could leave it',
  {
    hint: 'Leave out SET ROLE, SET SESSION AUTHORIZATION, DISCARD ALL, and code such as DO, CALL or CREATE FUNCTION.',
  },
);

/** Definitions that store no call of a function by its name alone; what they compute is looked at by its functions. */
const PLAIN_DEFINITIONS: ReadonlySet<string> = new Set([
  'CREATE TABLE',
  'CREATE TABLE AS',
  'CREATE VIEW',
  'CREATE MATERIALIZED VIEW',
  'CREATE INDEX',
  'CREATE SEQUENCE',
  'CREATE STATISTICS',
  'CREATE SCHEMA',
  'SELECT INTO',
  'ALTER TABLE',
  'ALTER VIEW',
  'ALTER INDEX',
  'ALTER SEQUENCE',
  'ALTER MATERIALIZED VIEW',
  'COMMENT',
  'GRANT',
  'REVOKE',
  'VACUUM',
  'ANALYZE',
  'CLUSTER',
  'REINDEX',
  // Judged by the settings they change.
  'SET',
  'RESET',
]);

/** True for a statement that could change the role now, or leave behind something that does. */
export function mayLeaveRole({ statement, detail }: AnalysedStatement): boolean {
  const { named } = detail;
  if (statement.opaque || statement.class === 'unknown') return true;
  if (statement.settings.some(changesRole)) return true;
  if (statement.verb === 'DISCARD' && named?.kind === 'discard') return true;
  if ((named?.kind === 'prepare' || named?.kind === 'declare') && mayLeaveRole(named.body))
    return true;
  switch (statement.class) {
    case 'session':
    case 'read':
    case 'write':
      return false;
    default:
      return !isPlainDefinition(statement.verb) || statement.functions.some(setsOrRuns);
  }
}

/** Back to the role of the start-up packet is back to where the session is. */
function changesRole({ name, value }: { readonly name: string; readonly value: string }): boolean {
  return name === 'session_authorization' || (name === 'role' && value !== '');
}

function isPlainDefinition(verb: string): boolean {
  return PLAIN_DEFINITIONS.has(verb) || verb.startsWith('DROP ');
}

function setsOrRuns({ name }: { readonly name: string }): boolean {
  return name === 'set_config' || knownFunction(name)?.embedsSql === true;
}
