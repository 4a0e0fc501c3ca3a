/**
 * Refusals and coded errors in PostgreSQL's own tongue: SQLSTATE, message, DETAIL with the reasons, HINT with what to do.
 * PostgreSQL documentation, appendix "Error Codes". It must not decide anything.
 */
import type { Reason } from '../../engine/contract/decision.ts';
import { ProxyError } from '../error.ts';
import type { Refusal, RefusalKind } from '../gate/refusal.ts';
import type { Report, Severity } from './wire/backend-encode.ts';

/** Reasons listed in a DETAIL; the journal has all of them. */
const MAX_REASONS = 20;

/** A refusal of a connection: the client cannot go on. */
export function reportAdmission(refusal: Refusal): Report {
  return { ...describe(refusal), severity: 'FATAL', sqlstate: ADMISSION_STATES[refusal.kind] };
}

/** A refusal of one statement: the session goes on. */
export function reportStatement(refusal: Refusal): Report {
  return { ...describe(refusal), severity: 'ERROR', sqlstate: statementState(refusal) };
}

/** The end of a session from outside: revoked, shut down, journal gone. */
export function reportEnd(refusal: Refusal): Report {
  return { ...describe(refusal), severity: 'FATAL', sqlstate: '57P01' };
}

/** What the client is told of a coded error; anything else is a fault of the program and says nothing about itself. */
export function reportError(error: unknown, severity: Severity): Report {
  if (!(error instanceof ProxyError)) {
    return { severity, sqlstate: 'XX000', message: 'internal error of the gateway' };
  }
  return { severity, sqlstate: errorState(error), message: error.message, hint: error.hint };
}

function describe(refusal: Refusal): {
  message: string;
  detail: string | undefined;
  hint: string | undefined;
} {
  const reasons = refusal.reasons.slice(0, MAX_REASONS).map(describeReason);
  const more = refusal.reasons.length - reasons.length;
  if (more > 0) reasons.push(`and ${more} more`);
  return {
    message: refusal.message,
    detail: reasons.length > 0 ? reasons.join('\n') : refusal.code,
    hint: refusal.hint,
  };
}

/** `code: reason (package.rule file:line)`. */
function describeReason(reason: Reason): string {
  const { rule } = reason;
  const where =
    rule === undefined ? '' : ` (${rule.package}.${rule.name} ${rule.file}:${rule.line})`;
  return `${reason.code}: ${reason.reason}${where}`;
}

const ADMISSION_STATES: Readonly<Record<RefusalKind, string>> = {
  unauthenticated: '28P01',
  'unknown-resource': '3D000',
  blocked: '42501',
  'approval-denied': '42501',
  'approval-expired': '42501',
  limit: '53300',
  unsupported: '0A000',
  unavailable: '57P03',
};

const STATEMENT_STATES: Readonly<Record<RefusalKind, string>> = {
  ...ADMISSION_STATES,
  unauthenticated: '28000',
  limit: '54000',
  unavailable: '58000',
};

/** Codes that PostgreSQL has a state of its own for. */
const CODE_STATES: ReadonlyMap<string, string> = new Map([
  ['sql/syntax', '42601'],
  ['sql/nul', '42601'],
  ['sql/encoding', '22021'],
  ['approval/cancelled', '57014'],
  ['action/cancelled', '57014'],
  ['statement/unknown', '26000'],
  ['portal/unknown', '34000'],
]);

function statementState(refusal: Refusal): string {
  return CODE_STATES.get(refusal.code) ?? STATEMENT_STATES[refusal.kind];
}

function errorState(error: ProxyError): string {
  switch (error.code) {
    case 'target/unreachable':
      return '08001';
    case 'target/refused-credential':
      return '08004';
    case 'target/no-account':
      return '28000';
    case 'target/protocol':
      return '08006';
    case 'client/protocol':
      return '08P01';
    case 'client/gone':
      return '57P01';
    case 'limit/exceeded':
      return '54000';
    default:
      return '58000';
  }
}
