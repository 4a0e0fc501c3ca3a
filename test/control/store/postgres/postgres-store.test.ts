/**
 * The shared store keeps the contract of every store, and what is its own: two gateways on one database, a lost connection,
 * steps that are applied once, faults that are coded.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ControlError } from '../../../../control/error.ts';
import type { StoreChange } from '../../../../control/store/changes/change-feed.ts';
import { MIGRATIONS } from '../../../../control/store/migrations/list.ts';
import type { PostgresStoreAddress } from '../../../../control/store/postgres/connection.ts';
import { openPostgresStore } from '../../../../control/store/postgres/postgres-store.ts';
import type { Store } from '../../../../control/store/store.ts';
import { startStoreServer } from '../../../support/postgres-store.ts';
import { runStoreContract } from '../contract.ts';
import { exampleAnswer, exampleApproval, exampleGrant } from '../example-approval.ts';

const started = await startStoreServer();

if (started !== undefined) {
  const servers = started;
  const faults: Error[] = [];
  const openAt = (address: PostgresStoreAddress): Promise<Store> =>
    openPostgresStore({ address, onFault: (error) => faults.push(error) });
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const codeOf = (action: Promise<unknown>): Promise<string> =>
    action.then(
      () => 'no error',
      (error: unknown) => (error instanceof ControlError ? error.code : String(error)),
    );

  runStoreContract('control/store/postgres/postgres-store: contract', async () =>
    openAt(await servers.emptyDatabase()),
  );

  const shared = suite('control/store/postgres/postgres-store');
  shared.after(() => servers.stop());

  shared('what one gateway moves another is told of', async () => {
    const address = await servers.emptyDatabase();
    const [one, other] = await Promise.all([openAt(address), openAt(address)]);
    const seen: StoreChange[] = [];
    other.watch((change) => seen.push(change));
    await one.insertApproval(exampleApproval({ id: 'a 1' }));
    await one.moveApproval('a 1', 'pending', { to: 'denied', atMs: 1 });
    await one.revokeToken({ tokenId: 't1', by: 'x', atMs: 1, expiresAtMs: 9 });
    await until(() => seen.length === 2);
    assert.equal(seen, [
      { kind: 'approval', id: 'a 1' },
      { kind: 'token', id: 't1' },
    ]);
    assert.is((await other.findApproval('a 1'))?.state, 'denied');
    assert.is(await other.isRevoked('t1'), true);
    await Promise.all([one.close(), other.close()]);
  });

  shared('answers of two people at two gateways make one grant', async () => {
    const address = await servers.emptyDatabase();
    const [one, other] = await Promise.all([openAt(address), openAt(address)]);
    for (let round = 0; round < 20; round += 1) {
      const approval = `a${round}`;
      await one.insertApproval(exampleApproval({ id: approval }));
      const answer = (store: Store, person: string) =>
        store.answerApproval(exampleAnswer({ approval, subject: person, person }), (answers) =>
          Promise.resolve(
            answers.length < 1
              ? undefined
              : { to: 'granted', atMs: 1, grant: exampleGrant({ id: `g-${approval}`, approval }) },
          ),
        );
      const results = await Promise.all([answer(one, 'p1'), answer(other, 'p2')]);
      assert.is(results.filter((result) => result.counted && result.moved).length, 1);
      const spent = await Promise.all(
        [one, other, one, other].map((store) => store.spendGrant(`g-${approval}`, 2)),
      );
      assert.is(spent.filter(Boolean).length, 1);
    }
    await Promise.all([one.close(), other.close()]);
  });

  shared('two accounts of one person at two gateways are one answer', async () => {
    const address = await servers.emptyDatabase();
    const [one, other] = await Promise.all([openAt(address), openAt(address)]);
    await one.insertApproval(exampleApproval());
    const results = await Promise.all(
      [one, other].map((store, at) =>
        store.answerApproval(exampleAnswer({ subject: `dba-${at}` }), () =>
          Promise.resolve(undefined),
        ),
      ),
    );
    assert.is(results.filter((result) => result.counted).length, 1);
    await Promise.all([one.close(), other.close()]);
  });

  shared('a listener that lost its connection gets it back and says so', async () => {
    const address = await servers.emptyDatabase();
    const store = await openAt(address);
    const seen: StoreChange[] = [];
    store.watch((change) => seen.push(change));
    faults.length = 0;
    await servers.run(
      'postgres',
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${address.database}'`,
    );
    await until(() => seen.some(({ kind }) => kind === 'missed'));
    assert.ok(faults.length > 0);
    await store.insertApproval(exampleApproval());
    await store.moveApproval('a1', 'pending', { to: 'denied', atMs: 1 });
    await until(() => seen.some(({ kind }) => kind === 'approval'));
    await store.close();
  });

  shared('gateways that start at once apply each step once', async () => {
    const address = await servers.emptyDatabase();
    const stores = await Promise.all(Array.from({ length: 4 }, () => openAt(address)));
    const { rows } = await servers.run(
      address.database,
      'select count(*)::int as n from migrations',
    );
    assert.equal(rows, [{ n: MIGRATIONS.length }]);
    await Promise.all(stores.map((store) => store.close()));
  });

  shared('a store of a newer or another version is not touched', async () => {
    const address = await servers.emptyDatabase();
    await (await openAt(address)).close();
    await servers.run(address.database, "update migrations set checksum = 'x' where position = 0");
    assert.is(await codeOf(openAt(address)), 'store/migration-changed');
    await servers.run(address.database, "insert into migrations values (999, 'x', 'x')");
    assert.is(await codeOf(openAt(address)), 'store/newer-schema');
  });

  shared('a store that cannot be reached is a coded error without the password', async () => {
    const address = await servers.emptyDatabase();
    for (const wrong of [
      { ...address, port: 1 },
      { ...address, password: 'not it' },
      { ...address, tls: 'require' as const },
    ]) {
      const error: unknown = await openAt(wrong).catch((thrown: unknown) => thrown);
      assert.ok(error instanceof ControlError);
      assert.is(error.code, 'store/unavailable');
      assert.not.match(String(error.stack) + String(error.cause), /not it|correct horse/);
    }
  });

  shared.run();
}
