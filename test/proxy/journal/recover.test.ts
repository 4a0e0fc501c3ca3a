import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ProxyError } from '../../../proxy/error.ts';
import { HEADER_BYTES } from '../../../proxy/journal/format.ts';
import { verifyJournal } from '../../../proxy/journal/verify.ts';
import { appendEach, type JournalBench, journalBench } from '../../support/journal-dir.ts';

const test = suite('proxy/journal/recover');

/** A journal whose process died: records 0..count-1, and a head that was signed before the first. */
async function killedJournal(count: number): Promise<JournalBench> {
  const bench = journalBench();
  const journal = bench.open({ limits: { headEveryMs: 3_600_000 } });
  await appendEach(
    journal,
    Array.from({ length: count }, (_, n) => n),
  );
  const copy = bench.copy();
  await journal.close();
  return copy;
}

function damageOf(bench: JournalBench): string {
  try {
    void bench.open().close();
  } catch (error) {
    if (error instanceof ProxyError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'opened';
}

test('recovers a journal cut at any byte to the records that were whole, and goes on', async () => {
  const killed = await killedJournal(4);
  const whole = killed.segment();
  let most = 0;
  for (let cut = HEADER_BYTES; cut <= whole.length; cut += 1) {
    const bench = killed.copy();
    bench.replaceSegment(whole.subarray(0, cut));
    const journal = bench.open();
    await appendEach(journal, [99]);
    await journal.close();
    const numbers = await bench.numbers();
    assert.equal(numbers, [...[0, 1, 2, 3].slice(0, numbers.length - 1), 99], `cut at ${cut}`);
    assert.ok(numbers.length - 1 >= most, `cut at ${cut} lost a record`);
    most = numbers.length - 1;
    bench.remove();
  }
  assert.is(most, 4);
});

test('leaves a journal that verifies after it cut a tail', async () => {
  const killed = await killedJournal(4);
  const whole = killed.segment();
  for (const cut of [HEADER_BYTES, HEADER_BYTES + 1, whole.length - 60, whole.length - 1]) {
    const bench = killed.copy();
    bench.replaceSegment(whole.subarray(0, cut));
    const journal = bench.open();
    await appendEach(journal, [99]);
    await journal.close();
    const report = await verifyJournal(bench.dir, { publicKey: bench.signer.publicKey });
    assert.equal(report.faults, [], `cut at ${cut}`);
  }
});

test('keeps what it cuts off in a side file', async () => {
  const killed = await killedJournal(2);
  killed.replaceSegment(killed.segment().subarray(0, -3));
  const journal = killed.open();
  assert.ok(journal.tornBytes > 3);
  await journal.close();
  assert.ok(readdirSync(killed.dir).some((name) => name.endsWith('.torn')));
  assert.equal(await killed.numbers(), [0]);
});

test('refuses to start on a flipped byte anywhere but in the last group', async () => {
  const killed = await killedJournal(3);
  const whole = killed.segment();
  const lastGroup = Math.floor(HEADER_BYTES + ((whole.length - HEADER_BYTES) * 2) / 3);
  for (let at = 0; at < lastGroup; at += 1) {
    const flipped = Buffer.from(whole);
    flipped.writeUInt8(flipped.readUInt8(at) ^ 0x10, at);
    killed.replaceSegment(flipped);
    assert.match(damageOf(killed), /^journal\/damaged: .*journal-00000001\.seg/, `flip at ${at}`);
  }
});

test('refuses to start when the end that the head vouches for is gone', async () => {
  const bench = journalBench();
  const journal = bench.open();
  await appendEach(journal, [1, 2, 3]);
  await journal.close();
  bench.replaceSegment(bench.segment().subarray(0, -10));
  assert.match(damageOf(bench), 'the signed head vouches for 3 records, 2 are there');
});

test('refuses to start without its head, with a damaged head, or with one of another key', async () => {
  const bench = journalBench();
  const journal = bench.open();
  await appendEach(journal, [1]);
  await journal.close();
  const stranger = bench.copy();
  rmSync(join(bench.dir, 'head.json'));
  assert.match(damageOf(bench), 'the signed head is missing');
  const other = journalBench();
  assert.throws(
    () => stranger.open({ signer: other.signer }),
    (error: unknown) => error instanceof ProxyError && error.message.includes('not signed with'),
  );
});

test('refuses to start when a segment is missing or an earlier one is cut', async () => {
  const bench = journalBench();
  const journal = bench.open({ limits: { maxSegmentBytes: 400 } });
  await appendEach(journal, [1, 2, 3, 4, 5, 6, 7, 8]);
  await journal.close();
  const cut = bench.copy();
  const gone = bench.copy();
  cut.replaceSegment(cut.segment(2).subarray(0, -5), 2);
  assert.match(damageOf(cut), 'journal-00000002.seg');
  rmSync(join(gone.dir, 'journal-00000002.seg'));
  assert.match(damageOf(gone), 'journal-00000002.seg is missing');
  assert.is(damageOf(bench), 'opened');
});

test('changes nothing when it refuses', async () => {
  const killed = await killedJournal(3);
  const flipped = killed.segment();
  flipped.writeUInt8(0xff, HEADER_BYTES + 20);
  killed.replaceSegment(flipped);
  damageOf(killed);
  assert.ok(killed.segment().equals(flipped));
});

test.run();
