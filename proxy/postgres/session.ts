/**
 * One admitted connection: the two sockets, one read and one write a turn and direction, back-pressure, and the end, which is
 * the same whoever causes it. What messages mean is in `conversation.ts` and `response-tracker.ts`.
 */
import type { Socket } from 'node:net';
import { ProxyError } from '../error.ts';
import type { GateSession } from '../gate/gate.ts';
import { isRefusal, refuse } from '../gate/refusal.ts';
import type { HoldNotice } from '../gate/verdict.ts';
import type { MaskKey } from '../mask/methods.ts';
import type { SqlAnalyser } from '../sql/facts.ts';
import { Conversation, type Wire } from './conversation.ts';
import type { PostgresLimits } from './limits.ts';
import { reportEnd, reportError } from './report.ts';
import { ResponseTracker, type Running } from './response-tracker.ts';
import {
  type CatalogSource,
  createStatementGate,
  NO_ACTION,
  type StatementGate,
} from './statement-gate.ts';
import { StatementNames } from './statement-names.ts';
import { encodeReport, type Report } from './wire/backend-encode.ts';
import { BackendStream } from './wire/backend-stream.ts';
import { FrameReader } from './wire/frame-reader.ts';
import { readFrontendMessage, sessionCap } from './wire/frontend.ts';
import { FLUSH, TERMINATE } from './wire/frontend-encode.ts';

/** Milliseconds the other side has to take the last bytes before its socket is destroyed. */
const LINGER_MS = 1_000;

export interface SessionOptions {
  readonly client: Socket;
  readonly upstream: Socket;
  readonly session: GateSession;
  readonly analyser: SqlAnalyser;
  readonly catalog: CatalogSource;
  readonly maskKey: MaskKey;
  readonly limits: PostgresLimits;
  /** Settings of the start-up packet that were sent on. */
  readonly settings: ReadonlyMap<string, string>;
  /** The session runs as a role that it must not leave. */
  readonly hasRole: boolean;
  /** Asks the target to cancel what this session runs. */
  readonly cancelUpstream: () => Promise<void>;
  readonly onFault: (error: unknown) => void;
}

interface Waiter {
  readonly condition: () => boolean;
  readonly resolve: () => void;
  readonly reject: (error: ProxyError) => void;
}

export class PostgresSession {
  readonly #options: SessionOptions;
  readonly #frames = new FrameReader('client/protocol');
  readonly #tracker: ResponseTracker;
  readonly #stream: BackendStream;
  readonly #gate: StatementGate;
  readonly #conversation: Conversation;
  readonly #done = Promise.withResolvers<void>();
  #toServer: Buffer[] = [];
  /** Own messages that came while a message of the server was passing. */
  #deferred: Buffer[] = [];
  #waiters: Waiter[] = [];
  #pumping = false;
  #upstreamFull = false;
  #ended = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    const names = new StatementNames(options.limits);
    this.#tracker = new ResponseTracker({
      finished: (running, outcome) => {
        if (running.changesSchema) options.catalog.invalidate();
        if (running.action !== NO_ACTION) void options.session.finish(running.action, outcome);
      },
      skipping: () => this.#conversation.skip(),
      confirmed: (change) => names.confirm(change),
      discarded: (change) => names.discard(change),
      ready: (status, segment) => {
        if (status === 'I') names.endTransaction(segment ?? names.segment);
      },
    });
    this.#stream = new BackendStream(this.#tracker);
    this.#gate = createStatementGate({ ...options, onHold: (notice) => this.#tellHold(notice) });
    const wire: Wire = {
      tracker: this.#tracker,
      names,
      gate: this.#gate,
      toServer: (bytes) => void this.#toServer.push(bytes),
      toClient: (bytes) => this.#say(bytes),
      abandon: (running, why) => this.#abandon(running, why),
      until: (condition) => this.#until(condition),
    };
    this.#conversation = new Conversation(wire);
  }

  /** Serves until the end; never rejects. */
  run(): Promise<void> {
    const { client, upstream, session } = this.#options;
    client.on('data', (chunk: Buffer) => this.#fromClient(chunk));
    client.on('drain', () => void upstream.resume());
    client.on('end', () => this.#end('client gone'));
    client.on('error', () => this.#end('client gone'));
    client.on('close', () => this.#end('client gone'));
    upstream.on('data', (chunk: Buffer) => this.#fromServer(chunk));
    upstream.on('drain', () => {
      this.#upstreamFull = false;
      this.#regulate();
    });
    upstream.on('error', () => this.#loseTarget());
    upstream.on('end', () => this.#loseTarget());
    upstream.on('close', () => this.#loseTarget());
    const onEnded = (): void => {
      const reason: unknown = session.ended.reason;
      const refusal = isRefusal(reason)
        ? reason
        : refuse('unavailable', 'session/ended', 'the session was ended');
      this.#end(refusal.code, reportEnd(refusal));
    };
    if (session.ended.aborted) onEnded();
    else session.ended.addEventListener('abort', onEnded, { once: true });
    client.resume();
    upstream.resume();
    return this.#done.promise;
  }

  /** Withdraws what is held, or asks the target to cancel what it runs; nothing when it runs nothing. */
  cancel(): void {
    if (this.#ended || this.#gate.cancel() || this.#tracker.outstanding === 0) return;
    this.#options.cancelUpstream().catch(this.#options.onFault);
  }

  /** Ends from outside. */
  end(cause: string, report: Report): void {
    this.#end(cause, report);
  }

  #fromClient(chunk: Buffer): void {
    if (this.#ended) return;
    this.#frames.push(chunk);
    if (this.#pumping) this.#regulate();
    else void this.#pump();
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    try {
      while (!this.#ended) {
        const frame = this.#frames.next(sessionCap);
        if (frame === undefined) break;
        const message = readFrontendMessage(frame);
        if (message.type === 'terminate') {
          await this.#until(() => this.#tracker.outstanding === 0);
          this.#end('terminated by the client');
          return;
        }
        const { inFlight } = this.#options.limits;
        if (this.#tracker.outstanding >= inFlight) {
          await this.#until(() => this.#tracker.outstanding < inFlight);
        }
        const pending = this.#conversation.handle(message);
        if (pending !== undefined) await pending;
      }
      this.#flush();
    } catch (error) {
      this.#fault(error);
    } finally {
      this.#pumping = false;
      this.#regulate();
    }
  }

  #fromServer(chunk: Buffer): void {
    if (this.#ended) return;
    const { client, upstream } = this.#options;
    try {
      const out = this.#stream.push(chunk);
      if (this.#stream.atBoundary && this.#deferred.length > 0)
        out.push(...this.#deferred.splice(0));
      if (out.length > 0 && !client.write(join(out))) upstream.pause();
      this.#wake();
    } catch (error) {
      this.#fault(error);
    }
  }

  #wake(): void {
    if (this.#waiters.length === 0) return;
    const waiting = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiting) {
      if (waiter.condition()) waiter.resolve();
      else this.#waiters.push(waiter);
    }
  }

  #until(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve();
    if (this.#tracker.needsFlush) this.#toServer.push(FLUSH);
    this.#flush();
    return new Promise((resolve, reject) => {
      this.#waiters.push({ condition, resolve, reject });
    });
  }

  #flush(): void {
    if (this.#toServer.length === 0 || this.#ended) return;
    const bytes = join(this.#toServer);
    this.#toServer = [];
    this.#upstreamFull = !this.#options.upstream.write(bytes);
  }

  /** Reading from the client pauses while the target takes no more, or while a pending decision keeps enough waiting. */
  #regulate(): void {
    if (this.#ended) return;
    const full = this.#pumping && this.#frames.buffered > this.#options.limits.queuedBytes;
    if (full || this.#upstreamFull) this.#options.client.pause();
    else this.#options.client.resume();
  }

  #say(bytes: Buffer): void {
    if (this.#ended) return;
    if (this.#stream.atBoundary) this.#options.client.write(bytes);
    else this.#deferred.push(bytes);
  }

  #abandon(running: Running, why: string): void {
    if (running.action === NO_ACTION) return;
    void this.#options.session.finish(running.action, {
      status: 'aborted',
      detail: why,
      rows: 0,
      bytes: 0,
      masked: {},
    });
  }

  #tellHold(notice: HoldNotice): void {
    this.#flush();
    const minutes = Math.max(1, Math.round(notice.expiresInMs / 60_000));
    this.#say(
      encodeReport({
        severity: 'NOTICE',
        sqlstate: '01000',
        message: `waiting for approval ${notice.approval}: ${notice.reason}`,
        detail: `${notice.code}: may be approved by ${notice.approvers.join(', ') || 'an approver'}; expires in ${minutes} min`,
        hint: `An approver runs: sallyport approve ${notice.approval}. Cancel the statement to withdraw the request.`,
      }),
    );
  }

  #loseTarget(): void {
    const { sawFatal } = this.#tracker;
    const error = new ProxyError('target/protocol', 'the target closed the connection', {
      hint: 'Reconnect; if it persists, check the server.',
    });
    this.#end('target gone', sawFatal ? undefined : reportError(error, 'FATAL'));
  }

  #fault(error: unknown): void {
    if (this.#ended) return;
    this.#options.onFault(error);
    const cause = error instanceof ProxyError ? error.code : 'gateway fault';
    this.#end(cause, reportError(error, 'FATAL'));
  }

  #end(cause: string, report?: Report): void {
    if (this.#ended) return;
    const { client, upstream, session } = this.#options;
    const mayReport = report !== undefined && this.#stream.atBoundary;
    this.#ended = true;
    this.#conversation.end();
    this.#gate.cancel();
    this.#tracker.abort(cause);
    const gone = new ProxyError('client/gone', 'the session has ended');
    for (const waiter of this.#waiters.splice(0)) waiter.reject(gone);
    if (mayReport) client.end(encodeReport(report));
    else client.end();
    upstream.end(TERMINATE);
    const linger = setTimeout(() => {
      client.destroy();
      upstream.destroy();
    }, LINGER_MS);
    const closed = (socket: Socket): Promise<void> =>
      new Promise((resolve) => {
        if (socket.closed) resolve();
        else socket.once('close', () => resolve());
      });
    client.resume();
    upstream.resume();
    Promise.all([session.close(cause), closed(client), closed(upstream)])
      .catch(this.#options.onFault)
      .finally(() => {
        clearTimeout(linger);
        this.#done.resolve();
      });
  }
}

function join(parts: readonly Buffer[]): Buffer {
  const [first] = parts;
  return parts.length === 1 && first !== undefined ? first : Buffer.concat(parts);
}
