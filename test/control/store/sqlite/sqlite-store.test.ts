/**
 * The embedded store keeps the contract of every store.
 */
import { openSqliteStore } from '../../../../control/store/sqlite/sqlite-store.ts';
import { runStoreContract } from '../contract.ts';

runStoreContract('control/store/sqlite/sqlite-store', async () => openSqliteStore(':memory:'));
