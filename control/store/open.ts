/**
 * Opens the store that the configuration names.
 */
import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { STORE_FILE } from '../state-files.ts';
import { openPostgresStore } from './postgres/postgres-store.ts';
import { openSqliteStore } from './sqlite/sqlite-store.ts';
import type { Store } from './store.ts';

/** Rejects with `store/...`. `onFault` is told when a connection breaks outside a query. */
export async function openStore(
  settings: Pick<Settings, 'store' | 'stateDir'>,
  onFault: (error: Error) => void,
): Promise<Store> {
  const { store, stateDir } = settings;
  if (store === undefined) return openSqliteStore(join(stateDir, STORE_FILE));
  const address = { ...store, password: store.password?.reveal() };
  return openPostgresStore({ address, onFault });
}
