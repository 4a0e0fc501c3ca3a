/**
 * The names of one connection: prepared statements, portals and cursors, and which text each stands for. What is decided is
 * what runs only while this table says the same as the server's: an entry is made when the server has confirmed it, and
 * messages of one pipeline see what they themselves prepared before. Forgetting is always safe (the statement is refused);
 * remembering wrongly is not.
 *
 * PostgreSQL documentation, "Extended Query"; protocol and SQL (`PREPARE`, `DECLARE`) share one name space for statements and
 * one for portals and cursors.
 */
import type { AnalysedStatement, NamedEffect, TransactionEffect } from '../sql/facts.ts';
import { withArguments } from '../sql/with-arguments.ts';
import type { PostgresLimits } from './limits.ts';
import { WeighedMap } from './weighed-map.ts';
import type { RowField } from './wire/backend.ts';
import type { FormatCode } from './wire/frontend.ts';

export interface Prepared {
  readonly text: string;
  /** Undefined for an empty text. */
  readonly analysed: AnalysedStatement | undefined;
}

export interface Portal {
  readonly name: string;
  readonly prepared: Prepared;
  readonly parameters: readonly (Buffer | null)[];
  readonly parameterFormats: readonly FormatCode[];
  /** Sync-bounded stretch of messages it was bound in. */
  readonly segment: number;
  /** True once a Describe of it was sent on; its answer fills `fields`. */
  described: boolean;
  fields: readonly RowField[] | undefined;
}

/** A statement with the names in it replaced by what they stand for. */
export interface Resolved extends AnalysedStatement {
  /** Text behind a name; undefined where the statement names none. */
  readonly body: string | undefined;
  /** True when it names something that is not known here: what runs cannot be seen. */
  readonly unknownName: boolean;
}

/** A change of prepared names that waits for the server's word. */
export interface NameChange {
  readonly segment: number;
  readonly apply: () => void;
}

interface Cursor {
  readonly body: AnalysedStatement;
  /** `WITH HOLD` outlives its transaction. */
  readonly hold: boolean;
  /** The transaction it was made in, which can still undo it. */
  readonly transaction: number;
}

const UNNAMED = '';
/** Effects after which portals of before may be gone, and their names free. */
const ENDS_PORTALS: ReadonlySet<TransactionEffect> = new Set([
  'commit',
  'rollback',
  'rollback-to',
  'prepare-transaction',
]);

/** Bytes of the facts of one statement beside its text, about. */
const FACTS_BYTES = 1_024;
/** Bytes that a character of a text takes together with what the facts say of it, about. */
const BYTES_OF_CHARACTER = 8;

function weighText(text: string): number {
  return FACTS_BYTES + BYTES_OF_CHARACTER * text.length;
}

/** The text of its statement is weighed where that is kept. */
function weighPortal({ parameters }: Portal): number {
  return parameters.reduce((sum, value) => sum + (value?.length ?? 0), FACTS_BYTES);
}

export class StatementNames {
  readonly #limits: Pick<PostgresLimits, 'names' | 'nameBytes'>;
  readonly #prepared = new WeighedMap<Prepared>(({ text }) => weighText(text));
  readonly #cursors = new WeighedMap<Cursor>(({ body }) => weighText(body.statement.text));
  readonly #portals = new WeighedMap<Portal>(weighPortal);
  /** What the running segment changed and the server has not confirmed: null for gone. */
  #provisional = new Map<string, Prepared | null>();
  #segment = 1;
  #transaction = 1;
  #unconfirmed = 0;
  #unconfirmedEarlier = 0;

  get segment(): number {
    return this.#segment;
  }

  get size(): number {
    return this.#prepared.size + this.#portals.size + this.#cursors.size + this.#provisional.size;
  }

  constructor(limits: Pick<PostgresLimits, 'names' | 'nameBytes'>) {
    this.#limits = limits;
  }

  /** Whether a name more may be made; a Bind of the name `replaces` takes the place of the portal it replaces. */
  hasRoom(bytes = 0, replaces?: string): boolean {
    const { names, nameBytes } = this.#limits;
    const old = replaces === undefined ? 0 : this.#portals.weightOf(replaces);
    const weight = this.#prepared.weight + this.#cursors.weight + this.#portals.weight;
    return this.size - (old > 0 ? 1 : 0) < names && weight - old + bytes <= nameBytes;
  }

  /** False while an earlier segment's changes are unconfirmed: whoever looks a name up must wait. */
  get settled(): boolean {
    return this.#unconfirmedEarlier === 0;
  }

  /** A Sync was sent on. */
  endSegment(): void {
    this.#segment += 1;
    this.#unconfirmedEarlier += this.#unconfirmed;
    this.#unconfirmed = 0;
    this.#provisional = new Map();
  }

  statement(name: string): Prepared | undefined {
    const provisional = this.#provisional.get(name);
    return provisional === undefined ? this.#prepared.get(name) : (provisional ?? undefined);
  }

  portal(name: string): Portal | undefined {
    return this.#portals.get(name);
  }

  bind(portal: Portal): void {
    this.#portals.set(portal.name, portal);
  }

  /** Of a cursor too: they share one name space. */
  closePortal(name: string): void {
    this.#portals.delete(name);
    this.#cursors.delete(name);
  }

  /** A Parse or Close of a statement was sent on. */
  change(name: string, prepared: Prepared | null): NameChange {
    this.#provisional.set(name, prepared);
    return this.#await(() => this.#set(name, prepared));
  }

  /** A statement with an effect on names was sent on; the effect counts when the server has completed it. */
  run(statement: AnalysedStatement): NameChange | undefined {
    const { named, transaction } = statement.detail;
    if (transaction !== undefined && ENDS_PORTALS.has(transaction)) this.#endPortals(transaction);
    if (named === undefined) return undefined;
    this.#forgetPortals(named);
    // Until the server has confirmed it, what follows in this segment finds no name of before.
    if (named.kind === 'discard') {
      for (const name of this.#prepared.keys()) this.#provisional.set(name, null);
      for (const name of this.#provisional.keys()) this.#provisional.set(name, null);
    }
    if (named.kind === 'prepare') this.#provisional.set(named.name, this.#asPrepared(named.body));
    return this.#await(() => this.#apply(named));
  }

  /** The server completed it. */
  confirm(change: NameChange): void {
    this.discard(change);
    change.apply();
  }

  /** The server skipped it after an error. */
  discard(change: NameChange): void {
    if (change.segment === this.#segment) this.#unconfirmed -= 1;
    else this.#unconfirmedEarlier -= 1;
  }

  /** A simple Query was sent on: the server drops the unnamed statement with it. */
  beginSimple(): void {
    this.#prepared.delete(UNNAMED);
    this.#portals.delete(UNNAMED);
  }

  /** The server is idle: portals of ended transactions are gone. */
  endTransaction(segment: number): void {
    for (const [name, portal] of this.#portals) {
      if (portal.segment <= segment) this.#portals.delete(name);
    }
    this.#forgetCursors(({ hold }) => !hold);
    this.#transaction += 1;
  }

  /** What a list of statements means, each seeing the names made by those before it. */
  resolve(statements: readonly AnalysedStatement[]): readonly Resolved[] {
    const made = new Map<string, AnalysedStatement>();
    return statements.map((analysed) => {
      const { named } = analysed.detail;
      const plain: Resolved = { ...analysed, body: undefined, unknownName: false };
      if (named?.kind === 'prepare' || named?.kind === 'declare') {
        made.set(`${named.kind} ${named.name}`, named.body);
        return plain;
      }
      if (named?.kind !== 'execute' && named?.kind !== 'fetch') return plain;
      const found =
        named.kind === 'execute'
          ? (made.get(`prepare ${named.name}`) ?? this.statement(named.name)?.analysed)
          : (made.get(`declare ${named.name}`) ?? this.#fetched(named.name));
      if (found === undefined) {
        const statement = { ...plain.statement, class: 'unknown' as const, opaque: true };
        return { ...plain, statement, unknownName: true };
      }
      const { statement, detail } =
        named.kind === 'execute' ? withArguments(found, named.args) : found;
      return {
        statement,
        detail,
        body: found.statement.text,
        unknownName: false,
      };
    });
  }

  /** What a FETCH of this name reads. A name that stands for two things here stands for one in the server: which, is not known. */
  #fetched(name: string): AnalysedStatement | undefined {
    const cursor = this.#cursors.get(name)?.body;
    const portal = this.#portals.get(name)?.prepared.analysed;
    return cursor !== undefined && portal !== undefined ? undefined : (cursor ?? portal);
  }

  /** A transaction or part of it is over: cursors of it are gone, those made to stay as well where it is undone. */
  #endPortals(effect: TransactionEffect): void {
    this.#portals.clear();
    const stays = effect === 'commit' || effect === 'prepare-transaction';
    const now = this.#transaction;
    this.#forgetCursors(({ hold, transaction }) => !hold || (!stays && transaction === now));
  }

  #forgetCursors(isGone: (cursor: Cursor) => boolean): void {
    for (const [name, cursor] of this.#cursors) if (isGone(cursor)) this.#cursors.delete(name);
  }

  #await(apply: () => void): NameChange {
    this.#unconfirmed += 1;
    return { segment: this.#segment, apply };
  }

  #set(name: string, prepared: Prepared | null): void {
    if (prepared === null) this.#prepared.delete(name);
    else this.#prepared.set(name, prepared);
  }

  #asPrepared(body: AnalysedStatement): Prepared {
    return { text: body.statement.text, analysed: body };
  }

  #forgetPortals(named: NamedEffect): void {
    if (named.kind === 'discard') {
      this.#portals.clear();
      this.#cursors.clear();
    }
    if (named.kind === 'close' && named.name === undefined) this.#portals.clear();
    if (named.kind === 'close' && named.name !== undefined) this.#portals.delete(named.name);
    if (named.kind === 'declare') this.closePortal(named.name);
  }

  #apply(named: NamedEffect): void {
    switch (named.kind) {
      case 'prepare':
        this.#prepared.set(named.name, this.#asPrepared(named.body));
        return;
      case 'deallocate':
        if (named.name === undefined) this.#prepared.clear();
        else this.#prepared.delete(named.name);
        return;
      case 'declare':
        this.#cursors.set(named.name, {
          body: named.body,
          hold: named.hold,
          transaction: this.#transaction,
        });
        return;
      case 'close':
        if (named.name === undefined) this.#cursors.clear();
        else this.#cursors.delete(named.name);
        return;
      case 'discard':
        this.#prepared.clear();
        this.#cursors.clear();
        return;
      case 'execute':
      case 'fetch':
        return;
    }
  }
}
