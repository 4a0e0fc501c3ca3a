/**
 * One request through the gate: read, admitted, described, decided, sent on, answered. Every way out before a recorded pass is
 * a problem document. It contains no authorisation logic.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ActionInput } from '../../engine/contract/input.ts';
import { ProxyError } from '../error.ts';
import type { Credential } from '../gate/ports.ts';
import { isRefusal, type Refusal, refuse } from '../gate/refusal.ts';
import type { Pass } from '../gate/verdict.ts';
import type { MaskKey } from '../mask/methods.ts';
import { answer } from './answer.ts';
import { type BodyBudget, parseBody, readBody } from './body.ts';
import type { Admission, ClientConnection } from './connection.ts';
import { readHost, readToken, resourceOf } from './credential.ts';
import { type RequestHeaders, readHeaders } from './headers.ts';
import { describeRequest } from './http-action.ts';
import type { HttpLimits } from './limits.ts';
import { malformed, toProblem } from './problem.ts';
import { type CanonicalTarget, readTarget } from './request-target.ts';
import { planMasks } from './response-masking.ts';

export interface ExchangeContext {
  readonly limits: HttpLimits;
  readonly budget: BodyBudget;
  /** Host names that stand for a resource, beside `<resource>.<anything>`. */
  readonly hosts: Readonly<Record<string, string>>;
  readonly maskKey: (resource: string) => MaskKey;
  readonly scheme: 'http' | 'https';
  readonly log: HttpLog;
}

/** Where faults are told; the fields carry no credential and no body. */
export interface HttpLog {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

interface ReadRequest {
  readonly method: string;
  readonly headers: RequestHeaders;
  readonly target: CanonicalTarget;
  readonly host: string;
  readonly resource: string;
  readonly credential: Credential;
}

/** Never rejects: a fault becomes a 500 problem, or a closed connection when the answer has begun. */
export async function exchange(
  request: IncomingMessage,
  response: ServerResponse,
  connection: ClientConnection,
  context: ExchangeContext,
): Promise<void> {
  try {
    const read = readRequest(request, context);
    if (isRefusal(read)) {
      const status = read.kind === 'unsupported' ? 400 : undefined;
      refuseWith(response, read, read.code === 'http/method' ? 501 : status);
      return;
    }
    const application = read.headers.forwarded['user-agent'] ?? '';
    const admission = await connection.admit(read.credential, read.resource, application);
    if (isRefusal(admission)) refuseWith(response, admission);
    else await submit(request, response, read, admission, context);
  } catch (error) {
    if (!request.socket.destroyed) {
      context.log.warn({ error }, 'a request failed');
      const fault = refuse(
        'unavailable',
        'http/fault',
        'the gateway could not handle this request',
      );
      refuseWith(response, fault, 500);
    }
  }
}

function readRequest(request: IncomingMessage, context: ExchangeContext): ReadRequest | Refusal {
  const { limits, hosts } = context;
  const method = request.method ?? '';
  if (method === 'CONNECT' || method === 'TRACE') {
    return refuse('unsupported', 'http/method', `the method ${method} is not supported`);
  }
  const reading = readHeaders(request.rawHeaders, limits.maxHeaders);
  if (!reading.ok) return malformed(reading.why);
  const { headers } = reading;
  const target = readTarget(request.url ?? '', limits.maxParameters);
  if (!target.ok) return malformed(target.why);
  const host = headers.host === undefined ? undefined : readHost(headers.host);
  if (host === undefined) return malformed('the host is missing or is no name');
  const { authority } = target.target;
  if (authority !== undefined && authority.toLowerCase() !== headers.host?.toLowerCase()) {
    return malformed('the request target and the host differ');
  }
  const credential = readToken(headers.authorization, headers.proxyAuthorization);
  if (!credential.ok) return refuse('unauthenticated', 'identity/malformed', credential.why);
  if (credential.token === undefined) {
    return refuse('unauthenticated', 'identity/missing', 'the request carries no token', {
      hint: 'Send `Authorization: Bearer <token>`, with a token of `sallyport token`.',
    });
  }
  const resource = resourceOf(host, hosts);
  if (resource === undefined) {
    return refuse('unknown-resource', 'resource/unknown', 'this host stands for no resource', {
      hint: 'Use the name of the resource as first label of the host.',
    });
  }
  const { token, scheme } = credential;
  const shown: Credential = { kind: 'bearer', token };
  const from = { method, headers, target: target.target, host, resource };
  if (scheme === undefined) return { ...from, credential: shown };
  // The URL as the client wrote it: `htu` of its proof is compared with this.
  const url = `${context.scheme}://${headers.host ?? ''}${(request.url ?? '').replace(/[?#].*$/s, '')}`;
  const dpop = {
    proof: headers.dpop ?? '',
    method,
    url: authority === undefined ? url : (request.url ?? ''),
  };
  return { ...from, credential: { ...shown, proof: { dpop } } };
}

async function submit(
  request: IncomingMessage,
  response: ServerResponse,
  read: ReadRequest,
  admission: Admission,
  context: ExchangeContext,
): Promise<void> {
  const { limits } = context;
  if (read.headers.expect !== undefined) response.writeContinue();
  const held = await readBody(request, context.budget, limits);
  if (!held.ok) {
    refuseWith(response, refuse('limit', held.code, held.why), held.status);
    return;
  }
  const { bytes, release } = held.body;
  try {
    const parsed = parseBody(bytes, read.headers.forwarded, limits);
    if (!parsed.ok) {
      refuseWith(response, refuse('unsupported', parsed.code, parsed.why), parsed.status);
      return;
    }
    const isUpgrade = read.headers.upgrade !== undefined;
    const action = describeRequest({
      method: read.method,
      target: read.target,
      headers: read.headers.forwarded,
      host: read.host,
      bytes,
      body: parsed.body,
      isUpgrade,
    });
    await decideAndSend(action, bytes, { request, response, read, admission, context });
  } finally {
    release();
  }
}

interface Scene {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly read: ReadRequest;
  readonly admission: Admission;
  readonly context: ExchangeContext;
}

async function decideAndSend(action: ActionInput, bytes: Buffer, scene: Scene): Promise<void> {
  const { response, read, admission, context } = scene;
  const { session } = admission;
  const gone = new AbortController();
  const onClose = (): void => gone.abort();
  response.once('close', onClose);
  session.ended.addEventListener('abort', onClose, { once: true });
  const hold = startHold(holdMs(read.headers.forwarded['prefer'], context.limits), gone.signal);
  try {
    const verdict = await session.submit(action, {
      onHold: hold.onHold,
      signal: hold.signal,
      reason: read.headers.reason,
    });
    hold.stop();
    if (isRefusal(verdict)) {
      refuseWith(response, hold.hasExpired() ? refuseHold() : verdict);
      return;
    }
    const refusal = action.kind === 'http' && action.http.websocket ? refuseUpgrade() : undefined;
    const masks = refusal ?? planMasks(verdict.masks);
    if (isRefusal(masks)) {
      await abandon(verdict, admission, masks.code);
      refuseWith(response, masks);
      return;
    }
    await answer(
      {
        method: read.method,
        path: read.target.encoded,
        headers: onward(scene, verdict, masks.fields.length > 0),
        body: bytes,
        signal: gone.signal,
      },
      {
        response,
        admission,
        verdict,
        masks,
        limits: context.limits,
        maskKey: context.maskKey(session.permit.target.resource.name),
        onFault: (error) => context.log.warn({ error, session: session.id }, 'a target failed'),
      },
    );
  } catch (error) {
    if (!(error instanceof ProxyError)) throw error;
    refuseWith(response, refuse('unavailable', error.code, error.message), 502);
  } finally {
    hold.stop();
    response.off('close', onClose);
    session.ended.removeEventListener('abort', onClose);
  }
}

/** What goes to the target: the described headers, and the gateway's own voice. */
function onward(scene: Scene, verdict: Pass, isMasked: boolean): Record<string, string> {
  const { request, read, admission, context } = scene;
  const headers: Record<string, string> = { ...read.headers.forwarded };
  if (isMasked) {
    headers['accept-encoding'] = 'identity';
    // A part, or a comparison with what the client may not see, would say something about it.
    for (const name of [
      'range',
      'if-range',
      'if-match',
      'if-none-match',
      'if-modified-since',
      'if-unmodified-since',
    ]) {
      delete headers[name];
    }
  }
  headers['x-forwarded-for'] = request.socket.remoteAddress ?? '';
  headers['x-forwarded-proto'] = context.scheme;
  headers['x-forwarded-host'] = read.host;
  headers['x-sallyport-action'] = `${admission.session.id}/${verdict.action}`;
  return headers;
}

async function abandon(verdict: Pass, admission: Admission, detail: string): Promise<void> {
  await admission.session.finish(verdict.action, {
    status: 'aborted',
    detail,
    rows: 0,
    bytes: 0,
    masked: {},
  });
}

function refuseUpgrade(): Refusal {
  return refuse('unsupported', 'unsupported', 'upgraded connections (WebSocket) are not supported');
}

function refuseHold(): Refusal {
  return refuse('approval-expired', 'approval/expired', 'nobody approved this while you waited', {
    hint: 'Ask an approver, then send it again.',
  });
}

/** `Prefer: wait=N` (RFC 7240) shortens the wait, never lengthens it. */
function holdMs(prefer: string | undefined, limits: HttpLimits): number {
  const seconds = /(?:^|,)\s*wait=(\d{1,6})\s*(?:$|[,;])/.exec(prefer ?? '')?.[1];
  return Math.min(seconds === undefined ? limits.holdMs : Number(seconds) * 1000, limits.holdMs);
}

interface HoldTimer {
  readonly signal: AbortSignal;
  readonly onHold: () => void;
  stop(): void;
  hasExpired(): boolean;
}

function startHold(ms: number, gone: AbortSignal): HoldTimer {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let expired = false;
  const cancel = (): void => over.abort();
  if (gone.aborted) cancel();
  gone.addEventListener('abort', cancel, { once: true });
  return {
    signal: over.signal,
    onHold: () => {
      timer ??= setTimeout(() => {
        expired = true;
        over.abort();
      }, ms);
    },
    stop: () => {
      clearTimeout(timer);
      gone.removeEventListener('abort', cancel);
    },
    hasExpired: () => expired,
  };
}

/** Answers with the problem. A request that was not read to its end ends its connection. */
export function refuseWith(response: ServerResponse, refusal: Refusal, status?: number): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const problem = toProblem(refusal, status);
  const isRead = response.req.complete;
  response.writeHead(problem.status, {
    ...problem.headers,
    ...(isRead ? {} : { connection: 'close' }),
  });
  response.end(problem.body);
}
