/**
 * Sends a decided request on and the target's response back: streamed, masked where the verdict says so, recorded at the end.
 * A response that cannot be masked is a 502, never passed.
 */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { ProxyError } from '../error.ts';
import { isRefusal, type Refusal, refuse } from '../gate/refusal.ts';
import type { Pass } from '../gate/verdict.ts';
import type { MaskKey } from '../mask/methods.ts';
import type { Admission } from './connection.ts';
import { type ResponseHeaders, rebuildResponseHeaders } from './headers.ts';
import type { HttpLimits } from './limits.ts';
import { toProblem } from './problem.ts';
import {
  type BodyMasker,
  chooseMasker,
  maskHeaders,
  type ResponseMasks,
} from './response-masking.ts';
import type { TargetRequest } from './target-client.ts';

export interface AnswerOptions {
  readonly response: ServerResponse;
  readonly admission: Admission;
  readonly verdict: Pass;
  readonly masks: ResponseMasks;
  readonly maskKey: MaskKey;
  readonly limits: HttpLimits;
  readonly onFault: (error: unknown) => void;
}

interface Progress {
  status: 'ok' | 'error' | 'aborted';
  detail: string;
  bytes: number;
  masked: Record<string, number>;
}

/** Resolves when the response has ended, one way or another, and is recorded. Never rejects. */
export async function answer(request: TargetRequest, options: AnswerOptions): Promise<void> {
  const { response, admission, verdict, onFault } = options;
  const progress: Progress = { status: 'ok', detail: '', bytes: 0, masked: {} };
  try {
    const received = await admission.target.send(request);
    progress.status = received.statusCode < 400 ? 'ok' : 'error';
    progress.detail = `HTTP ${received.statusCode}`;
    await relay(request, received, options, progress);
  } catch (error) {
    const isGone = request.signal.aborted;
    progress.status = isGone ? 'aborted' : 'error';
    progress.detail = `${progress.detail} ${isGone ? 'client gone' : codeOf(error)}`.trim();
    if (!isGone) onFault(error);
    giveUp(response, refusalOf(error, admission.session.ended.reason));
  } finally {
    await admission.session.finish(verdict.action, { ...progress, rows: 0 });
  }
}

async function relay(
  request: TargetRequest,
  received: Dispatcher.ResponseData,
  options: AnswerOptions,
  progress: Progress,
): Promise<void> {
  const { response, masks, maskKey, admission } = options;
  const { statusCode, headers, body } = received;
  const hasBody = request.method !== 'HEAD' && statusCode !== 204 && statusCode !== 304;
  const isMasked = masks.fields.length > 0 && hasBody;
  const chosen = isMasked ? chooseMasker(headers, statusCode, masks.fields, maskKey) : undefined;
  const rebuilt = rebuildResponseHeaders(headers, {
    isMasked: masks.fields.length > 0,
    targetOrigin: admission.target.origin,
  });
  progress.masked = maskHeaders(rebuilt, masks.headers, maskKey);
  if (chosen === undefined) {
    response.writeHead(statusCode, rebuilt);
    await copy(body, response, progress, request.signal);
  } else if (isRefusal(chosen)) {
    // An empty body has nothing to mask, whatever it calls itself.
    if (await isEmpty(body)) {
      response.writeHead(statusCode, { ...rebuilt, 'content-length': '0' });
      response.end();
      return;
    }
    body.destroy();
    progress.status = 'error';
    progress.detail += ` ${chosen.code}`;
    giveUp(response, { refusal: chosen, status: 502 });
  } else {
    await copyMasked(body, chosen, rebuilt, statusCode, options, progress, request.signal);
  }
}

async function isEmpty(body: Dispatcher.ResponseData['body']): Promise<boolean> {
  for await (const chunk of body as AsyncIterable<Buffer>) if (chunk.length > 0) return false;
  return true;
}

async function copy(
  body: AsyncIterable<Buffer>,
  response: ServerResponse,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  for await (const chunk of body) await send(response, chunk, progress, signal);
  response.end();
}

async function copyMasked(
  body: AsyncIterable<Buffer>,
  { masker, isLive }: BodyMasker,
  headers: ResponseHeaders,
  status: number,
  options: AnswerOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const { response, limits } = options;
  const before: Buffer[] = [];
  let beforeBytes = 0;
  const begin = async (): Promise<void> => {
    response.writeHead(status, headers);
    for (const part of before.splice(0)) await send(response, part, progress, signal);
  };
  for await (const chunk of body) {
    const part = masker.write(chunk);
    if (response.headersSent) {
      await send(response, part, progress, signal);
      continue;
    }
    before.push(part);
    beforeBytes += part.length;
    if (isLive || beforeBytes > limits.lookAheadBytes) await begin();
  }
  const last = masker.end();
  for (const [code, count] of Object.entries(masker.counts)) {
    progress.masked[code] = (progress.masked[code] ?? 0) + count;
  }
  before.push(last);
  if (response.headersSent) await send(response, last, progress, signal);
  else {
    headers['content-length'] = String(beforeBytes + last.length);
    await begin();
  }
  response.end();
}

/** Writes with the client's pace. */
async function send(
  response: ServerResponse,
  chunk: Buffer,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  if (chunk.length === 0) return;
  signal.throwIfAborted();
  progress.bytes += chunk.length;
  if (!response.write(chunk)) await once(response, 'drain', { signal });
}

interface Farewell {
  readonly refusal: Refusal;
  readonly status: number | undefined;
}

function refusalOf(error: unknown, ended: unknown): Farewell {
  if (isRefusal(ended)) return { refusal: ended, status: undefined };
  if (error instanceof ProxyError) {
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    return { refusal: refuse('unavailable', error.code, error.message, hint), status: 502 };
  }
  const message = 'the target broke off its answer';
  return { refusal: refuse('unavailable', 'target/protocol', message), status: 502 };
}

function giveUp(response: ServerResponse, { refusal, status }: Farewell): void {
  if (response.headersSent || response.destroyed) {
    // The client must see that the answer is not whole.
    response.destroy();
    return;
  }
  const problem = toProblem(refusal, status);
  response.writeHead(problem.status, problem.headers);
  response.end(problem.body);
}

function codeOf(error: unknown): string {
  return error instanceof ProxyError ? error.code : 'target/protocol';
}
