/**
 * What a client's messages do, one after the other: simple queries, the extended protocol, COPY. Each statement is decided
 * before anything of it that could be planned or run is forwarded. Forwarded bytes are written from decoded fields.
 *
 * A refused statement fails in the server too whenever a transaction is open: a message that must fail is sent in its place
 * and its error replaced, so that the transaction is failed or rolled back exactly as the client is told.
 * It must not touch a socket and contains no authorisation.
 */

import { ProxyError } from '../error.ts';
import { isRefusal, type Refusal, refuse } from '../gate/refusal.ts';
import type { AnalysedStatement } from '../sql/facts.ts';
import { ExtendedQueries, TOO_MANY_NAMES } from './extended-queries.ts';
import { reportStatement } from './report.ts';
import type { ResponseTracker, Running } from './response-tracker.ts';
import type { StatementGate } from './statement-gate.ts';
import type { StatementNames } from './statement-names.ts';
import { encodeReadyForQuery, encodeReport } from './wire/backend-encode.ts';
import type { FrontendMessage } from './wire/frontend.ts';
import { COPY_DONE, encodeCopyData, encodeCopyFail, encodeQuery } from './wire/frontend-encode.ts';

/** What the conversation needs of its connection. */
export interface Wire {
  readonly tracker: ResponseTracker;
  readonly names: StatementNames;
  readonly gate: StatementGate;
  /** Kept until the turn ends or `until` waits. */
  toServer(bytes: Buffer): void;
  toClient(bytes: Buffer): void;
  /** A passed action that is not forwarded after all. */
  abandon(running: Running, why: string): void;
  /** Sends what is kept and waits; the server is told to answer. Rejects when the connection ends. */
  until(condition: () => boolean): Promise<void>;
}

/** No statement begins like this: the server fails to parse it, and its log shows why. */
const FAILING_QUERY = encodeQuery('sallyport: refused by the gateway');

export class Conversation {
  readonly #wire: Wire;
  readonly #extended: ExtendedQueries;

  constructor(wire: Wire) {
    this.#wire = wire;
    this.#extended = new ExtendedQueries(wire);
  }

  /** The server met an error and skips until Sync, which has not been sent. */
  skip(): void {
    this.#extended.skip();
  }

  /** One message; the next may be given when this resolves. */
  handle(message: FrontendMessage): Promise<void> | undefined {
    const { tracker } = this.#wire;
    if (tracker.copyIn) return this.#copyIn(message);
    switch (message.type) {
      case 'copy-data':
      case 'copy-done':
      case 'copy-fail':
        return this.#strayCopy(message);
      case 'query':
        return this.#extended.skipping ? undefined : this.#query(message.text);
      case 'function-call':
        return this.#extended.skipping ? undefined : this.#functionCall();
      case 'password':
      case 'terminate':
        throw new ProxyError('client/protocol', `unexpected ${message.type} message`);
      default:
        return this.#extended.handle(message);
    }
  }

  /** What ends with the connection. */
  end(): void {
    this.#extended.end();
  }

  /** While the server takes COPY data it skips Flush and Sync, which drivers send too early. */
  #copyIn(message: FrontendMessage): undefined {
    const { tracker } = this.#wire;
    switch (message.type) {
      case 'copy-data':
        this.#wire.toServer(encodeCopyData(message.data));
        return undefined;
      case 'copy-done':
        tracker.endCopyIn();
        this.#wire.toServer(COPY_DONE);
        return undefined;
      case 'copy-fail':
        tracker.endCopyIn();
        this.#wire.toServer(encodeCopyFail(message.reason));
        return undefined;
      case 'flush':
      case 'sync':
        return undefined;
      default:
        throw new ProxyError('client/protocol', `unexpected ${message.type} message during COPY`);
    }
  }

  /** COPY data before the server asks for it, or after its COPY failed; the server itself ignores the latter. */
  async #strayCopy(message: FrontendMessage): Promise<void> {
    const { tracker } = this.#wire;
    if (!tracker.mayTakeCopy) return;
    await this.#wire.until(() => tracker.copyIn || !tracker.mayTakeCopy);
    if (tracker.copyIn) this.#copyIn(message);
  }

  async #query(text: string): Promise<void> {
    const { tracker, names, gate } = this.#wire;
    if (tracker.outstanding > 0) await this.#wire.until(() => tracker.outstanding === 0);
    if (this.#extended.skipping) return;
    const inTransaction = tracker.status !== 'I' || this.#extended.unsynced;
    const analysed = gate.analyse(text);
    const known = analysed instanceof Promise ? await analysed : analysed;
    if (isRefusal(known)) {
      await gate.recordUnknown('UNPARSED', text, inTransaction, known);
      return this.#refuse(known);
    }
    if (known.some(makesName) && !names.hasRoom()) return this.#refuse(TOO_MANY_NAMES);
    const running = await gate.admit({ text, statements: names.resolve(known), inTransaction });
    if (isRefusal(running)) return this.#refuse(running);
    names.beginSimple();
    const changes = known.map((statement) => names.run(statement));
    tracker.expect({ kind: 'query', running, changes });
    names.endSegment();
    this.#extended.synced();
    this.#wire.toServer(encodeQuery(text));
  }

  /** The fast path of old drivers calls a function by its number: there is no text to decide. */
  async #functionCall(): Promise<void> {
    const { tracker, gate } = this.#wire;
    if (tracker.outstanding > 0) await this.#wire.until(() => tracker.outstanding === 0);
    const refusal = refuse(
      'unsupported',
      'sql/function-call',
      'function calls by number are not supported',
      {
        hint: 'Call the function in a SELECT.',
      },
    );
    await gate.recordUnknown('FUNCTION CALL', '', tracker.status !== 'I', refusal);
    this.#refuse(refusal);
  }

  /** Error and ReadyForQuery; an open transaction is failed in the server, so the status it tells is the truth. */
  #refuse(refusal: Refusal): void {
    const { tracker } = this.#wire;
    const report = reportStatement(refusal);
    if (tracker.status === 'T' || this.#extended.unsynced) {
      tracker.expect({ kind: 'refusal', report, ready: true });
      this.#extended.synced();
      this.#wire.toServer(FAILING_QUERY);
      return;
    }
    this.#wire.toClient(Buffer.concat([encodeReport(report), encodeReadyForQuery(tracker.status)]));
  }
}

function makesName({ detail: { named } }: AnalysedStatement): boolean {
  return named?.kind === 'prepare' || named?.kind === 'declare';
}
