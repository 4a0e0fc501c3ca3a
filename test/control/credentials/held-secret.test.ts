/**
 * One secret in memory: when it is fetched, for how long it is believed, and what becomes of a lease.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HeldSecret } from '../../../control/credentials/held-secret.ts';
import { type FetchedSecret, SecretFault } from '../../../control/credentials/secret-source.ts';

const held = suite('control/credentials/held-secret');

interface Bench {
  readonly secret: HeldSecret;
  now: number;
  value: string;
  fails: string | undefined;
  fetched: number;
  readonly faults: (string | undefined)[];
  lost: number;
}

function makeBench(more: { freshMs?: number; keepMs?: number } = {}): Bench {
  const bench = { now: 0, value: 'one', fails: undefined, fetched: 0, faults: [], lost: 0 } as Omit<
    Bench,
    'secret'
  > & { faults: (string | undefined)[] };
  const secret = new HeldSecret({
    source: {
      async fetch(): Promise<FetchedSecret> {
        bench.fetched += 1;
        await delay(1);
        if (bench.fails !== undefined) throw new SecretFault(bench.fails);
        return { whole: bench.value, fields: {} };
      },
    },
    path: 'p',
    freshMs: more.freshMs ?? 1_000,
    keepMs: more.keepMs ?? 60_000,
    nowMs: () => bench.now,
    onFault: (reason) => void bench.faults.push(reason),
    onLost: () => {
      bench.lost += 1;
    },
  });
  return Object.assign(bench, { secret });
}

const use = async ({ secret }: Bench): Promise<string | undefined> => {
  const generation = await secret.take();
  secret.give(generation);
  return generation.secret.whole;
};
const fails = (action: Promise<unknown>): Promise<string> =>
  action.then(
    () => 'no fault',
    (error: unknown) => (error instanceof Error ? error.message : ''),
  );

held('it is fetched once for all who ask, and again when it is old', async () => {
  const bench = makeBench();
  assert.equal(await Promise.all([use(bench), use(bench), use(bench)]), ['one', 'one', 'one']);
  assert.is(bench.fetched, 1);
  bench.value = 'two';
  bench.now = 999;
  assert.is(await use(bench), 'one');
  bench.now = 1_000;
  assert.is(await use(bench), 'two');
  assert.is(bench.fetched, 2);
});

held('a clock that is set back does not make it young', async () => {
  const bench = makeBench();
  bench.now = 10_000;
  await use(bench);
  bench.value = 'two';
  bench.now = 0;
  assert.is(await use(bench), 'two');
});

held(
  'while its source fails the last value is used, for a bounded time, and it is told once',
  async () => {
    const bench = makeBench({ keepMs: 10_000 });
    await use(bench);
    bench.fails = 'down';
    bench.now = 5_000;
    assert.is(await use(bench), 'one');
    bench.now = 9_000;
    assert.is(await use(bench), 'one');
    assert.equal(bench.faults, ['down']);
    bench.now = 10_000;
    assert.is(await fails(use(bench)), 'down');
    bench.fails = undefined;
    bench.now = 20_000;
    assert.is(await use(bench), 'one');
    assert.equal(bench.faults, ['down', undefined]);
  },
);

held('with nothing in memory a failing source gives nothing', async () => {
  const bench = makeBench();
  bench.fails = 'down';
  assert.is(await fails(use(bench)), 'down');
  assert.is(bench.secret.fault, 'down');
});

held('a source that failed is not asked by every client', async () => {
  const bench = makeBench();
  bench.fails = 'down';
  for (let at = 0; at < 5; at += 1) await fails(use(bench));
  assert.is(bench.fetched, 1);
  bench.now = 2_000;
  await fails(use(bench));
  assert.is(bench.fetched, 2);
});

held('a refused value is replaced by another, and by nothing when there is no other', async () => {
  const bench = makeBench({ freshMs: 1_000_000 });
  const first = await bench.secret.take();
  assert.is(await bench.secret.replace(first), false, 'the same value again is no other');
  bench.value = 'two';
  assert.is(await bench.secret.replace(first), false, 'not asked again within the second');
  bench.now = 1_000;
  const answers = await Promise.all([bench.secret.replace(first), bench.secret.replace(first)]);
  assert.equal(answers, [true, true], 'all who were refused may try again');
  assert.is(bench.fetched, 3);
  assert.is(await use(bench), 'two');
});

held('what is told to be out of date is fetched by the next use, even after a fault', async () => {
  const bench = makeBench({ freshMs: 1_000_000 });
  await use(bench);
  bench.value = 'two';
  bench.secret.invalidate();
  assert.is(await use(bench), 'two');
});

interface Leased {
  readonly secret: HeldSecret;
  readonly revoked: string[];
  renewed: number;
  /** What the next renewals give. */
  answer: () => Promise<number | undefined>;
  made: number;
  lost: number;
}

function makeLeased(durationMs: number): Leased {
  const leased = {
    revoked: [] as string[],
    renewed: 0,
    made: 0,
    lost: 0,
    answer: () => Promise.resolve<number | undefined>(durationMs),
  };
  const secret = new HeldSecret({
    source: {
      async fetch(): Promise<FetchedSecret> {
        leased.made += 1;
        const name = `v-${leased.made}`;
        return {
          whole: name,
          fields: {},
          lease: {
            durationMs,
            renew() {
              leased.renewed += 1;
              return leased.answer();
            },
            async revoke() {
              leased.revoked.push(name);
            },
          },
        };
      },
    },
    path: 'p',
    freshMs: 1,
    keepMs: 60_000,
    nowMs: () => Date.now(),
    onFault: () => undefined,
    onLost: () => {
      leased.lost += 1;
    },
  });
  return Object.assign(leased, { secret });
}

async function until(holds: () => boolean): Promise<boolean> {
  for (let waited = 0; waited < 500 && !holds(); waited += 1) await delay(10);
  return holds();
}

held('a lease is shared, and prolonged while somebody uses it', async () => {
  const leased = makeLeased(300);
  const [one, two] = await Promise.all([leased.secret.take(), leased.secret.take()]);
  assert.is(one, two);
  assert.ok(await until(() => leased.renewed >= 2));
  assert.is((await leased.secret.take()).secret.whole, 'v-1');
  await leased.secret.close();
  assert.equal(leased.revoked, ['v-1']);
});

held('a lease that nobody uses any more is given back', async () => {
  const leased = makeLeased(150);
  leased.secret.give(await leased.secret.take());
  assert.ok(await until(() => leased.revoked.length === 1));
  assert.is((await leased.secret.take()).secret.whole, 'v-2');
  await leased.secret.close();
});

held('near its end a lease goes to no new session, and lasts for those it has', async () => {
  const leased = makeLeased(300);
  const live = await leased.secret.take();
  leased.answer = () => Promise.resolve(100);
  assert.ok(await until(() => leased.renewed >= 1));
  const next = await leased.secret.take();
  assert.is(next.secret.whole, 'v-2');
  assert.equal(leased.revoked, []);
  leased.secret.give(live);
  assert.ok(await until(() => leased.revoked.includes('v-1')));
  await leased.secret.close();
});

held('a lease that cannot be prolonged is told when sessions stand on it', async () => {
  const leased = makeLeased(150);
  const live = await leased.secret.take();
  leased.answer = () => Promise.resolve(undefined);
  assert.ok(await until(() => leased.lost === 1));
  assert.is((await leased.secret.take()).secret.whole, 'v-2');
  leased.secret.give(live);
  await leased.secret.close();
});

held('an outage while it is prolonged is waited out', async () => {
  const leased = makeLeased(5_000);
  const live = await leased.secret.take();
  leased.answer = () => Promise.reject(new SecretFault('down'));
  assert.is(leased.lost, 0);
  assert.is((await leased.secret.take()).secret.whole, 'v-1');
  leased.secret.give(live);
  await leased.secret.close();
});

held('an account that was refused is replaced, and ends when its last session does', async () => {
  const leased = makeLeased(60_000);
  const live = await leased.secret.take();
  const refused = await leased.secret.take();
  assert.is(await leased.secret.replace(refused), true);
  leased.secret.give(refused);
  assert.is((await leased.secret.take()).secret.whole, 'v-2');
  assert.equal(leased.revoked, []);
  leased.secret.give(live);
  assert.equal(leased.revoked, ['v-1']);
  await leased.secret.close();
});

held.run();
