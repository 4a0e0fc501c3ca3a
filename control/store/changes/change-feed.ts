/**
 * How those who wait learn that something in the store has changed, in this process or at another gateway of the same store. A
 * change names what to look at anew and nothing more: the row is the truth, so a change told twice or too early does no harm.
 */

export type StoreChange =
  | { readonly kind: 'approval'; readonly id: string }
  /** A token, session token or key was revoked; sessions opened with it end. */
  | { readonly kind: 'token'; readonly id: string }
  /** A sealed secret was set or removed; the id is its name. */
  | { readonly kind: 'secret'; readonly id: string }
  /** Something may have been missed while the connection was down: look at everything. */
  | { readonly kind: 'missed' };

export interface ChangeFeed {
  /** Calls `listener` for every change until the returned function is called. A listener must not throw. */
  watch(listener: (change: StoreChange) => void): () => void;
}

export interface LocalFeed extends ChangeFeed {
  /** Tells every listener, each in a turn of its own. */
  tell(change: StoreChange): void;
}

/** A feed within one process. */
export function createLocalFeed(): LocalFeed {
  const listeners = new Set<(change: StoreChange) => void>();
  return {
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell(change) {
      for (const listener of listeners) queueMicrotask(() => listener(change));
    },
  };
}
