/**
 * Who a request comes from, and whether they may do what it asks. A request without a valid bearer token goes nowhere; every other
 * one is decided by policy and recorded before it is answered.
 */
import type { FastifyRequest } from 'fastify';
import type { ApiObject, ApiOperation, IdentityInput } from '../../engine/contract/input.ts';
import type { ApiCalled } from '../../proxy/gate/control-record.ts';
import { isRefusal } from '../../proxy/gate/refusal.ts';
import type { SessionSummary } from '../sessions/session-index.ts';
import { ROUTE_OPERATIONS } from './operations.ts';
import type { ApiPorts } from './ports.ts';
import { ApiProblem, problemOf } from './problem.ts';
import type { ApiCall } from './roles.ts';

/** Characters of a client's name that are recorded. */
const MAX_APPLICATION = 128;

export type AccessPorts = Pick<ApiPorts, 'identities' | 'roles' | 'record' | 'nowMs'>;

/**
 * The identity of the bearer token, allowed by policy to call this route (of this object, where it is known) and recorded.
 * Throws a 401, 403 or, when the call cannot be recorded, 503 problem. RFC 6750, header form only.
 */
export async function admit(
  request: FastifyRequest,
  ports: AccessPorts,
  object?: ApiObject,
): Promise<IdentityInput> {
  const operation = operationOf(request);
  const identity = await identify(request, ports);
  const call = callOf(request);
  const refusal = ports.roles.decide(identity, operation, call, object);
  await recordCall(ports, {
    type: 'api.called',
    at: new Date(ports.nowMs()).toISOString(),
    call: call.id,
    operation,
    method: call.method,
    path: call.path,
    object: object === undefined ? undefined : { kind: object.kind, id: object.id },
    by: {
      subject: identity.subject,
      issuer: identity.issuer,
      credential: identity.credential.id,
      on_behalf_of: identity.on_behalf_of?.subject,
      actors: identity.actors,
    },
    client: { ip: call.ip, application: call.application },
    refused: refusal?.code,
    revision: ports.roles.revision,
  });
  if (refusal !== undefined) throw problemOf(refusal);
  return identity;
}

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

/** Whether policy allows an identity that is signed in something beyond what its call asked for. */
export function isAllowed(
  request: FastifyRequest,
  ports: AccessPorts,
  identity: IdentityInput,
  operation: ApiOperation,
  object?: ApiObject,
): boolean {
  return ports.roles.decide(identity, operation, callOf(request), object) === undefined;
}

/** A session as policies see it. */
export function sessionObject(session: SessionSummary): ApiObject {
  const { id, subject, on_behalf_of, resource } = session;
  return {
    kind: 'session',
    id,
    subject,
    ...(on_behalf_of === undefined ? {} : { on_behalf_of }),
    resource,
  };
}

async function recordCall(ports: AccessPorts, entry: ApiCalled): Promise<void> {
  try {
    await ports.record(entry);
  } catch {
    // Why, the journal itself has told.
    throw new ApiProblem(
      503,
      'journal/unavailable',
      'the call cannot be recorded, so it is not answered',
    );
  }
}

async function identify(
  request: FastifyRequest,
  { identities }: AccessPorts,
): Promise<IdentityInput> {
  const identity = await identities.identify({ kind: 'bearer', token: bearerOf(request) });
  if (isRefusal(identity)) throw problemOf(identity);
  return identity;
}

function operationOf({ routeOptions }: FastifyRequest): ApiOperation {
  const operation = ROUTE_OPERATIONS.get(`${String(routeOptions.method)} ${routeOptions.url}`);
  if (operation === undefined) throw new ApiProblem(404, 'api/not-found', 'there is nothing here');
  return operation;
}

function callOf(request: FastifyRequest): ApiCall {
  return {
    id: request.id,
    method: request.method,
    path: request.url.split('?', 1)[0] ?? '',
    ip: request.ip,
    application: String(request.headers['user-agent'] ?? '').slice(0, MAX_APPLICATION),
  };
}
