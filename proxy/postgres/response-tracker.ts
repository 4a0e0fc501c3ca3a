/**
 * Which message of the server answers which message of the client: the server answers in order, so a queue of what is awaited
 * is enough. Rows are counted, masked and passed on here; answers to messages the gateway put in itself are swallowed.
 *
 * What the server may not say now ends the session (`target/protocol`): an answer to nothing asked could be one that was
 * decided for something else. It must not decide, and must not touch a socket.
 */
import { ProxyError } from '../error.ts';
import type { ActionOutcome } from '../gate/record.ts';
import { assertReadable } from './readable-session.ts';
import { type RowMasker, withholdKeys } from './row-masker.ts';
import type { NameChange, Portal } from './statement-names.ts';
import {
  readCommandTag,
  readCopyResponse,
  readErrorFields,
  readRowDescription,
  readTransactionStatus,
  TAG,
  type TransactionStatus,
} from './wire/backend.ts';
import { encodeReport, type Report } from './wire/backend-encode.ts';
import type { BackendReader } from './wire/backend-stream.ts';

/** A passed action whose response is under way. */
export interface Running {
  readonly action: number;
  readonly masker: RowMasker | undefined;
  /** Statements of it that may take COPY data from the client. */
  readonly takesCopy: boolean;
  /** It may change which tables and columns there are. */
  readonly changesSchema: boolean;
  rows: number;
  bytes: number;
  /** Completed statements. */
  completed: number;
  tag: string;
  sqlstate: string;
}

export type Awaited =
  /** A simple query; `changes` has an entry for each statement. */
  | {
      readonly kind: 'query';
      readonly running: Running;
      readonly changes: readonly (NameChange | undefined)[];
    }
  | { readonly kind: 'parse' | 'close'; readonly change: NameChange | undefined }
  | { readonly kind: 'bind' }
  | { readonly kind: 'describe'; readonly portal: Portal | undefined; readonly own: boolean }
  | {
      readonly kind: 'execute';
      readonly running: Running;
      readonly portal: Portal;
      readonly change: NameChange | undefined;
    }
  | { readonly kind: 'sync'; readonly segment: number }
  /** Something sent only to make the server fail; its error is replaced by this. `ready`: a ReadyForQuery follows. */
  | { readonly kind: 'refusal'; readonly report: Report; readonly ready: boolean };

export interface TrackerEvents {
  /** An action has answered. */
  finished(running: Running, outcome: ActionOutcome): void;
  /** The server skips what comes until the next Sync, and that has not been sent yet. */
  skipping(): void;
  confirmed(change: NameChange): void;
  discarded(change: NameChange): void;
  /** ReadyForQuery; `segment` is set for one that answers a Sync. */
  ready(status: TransactionStatus, segment: number | undefined): void;
}

const DROP = Buffer.alloc(0);

export class ResponseTracker implements BackendReader {
  readonly #events: TrackerEvents;
  readonly #queue: Awaited[] = [];
  #copyIn = false;
  #copyOut = false;
  #status: TransactionStatus = 'I';
  /** True after an error until the ReadyForQuery of that simple query. */
  #failed = false;
  #sawFatal = false;
  /** An action of this session was masked: what it did can fail later, at a COMMIT or Sync, with its rows in the error. */
  #hasMasked = false;

  constructor(events: TrackerEvents) {
    this.#events = events;
  }

  get outstanding(): number {
    return this.#queue.length;
  }

  /** The server waits for COPY data of the client. */
  get copyIn(): boolean {
    return this.#copyIn;
  }

  /** The server said itself that it ends the session. */
  get sawFatal(): boolean {
    return this.#sawFatal;
  }

  /** Something outstanding may yet ask for COPY data. */
  get mayTakeCopy(): boolean {
    return this.#queue.some((awaited) => 'running' in awaited && awaited.running.takesCopy);
  }

  get status(): TransactionStatus {
    return this.#status;
  }

  /** True while an answer is awaited that the server sends only when told to (Flush or Sync). */
  get needsFlush(): boolean {
    const last = this.#queue.at(-1);
    return (
      last !== undefined && last.kind !== 'sync' && last.kind !== 'query' && last.kind !== 'refusal'
    );
  }

  expect(awaited: Awaited): void {
    if ('running' in awaited && awaited.running.masker !== undefined) this.#hasMasked = true;
    this.#queue.push(awaited);
    if (this.#queue.length === 1) this.#shapeHead();
  }

  /** The client ended its COPY data. */
  endCopyIn(): void {
    this.#copyIn = false;
  }

  /** Ends everything that has not answered. */
  abort(detail: string): void {
    for (const awaited of this.#queue.splice(0)) {
      if (awaited.kind === 'query' || awaited.kind === 'execute') {
        this.#events.finished(awaited.running, outcomeOf(awaited.running, 'aborted', detail));
      }
    }
  }

  begin(tag: number, bodyBytes: number): 'stream' | 'whole' {
    const head = this.#queue[0];
    const running = head !== undefined && 'running' in head ? head.running : undefined;
    if (running !== undefined) running.bytes += 5 + bodyBytes;
    switch (tag) {
      case TAG.dataRow:
        if (running === undefined) throw unexpected(tag);
        running.rows += 1;
        return running.masker?.isIdle === false ? 'whole' : 'stream';
      case TAG.copyData:
        if (running === undefined || !this.#copyOut) throw unexpected(tag);
        running.rows += 1;
        return running.masker?.isIdle === false ? 'whole' : 'stream';
      case TAG.notification:
        return 'stream';
      case TAG.parameterDescription:
        if (head?.kind !== 'describe') throw unexpected(tag);
        return 'stream';
      default:
        return 'whole';
    }
  }

  whole(tag: number, body: Buffer): true | Buffer {
    switch (tag) {
      case TAG.dataRow:
        return this.#running(tag).masker?.row(body) ?? true;
      case TAG.copyData:
        return this.#running(tag).masker?.copyData(body) ?? true;
      case TAG.rowDescription:
        return this.#describe(tag, body);
      case TAG.noData:
        return this.#describe(tag, undefined);
      case TAG.commandComplete:
        return this.#complete(tag, readCommandTag(body));
      case TAG.emptyQuery:
        return this.#complete(tag, '');
      case TAG.portalSuspended:
        return this.#suspend(tag);
      case TAG.parseComplete:
        return this.#answer(tag, 'parse');
      case TAG.closeComplete:
        return this.#answer(tag, 'close');
      case TAG.bindComplete:
        return this.#answer(tag, 'bind');
      case TAG.copyIn:
        if (!this.#running(tag).takesCopy) throw unexpected(tag);
        this.#copyIn = true;
        return true;
      case TAG.copyOut:
        return this.#beginCopyOut(tag, body);
      case TAG.copyDone:
        if (!this.#copyOut) throw unexpected(tag);
        this.#copyOut = false;
        return true;
      case TAG.error:
        return this.#fail(body);
      case TAG.notice:
        return this.#words(body, false);
      case TAG.parameterStatus:
        assertReadable(body);
        return true;
      case TAG.readyForQuery:
        return this.#ready(tag, readTransactionStatus(body));
      default:
        throw unexpected(tag);
    }
  }

  #masker(): RowMasker | undefined {
    const head = this.#queue[0];
    return head !== undefined && 'running' in head ? head.running.masker : undefined;
  }

  /** An error or notice as the client may read it. */
  #words(body: Buffer, isError: boolean): true | Buffer {
    return this.#masker()?.withhold(body, isError) ?? (this.#hasMasked ? withholdKeys(body) : true);
  }

  #running(tag: number): Running {
    const head = this.#queue[0];
    if (head?.kind === 'query' || head?.kind === 'execute') return head.running;
    throw unexpected(tag);
  }

  #answer(tag: number, kind: 'parse' | 'close' | 'bind'): true {
    const head = this.#shift();
    if (head?.kind !== kind) throw unexpected(tag);
    if (head.kind !== 'bind' && head.change !== undefined) this.#events.confirmed(head.change);
    return true;
  }

  #describe(tag: number, body: Buffer | undefined): true | Buffer {
    const head = this.#queue[0];
    if (head?.kind === 'query' && body !== undefined) {
      head.running.masker?.beginRows(head.running.completed, readRowDescription(body));
      return true;
    }
    if (head?.kind !== 'describe') throw unexpected(tag);
    if (head.portal !== undefined)
      head.portal.fields = body === undefined ? [] : readRowDescription(body);
    this.#shift();
    return head.own ? DROP : true;
  }

  /** The next message is the one that answers; rows of an Execute have the shape its portal was described with. */
  #shift(): Awaited | undefined {
    const head = this.#queue.shift();
    this.#shapeHead();
    return head;
  }

  #shapeHead(): void {
    const head = this.#queue[0];
    if (head?.kind !== 'execute' || head.portal.fields === undefined) return;
    head.running.masker?.beginRows(0, head.portal.fields);
  }

  #complete(tag: number, command: string): true {
    const running = this.#running(tag);
    const head = this.#queue[0];
    if (tag === TAG.commandComplete) running.tag = command;
    running.masker?.end();
    this.#copyOut = false;
    this.#copyIn = false;
    if (head?.kind === 'query') {
      const change = head.changes[running.completed];
      if (change !== undefined) this.#events.confirmed(change);
      running.completed += 1;
    } else if (head?.kind === 'execute') {
      running.completed += 1;
      if (head.change !== undefined) this.#events.confirmed(head.change);
      this.#finishHead(running, 'ok', command);
    }
    return true;
  }

  #suspend(tag: number): true {
    const head = this.#queue[0];
    if (head?.kind !== 'execute') throw unexpected(tag);
    if (head.change !== undefined) this.#events.discarded(head.change);
    this.#finishHead(head.running, 'ok', 'PORTAL SUSPENDED');
    return true;
  }

  #finishHead(running: Running, status: ActionOutcome['status'], detail: string): void {
    this.#shift();
    this.#events.finished(running, outcomeOf(running, status, detail));
  }

  #beginCopyOut(tag: number, body: Buffer): true {
    const running = this.#running(tag);
    this.#copyOut = true;
    running.masker?.beginCopy(running.completed, readCopyResponse(body).binary);
    return true;
  }

  #fail(body: Buffer): true | Buffer {
    const head = this.#queue[0];
    this.#copyIn = false;
    this.#copyOut = false;
    const fields = readErrorFields(body);
    const sqlstate = fields.get('C') ?? 'XX000';
    const severity = fields.get('V');
    if (severity === 'FATAL' || severity === 'PANIC') this.#sawFatal = true;
    if (head === undefined) return true;
    if (head.kind === 'query') {
      head.running.sqlstate = sqlstate;
      this.#failed = true;
      return this.#words(body, true);
    }
    if (head.kind === 'sync') return this.#words(body, true);
    if (head.kind === 'refusal' && head.ready) {
      this.#failed = true;
      return encodeReport(head.report);
    }
    const answer = head.kind === 'refusal' ? encodeReport(head.report) : this.#words(body, true);
    this.#skipToSync(sqlstate);
    return answer;
  }

  /** The server answers nothing more before the next Sync. */
  #skipToSync(sqlstate: string): void {
    let status: ActionOutcome['status'] = 'error';
    for (
      let head = this.#queue[0];
      head !== undefined && head.kind !== 'sync';
      head = this.#queue[0]
    ) {
      this.#queue.shift();
      if ('change' in head && head.change !== undefined) this.#events.discarded(head.change);
      if (head.kind === 'execute')
        this.#events.finished(head.running, outcomeOf(head.running, status, sqlstate));
      // Only the message that failed ended in an error; the server skipped those behind it.
      status = 'aborted';
    }
    if (this.#queue.length === 0) this.#events.skipping();
  }

  #ready(tag: number, status: TransactionStatus): true {
    const head = this.#shift();
    if (
      head === undefined ||
      (head.kind !== 'query' && head.kind !== 'sync' && head.kind !== 'refusal')
    ) {
      throw unexpected(tag);
    }
    this.#status = status;
    this.#copyIn = false;
    this.#copyOut = false;
    if (head.kind === 'query') {
      for (const change of head.changes.slice(head.running.completed)) {
        if (change !== undefined) this.#events.discarded(change);
      }
      const { sqlstate, tag: command } = head.running;
      this.#events.finished(
        head.running,
        this.#failed
          ? outcomeOf(head.running, 'error', sqlstate)
          : outcomeOf(head.running, 'ok', command),
      );
    }
    this.#failed = false;
    this.#events.ready(status, head.kind === 'sync' ? head.segment : undefined);
    return true;
  }
}

export function outcomeOf(
  running: Running,
  status: ActionOutcome['status'],
  detail: string,
): ActionOutcome {
  return {
    status,
    detail,
    rows: running.rows,
    bytes: running.bytes,
    masked: { ...running.masker?.masked },
  };
}

function unexpected(tag: number): ProxyError {
  return new ProxyError(
    'target/protocol',
    `the target sent message type 0x${tag.toString(16)}, which answers nothing`,
  );
}
