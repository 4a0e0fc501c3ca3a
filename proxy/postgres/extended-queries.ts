/**
 * The extended protocol of one connection. Parse goes on when its text is understood: the server analyses it and plans nothing.
 * The decision comes with Bind, before anything is planned, and holds for the first Execute behind it if that follows at once;
 * every other Execute is decided anew. PostgreSQL documentation, "Message Flow: Extended Query, Pipelining".
 */
import { isRefusal, type Refusal, refuse } from '../gate/refusal.ts';
import type { Wire } from './conversation.ts';
import { reportStatement } from './report.ts';
import type { Running } from './response-tracker.ts';
import type { BoundParameters } from './sql-action.ts';
import type { Portal, Prepared } from './statement-names.ts';
import type { Bind, FrontendMessage, Parse } from './wire/frontend.ts';
import {
  encodeBind,
  encodeClose,
  encodeDescribe,
  encodeExecute,
  encodeParse,
  FLUSH,
  SYNC,
} from './wire/frontend-encode.ts';

type Extended = Extract<
  FrontendMessage,
  { type: 'parse' | 'bind' | 'describe' | 'close' | 'execute' | 'flush' | 'sync' }
>;

/** Milliseconds a decision made at Bind serves the Execute behind it. */
const BIND_DECISION_MS = 1_000;
/** A portal no client can have: describing it fails in every state and changes nothing. */
const NO_PORTAL = '\u0001sallyport: refused by the gateway';
const FAILING_DESCRIBE = encodeDescribe('portal', NO_PORTAL);

interface BindDecision {
  readonly running: Running;
  readonly at: number;
}

export class ExtendedQueries {
  readonly #wire: Wire;
  /** Decisions made at Bind that no Execute has used. */
  readonly #decisions = new Map<Portal, BindDecision>();
  #skipping = false;
  #unsynced = false;
  /** A transaction was begun in this segment; the server's status does not tell yet. */
  #began = false;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  get skipping(): boolean {
    return this.#skipping;
  }

  /** True while messages were sent that no Sync has closed: the server may be in a transaction of their own. */
  get unsynced(): boolean {
    return this.#unsynced;
  }

  skip(): void {
    this.#skipping = true;
    this.end();
  }

  synced(): void {
    this.#unsynced = false;
    this.#began = false;
    this.end();
  }

  /** Decisions that nothing will use any more. */
  end(): void {
    for (const { running } of this.#decisions.values()) this.#wire.abandon(running, 'not executed');
    this.#decisions.clear();
  }

  handle(message: Extended): Promise<void> | undefined {
    if (message.type === 'sync') return this.#sync();
    if (this.#skipping) return undefined;
    if (message.type === 'flush') {
      this.#wire.toServer(FLUSH);
      return undefined;
    }
    const { names, tracker } = this.#wire;
    // A name of an earlier segment may still turn out not to be what this side thinks.
    const isReady = this.#reachesBack(message)
      ? (): boolean => tracker.outstanding === 0
      : (): boolean => names.settled;
    return isReady()
      ? this.#act(message)
      : this.#wire.until(isReady).then(() => (this.#skipping ? undefined : this.#act(message)));
  }

  /**
   * Portals are entered when they are sent, before the server has made them: one of an earlier segment may not exist there, and
   * its name may be a cursor's.
   */
  #reachesBack(message: Exclude<Extended, { type: 'flush' | 'sync' }>): boolean {
    const { names } = this.#wire;
    const isEarlier = (name: string): boolean =>
      (names.portal(name)?.segment ?? names.segment) !== names.segment;
    switch (message.type) {
      case 'execute':
        return isEarlier(message.portal) || this.#fetches(names.portal(message.portal)?.prepared);
      case 'describe':
        return message.what === 'portal' && isEarlier(message.name);
      case 'bind':
        return this.#fetches(names.statement(message.statement));
      default:
        return false;
    }
  }

  #fetches(prepared: Prepared | undefined): boolean {
    const { names } = this.#wire;
    const named = prepared?.analysed?.detail.named;
    return named?.kind === 'fetch' && names.portal(named.name) !== undefined;
  }

  #act(message: Exclude<Extended, { type: 'flush' | 'sync' }>): Promise<void> | undefined {
    switch (message.type) {
      case 'parse':
        return this.#parse(message);
      case 'bind':
        return this.#bind(message);
      case 'execute':
        return this.#execute(message.portal, message.maxRows);
      case 'describe':
        return this.#describe(message.what, message.name);
      case 'close':
        return this.#close(message.what, message.name);
    }
  }

  async #parse(parse: Parse): Promise<void> {
    const { names, gate, tracker } = this.#wire;
    const analysed = gate.analyse(parse.text);
    const known = analysed instanceof Promise ? await analysed : analysed;
    if (isRefusal(known)) {
      await gate.recordUnknown('UNPARSED', parse.text, this.#inTransaction(), known);
      return this.#refuse(known);
    }
    if (known.length > 1) return this.#refuse(SEVERAL_COMMANDS);
    if (!names.hasRoom()) return this.#refuse(TOO_MANY_NAMES);
    if (this.#skipping) return;
    const change = names.change(parse.name, { text: parse.text, analysed: known[0] });
    this.#send(encodeParse(parse));
    tracker.expect({ kind: 'parse', change });
  }

  async #bind(bind: Bind): Promise<void> {
    const { names, tracker } = this.#wire;
    const prepared = names.statement(bind.statement);
    if (prepared === undefined) return this.#refuse(unknownStatement(bind.statement));
    if (bind.portal.startsWith(NO_PORTAL)) return this.#refuse(unknownPortal(bind.portal));
    const bytes = bind.parameters.reduce((sum, value) => sum + (value?.length ?? 0), 0);
    if (!names.hasRoom(bytes, bind.portal)) return this.#refuse(TOO_MANY_NAMES);
    const parameters = { values: bind.parameters, formats: bind.parameterFormats };
    const running = await this.#admit(prepared, parameters);
    if (isRefusal(running)) return this.#refuse(running);
    if (this.#skipping) return this.#wire.abandon(running, 'skipped after an error');
    const portal: Portal = {
      name: bind.portal,
      prepared,
      parameters: bind.parameters,
      parameterFormats: bind.parameterFormats,
      segment: names.segment,
      described: false,
      fields: undefined,
    };
    names.bind(portal);
    this.#decisions.set(portal, { running, at: performance.now() });
    this.#send(encodeBind(bind));
    tracker.expect({ kind: 'bind' });
  }

  async #execute(name: string, maxRows: number): Promise<void> {
    const { names, tracker } = this.#wire;
    const portal = names.portal(name);
    if (portal === undefined) return this.#refuse(unknownPortal(name));
    const { prepared } = portal;
    const running =
      this.#takeDecision(portal) ??
      (await this.#admit(prepared, {
        values: portal.parameters,
        formats: portal.parameterFormats,
      }));
    if (isRefusal(running)) return this.#refuse(running);
    if (this.#skipping) return this.#wire.abandon(running, 'skipped after an error');
    if (running.masker !== undefined && !portal.described) this.#describePortal(portal, true);
    const change = prepared.analysed === undefined ? undefined : names.run(prepared.analysed);
    if (prepared.analysed?.detail.transaction === 'begin') this.#began = true;
    this.#send(encodeExecute(name, maxRows));
    tracker.expect({ kind: 'execute', running, portal, change });
    if (running.takesCopy)
      await this.#wire.until(() => tracker.copyIn || tracker.outstanding === 0);
  }

  #describe(what: 'statement' | 'portal', name: string): undefined {
    const { names, tracker } = this.#wire;
    if (what === 'portal') {
      const portal = names.portal(name);
      if (portal === undefined) this.#refuse(unknownPortal(name));
      else this.#describePortal(portal, false);
      return undefined;
    }
    if (names.statement(name) === undefined) {
      this.#refuse(unknownStatement(name));
      return undefined;
    }
    this.#send(encodeDescribe(what, name));
    tracker.expect({ kind: 'describe', portal: undefined, own: false });
    return undefined;
  }

  #describePortal(portal: Portal, own: boolean): void {
    portal.described = true;
    this.#send(encodeDescribe('portal', portal.name));
    this.#wire.tracker.expect({ kind: 'describe', portal, own });
  }

  #close(what: 'statement' | 'portal', name: string): undefined {
    const { names, tracker } = this.#wire;
    const change = what === 'statement' ? names.change(name, null) : undefined;
    if (what === 'portal') names.closePortal(name);
    this.#send(encodeClose(what, name));
    tracker.expect({ kind: 'close', change });
    return undefined;
  }

  #sync(): undefined {
    const { names, tracker } = this.#wire;
    this.#skipping = false;
    this.#wire.toServer(SYNC);
    tracker.expect({ kind: 'sync', segment: names.segment });
    names.endSegment();
    this.synced();
    return undefined;
  }

  async #admit(prepared: Prepared, parameters: BoundParameters): Promise<Running | Refusal> {
    const { names, gate } = this.#wire;
    return gate.admit({
      text: prepared.text,
      statements: names.resolve(prepared.analysed === undefined ? [] : [prepared.analysed]),
      inTransaction: this.#inTransaction(),
      parameters,
    });
  }

  #takeDecision(portal: Portal): Running | undefined {
    const decision = this.#decisions.get(portal);
    if (decision === undefined) return undefined;
    this.#decisions.delete(portal);
    if (performance.now() - decision.at <= BIND_DECISION_MS) return decision.running;
    this.#wire.abandon(decision.running, 'decided anew');
    return undefined;
  }

  #inTransaction(): boolean {
    return this.#wire.tracker.status !== 'I' || this.#began;
  }

  #send(bytes: Buffer): void {
    this.#unsynced = true;
    this.#wire.toServer(bytes);
  }

  /** The server is made to fail at this place of the pipeline: what was sent before is rolled back with it, as after any error. */
  #refuse(refusal: Refusal): void {
    if (this.#skipping) return;
    this.#wire.tracker.expect({ kind: 'refusal', report: reportStatement(refusal), ready: false });
    this.#send(FAILING_DESCRIBE);
    this.skip();
  }
}

const SEVERAL_COMMANDS = refuse(
  'unsupported',
  'sql/syntax',
  'cannot insert multiple commands into a prepared statement',
);

/** The server's and this side's memory for names is not the client's to fill. */
export const TOO_MANY_NAMES = refuse(
  'limit',
  'limit/names',
  'too many or too large prepared statements, portals and cursors',
  { hint: 'Close those that are no longer used.' },
);

function unknownStatement(name: string): Refusal {
  return refuse('unsupported', 'statement/unknown', `prepared statement "${name}" does not exist`);
}

function unknownPortal(name: string): Refusal {
  return refuse('unsupported', 'portal/unknown', `portal "${name}" does not exist`);
}
