/**
 * Every call of the HTTP API that needs a token, by its route: which operation it is for policies, and what it does at most. A
 * route that is missing here is refused when the server is built.
 */
import type { ActionClass, ApiOperation } from '../../engine/contract/input.ts';

/** Method and route as they are registered. */
export const ROUTE_OPERATIONS: ReadonlyMap<string, ApiOperation> = new Map([
  ['GET /v1/approvals', 'approvals.list'],
  ['GET /v1/approvals/:id', 'approvals.read'],
  ['POST /v1/approvals/:id/approve', 'approvals.answer'],
  ['POST /v1/approvals/:id/deny', 'approvals.answer'],
  ['POST /v1/approvals/:id/escalate', 'approvals.escalate'],
  ['POST /v1/approvals/:id/withdraw', 'approvals.withdraw'],
  ['POST /v1/approvals/:id/revoke', 'approvals.revoke'],
  ['GET /v1/sessions', 'sessions.list'],
  ['GET /v1/sessions/:id', 'sessions.read'],
  ['POST /v1/sessions/:id/end', 'sessions.end'],
  ['GET /v1/decisions', 'decisions.list'],
  ['POST /v1/decisions/try', 'decisions.try'],
  ['GET /v1/policy', 'policies.read'],
  ['GET /v1/whoami', 'identities.read'],
  ['POST /v1/token/revoke', 'tokens.revoke'],
  ['GET /v1/consents', 'consents.list'],
  ['POST /v1/consents', 'consents.grant'],
  ['POST /v1/consents/:id/revoke', 'consents.end'],
  ['GET /v1/identities', 'identities.list'],
  ['GET /v1/agents', 'agents.list'],
  ['GET /v1/api-keys', 'credentials.list'],
  ['POST /v1/api-keys', 'credentials.create'],
  ['POST /v1/api-keys/:id/revoke', 'credentials.revoke'],
  ['GET /v1/secrets', 'credentials.list'],
  ['POST /v1/secrets/:name', 'credentials.create'],
  ['POST /v1/secrets/:name/remove', 'credentials.revoke'],
  ['POST /v1/secret-keys/rotate', 'credentials.rotate'],
  ['GET /v1/notifications', 'notifications.list'],
  ['POST /v1/notifications/:id/retry', 'notifications.retry'],
]);

const CLASSES: Readonly<Record<ApiOperation, ActionClass>> = {
  'approvals.list': 'read',
  'approvals.read': 'read',
  'approvals.answer': 'write',
  'approvals.escalate': 'write',
  'approvals.withdraw': 'write',
  'approvals.revoke': 'write',
  'sessions.list': 'read',
  'sessions.read': 'read',
  'sessions.end': 'write',
  'policies.read': 'read',
  'decisions.list': 'read',
  'decisions.try': 'read',
  'identities.read': 'read',
  'identities.list': 'read',
  'agents.list': 'read',
  'credentials.list': 'read',
  'credentials.create': 'admin',
  'credentials.revoke': 'admin',
  'credentials.rotate': 'admin',
  'notifications.list': 'read',
  'notifications.retry': 'write',
  'tokens.revoke': 'write',
  'tokens.revoke-any': 'admin',
  'consents.list': 'read',
  'consents.list-all': 'read',
  'consents.grant': 'write',
  'consents.end': 'write',
  'consents.end-any': 'admin',
};

/**
 * Calls that make or end a token out of the one they come with: what reads it says who may, and writes what was done. Limited tokens
 * and codes for one use, which no other call takes, come here too.
 */
export const TOKEN_ROUTES: ReadonlySet<string> = new Set([
  'POST /v1/connections',
  'POST /v1/connections/end',
]);

/** The most consequential effect of an operation. */
export function classOf(operation: ApiOperation): ActionClass {
  return CLASSES[operation];
}
