/**
 * Who a request comes from and what beyond their own affairs they may see. A request without a valid bearer token goes nowhere.
 */
import type { FastifyRequest } from 'fastify';
import type { IdentityInput } from '../../engine/contract/input.ts';
import { isRefusal } from '../../proxy/gate/refusal.ts';
import type { SessionSummary } from '../sessions/session-index.ts';
import type { ApiPorts } from './ports.ts';
import { ApiProblem, problemOf } from './problem.ts';

/** The identity of the bearer token; throws a 401 problem. RFC 6750, header form only. */
export async function authenticate(
  request: FastifyRequest,
  ports: Pick<ApiPorts, 'identities'>,
): Promise<IdentityInput> {
  const [, token] = /^Bearer +([\w.~+/=-]+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (token === undefined)
    throw new ApiProblem(
      401,
      'identity/missing',
      'a bearer token is needed',
      'send `Authorization: Bearer TOKEN`; `sallyport token SUBJECT` makes one',
    );
  const identity = await ports.identities.identify({ kind: 'bearer', token });
  if (isRefusal(identity)) throw problemOf(identity);
  return identity;
}

function isInAnyGroup(identity: IdentityInput, groups: readonly string[]): boolean {
  return identity.kind === 'human' && identity.groups.some((group) => groups.includes(group));
}

export function isAdmin(identity: IdentityInput, access: ApiPorts['access']): boolean {
  return isInAnyGroup(identity, access.admins);
}

/** Admins and auditors see every session; others those they opened, or that were opened on their behalf. */
export function maySeeSession(
  identity: IdentityInput,
  session: SessionSummary,
  access: ApiPorts['access'],
): boolean {
  return (
    isInAnyGroup(identity, [...access.admins, ...access.auditors]) ||
    session.on_behalf_of === identity.subject ||
    (session.subject === identity.subject &&
      session.on_behalf_of === identity.on_behalf_of?.subject)
  );
}
