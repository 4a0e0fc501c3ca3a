/**
 * What only admins may do, and what people may do to their own sessions. A request without a bearer token goes nowhere.
 */
import type { FastifyRequest } from 'fastify';
import type { IdentityInput } from '../../engine/contract/input.ts';
import type { SessionSummary } from '../sessions/session-index.ts';
import { authenticate } from './access.ts';
import type { ApiPorts } from './ports.ts';
import { ApiProblem } from './problem.ts';

/** The bearer token of a request, unverified; throws a 401 problem where there is none. RFC 6750, header form only. */
export function bearerOf(request: FastifyRequest): string {
  const [, token] = /^Bearer +([\w.~+/=-]+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (token !== undefined) return token;
  throw new ApiProblem(
    401,
    'identity/missing',
    'a bearer token is needed',
    'send `Authorization: Bearer TOKEN`; `sallyport token SUBJECT` makes one',
  );
}

/** The caller, who is an admin; throws a 403 problem for anybody else. `what` is what only admins do. */
export async function authenticateAdmin(
  request: FastifyRequest,
  ports: ApiPorts,
  what: string,
): Promise<IdentityInput> {
  const caller = await authenticate(request, ports);
  if (isAdmin(caller, ports.access)) return caller;
  throw new ApiProblem(
    403,
    'api/forbidden',
    `only an admin ${what}`,
    `admins are people in the groups ${ports.access.admins.join(', ')}`,
  );
}

/** Admins, whoever opened the session, and whom it acts for. */
export function mayEndSession(
  caller: IdentityInput,
  session: SessionSummary,
  access: ApiPorts['access'],
): boolean {
  return (
    isAdmin(caller, access) ||
    session.on_behalf_of === caller.subject ||
    (session.subject === caller.subject && session.on_behalf_of === caller.on_behalf_of?.subject)
  );
}

function isAdmin(identity: IdentityInput, { admins }: ApiPorts['access']): boolean {
  return identity.kind === 'human' && identity.groups.some((group) => admins.includes(group));
}
