/**
 * A lane tries again with growing waits, gives up after a number of tries, and never holds more than it has room for.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DeliveryFailure } from '../../../control/notify/channel.ts';
import {
  createLane,
  type Job,
  type JobOutcome,
  MAX_WAITING,
  waitBefore,
} from '../../../control/notify/lane.ts';
import { until } from '../../support/gate-ports.ts';

const test = suite('control/notify/lane');

function bench(attempts = 4) {
  const waits: { afterMs: number; wake: () => void }[] = [];
  const done: [string, JobOutcome][] = [];
  const lane = createLane<Job>({
    attempts,
    random: () => 0.5,
    schedule(afterMs, wake) {
      const wait = { afterMs, wake };
      waits.push(wait);
      return () => void waits.splice(waits.indexOf(wait), 1);
    },
    onDone: (job, outcome) => {
      done.push([job.id, outcome]);
      return Promise.resolve();
    },
  });
  /** Lets the next wait be over; how long it was. */
  const next = async (): Promise<number> => {
    await until(() => waits.length > 0);
    const wait = waits.shift();
    wait?.wake();
    return wait?.afterMs ?? -1;
  };
  return { lane, waits, done, next };
}

const fails = (error: Error): Job => ({
  id: 'j',
  send: () => Promise.reject(error),
  isMoot: () => Promise.resolve(false),
});

test('what is taken is told once', async () => {
  const { lane, done } = bench();
  lane.offer({ id: 'a', send: () => Promise.resolve(), isMoot: () => Promise.resolve(true) });
  await until(() => done.length === 1);
  assert.equal(done, [['a', { kind: 'delivered' }]]);
  assert.is(lane.size, 0);
});

test('what is not taken is tried again, with growing waits, and given up', async () => {
  const { lane, done, next } = bench(4);
  lane.offer(fails(new DeliveryFailure('HTTP 503')));
  const waited = [await next(), await next(), await next()];
  assert.equal(waited, [750, 1500, 3000]);
  await until(() => done.length === 1);
  assert.equal(done, [['j', { kind: 'dead', attempts: 4, error: 'HTTP 503' }]]);
});

test('half of a wait is chance, and none is longer than five minutes', () => {
  assert.equal([waitBefore(1, 0), waitBefore(1, 1)], [500, 1000]);
  assert.equal([waitBefore(3, 0), waitBefore(3, 0.999)], [2000, 3998]);
  assert.is(waitBefore(16, 1), 300_000);
  assert.is(waitBefore(1, 0, 20_000), 20_000);
  assert.is(waitBefore(1, 0, 9_000_000), 300_000);
});

test('a failure that cannot pass is not tried again', async () => {
  const { lane, done } = bench();
  lane.offer(fails(new DeliveryFailure('HTTP 404', { isFinal: true })));
  await until(() => done.length === 1);
  assert.equal(done[0]?.[1], { kind: 'dead', attempts: 1, error: 'HTTP 404' });
});

test('a fault of ours is tried again and tells nothing of itself', async () => {
  const { lane, done, next } = bench(2);
  lane.offer(fails(new TypeError('inner detail')));
  await next();
  await until(() => done.length === 1);
  assert.equal(done[0]?.[1], { kind: 'dead', attempts: 2, error: 'a fault inside the gateway' });
});

test('what nobody needs any more is not tried again', async () => {
  const { lane, done, next } = bench();
  let tries = 0;
  lane.offer({
    id: 'm',
    send: () => {
      tries += 1;
      return Promise.reject(new DeliveryFailure('no answer'));
    },
    isMoot: () => Promise.resolve(true),
  });
  await next();
  await until(() => done.length === 1);
  assert.equal([tries, done[0]?.[1]], [1, { kind: 'moot' }]);
});

test('a lane that hangs takes no more than it has room for, and says so at once', async () => {
  const { lane, done } = bench();
  let started = 0;
  const hangs: Job = {
    id: 'h',
    send: (signal) => {
      started += 1;
      return new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new DeliveryFailure('stopped'))),
      );
    },
    isMoot: () => Promise.resolve(false),
  };
  for (let more = 0; more < MAX_WAITING + 5; more += 1) lane.offer(hangs);
  assert.is(lane.size, MAX_WAITING);
  assert.is(done.length, 5);
  assert.equal(done[0]?.[1], { kind: 'dead', attempts: 0, error: 'too many notices wait' });
  assert.is(started, 4);
  await lane.close();
  assert.is(done.length, MAX_WAITING + 5);
  assert.ok(done.every(([, outcome]) => outcome.kind === 'dead'));
});

test('a lane that is closed gives up what rests between two tries', async () => {
  const { lane, waits, done } = bench();
  lane.offer(fails(new DeliveryFailure('HTTP 503')));
  await until(() => waits.length === 1);
  await lane.close();
  assert.equal(done[0]?.[1], { kind: 'dead', attempts: 1, error: 'HTTP 503' });
  assert.is(waits.length, 0);
  lane.offer(fails(new DeliveryFailure('x')));
  assert.is(done.length, 2);
});

test.run();
