/**
 * Changes that other gateways of the same store make, by LISTEN on a connection of its own. When that breaks it is opened again,
 * and listeners are told that they may have missed something. It must not decide what a change means.
 */
import pg from 'pg';
import type { LocalFeed, StoreChange } from '../changes/change-feed.ts';
import { connectionOptions, type PostgresStoreAddress } from './connection.ts';

/** Name of the channel. */
export const CHANNEL = 'sallyport_changes';
/** Milliseconds before a broken connection is tried again; doubled up to the second. */
const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 5_000;
/** Milliseconds between two questions whether the connection still lives. */
const CHECK_EVERY_MS = 10_000;

export interface ChangeListener {
  close(): Promise<void>;
}

/** Listens until closed. Rejects when the first connection cannot be opened. */
export async function listenForChanges(
  address: PostgresStoreAddress,
  feed: LocalFeed,
  onFault: (error: Error) => void,
): Promise<ChangeListener> {
  let closed = false;
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;

  async function open(): Promise<void> {
    const opened = new pg.Client(connectionOptions(address));
    let lost = false;
    const lose = (error: Error): void => {
      if (lost) return;
      lost = true;
      clearInterval(check);
      opened.end().catch(() => undefined);
      if (closed || client !== opened) return;
      client = undefined;
      onFault(error);
      reopen(FIRST_RETRY_MS);
    };
    const check = setInterval(() => void opened.query('select 1').catch(lose), CHECK_EVERY_MS);
    check.unref();
    opened.on('error', lose);
    opened.on('end', () => lose(new Error('the server closed the connection that listens')));
    opened.on('notification', ({ payload }) => {
      const change = readChange(payload);
      if (change !== undefined) feed.tell(change);
    });
    try {
      await opened.connect();
      await opened.query(`listen ${CHANNEL}`);
    } catch (error) {
      lose(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
    client = opened;
  }

  function reopen(afterMs: number): void {
    retry = setTimeout(() => {
      open().then(
        () => feed.tell({ kind: 'missed' }),
        () => {
          if (!closed) reopen(Math.min(afterMs * 2, MAX_RETRY_MS));
        },
      );
    }, afterMs);
    retry.unref();
  }

  await open();
  return {
    async close() {
      closed = true;
      clearTimeout(retry);
      await client?.end();
    },
  };
}

/** What a payload says; undefined for one that this version does not know. */
function readChange(payload: string | undefined): StoreChange | undefined {
  const [kind, id] = (payload ?? '').split(/ (.*)/s);
  if (id === undefined) return undefined;
  return kind === 'approval' || kind === 'token' || kind === 'secret' ? { kind, id } : undefined;
}

/** The payload that `readChange` reads. */
export function writeChange(change: Exclude<StoreChange, { readonly kind: 'missed' }>): string {
  return `${change.kind} ${change.id}`;
}
