import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { GENESIS, HEADER_BYTES, nextChain, readFrame } from '../../../proxy/journal/format.ts';
import { writeHead } from '../../../proxy/journal/head.ts';
import { scanSegment } from '../../../proxy/journal/scan.ts';
import { type VerifyReport, verifyJournal } from '../../../proxy/journal/verify.ts';
import {
  appendEach,
  type JournalBench,
  journalBench,
  numbered,
} from '../../support/journal-dir.ts';

const test = suite('proxy/journal/verify');

/** Three groups: records 0, 1 / 2, 3 / 4, 5; closed and signed. */
async function pairs(): Promise<JournalBench> {
  const bench = journalBench();
  const journal = bench.open();
  for (const first of [0, 2, 4]) {
    await Promise.all([0, 1].map((n) => journal.append(numbered(first + n), 'written')));
  }
  await journal.close();
  return bench;
}

interface Span {
  readonly at: number;
  readonly end: number;
  readonly type: number;
}

function frames(bytes: Buffer): Span[] {
  const all: Span[] = [];
  for (let at = HEADER_BYTES; at < bytes.length; ) {
    const read = readFrame(bytes, at);
    if (!read.ok) throw new Error(`no frame at ${at}`);
    all.push({ at, end: read.frame.end, type: read.frame.type });
    at = read.frame.end;
  }
  return all;
}

function verify(bench: JournalBench): Promise<VerifyReport> {
  return verifyJournal(bench.dir, { publicKey: bench.signer.publicKey });
}

function told(report: VerifyReport): string[] {
  return report.faults.map(({ segment, index, kind }) => `${segment}/${index} ${kind}`);
}

function pick(bytes: Buffer, spans: readonly (Span | undefined)[]): Buffer {
  const parts = spans.map((span) => bytes.subarray(span?.at, span?.end));
  return Buffer.concat([bytes.subarray(0, HEADER_BYTES), ...parts]);
}

test('finds nothing in an honest journal', async () => {
  const report = await verify(await pairs());
  assert.equal(told(report), []);
  assert.is(report.records, 6);
});

test('finds every flipped byte', async () => {
  const bench = await pairs();
  const whole = bench.segment();
  for (let at = 0; at < whole.length; at += 1) {
    const scan = scanSegment(flip(whole, at), 1, GENESIS);
    assert.ok(scan.faults.length >= 1, `flip at ${at} was not found`);
  }
});

test('names the record whose byte was flipped', async () => {
  const bench = await pairs();
  const whole = bench.segment();
  const records = frames(whole).filter((frame) => frame.type === 1);
  for (const [index, frame] of records.entries()) {
    bench.replaceSegment(flip(whole, frame.at + 30));
    const [fault] = (await verify(bench)).faults;
    assert.is(fault?.index, index);
    assert.is(fault?.kind, 'bad-frame');
    assert.is(fault?.offset, frame.at);
  }
});

function flip(bytes: Buffer, at: number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped.writeUInt8(flipped.readUInt8(at) ^ 0x01, at);
  return flipped;
}

test('names a record that was edited and given a new checksum', async () => {
  const bench = await pairs();
  const whole = Buffer.from(bench.segment());
  const [, , , third] = frames(whole);
  if (third === undefined) throw new Error('no third');
  whole[third.at + 60] = 0x41;
  whole.writeUInt32BE(crc32(whole.subarray(third.at + 4, third.end)), third.at);
  bench.replaceSegment(whole);
  assert.equal(told(await verify(bench)), ['1/2 edited']);
});

test('names a record that was removed from its group', async () => {
  const bench = await pairs();
  const whole = bench.segment();
  const all = frames(whole);
  bench.replaceSegment(
    pick(
      whole,
      all.filter((_, at) => at !== 3),
    ),
  );
  assert.equal(told(await verify(bench)), ['1/2 removed']);
});

test('names records that changed places inside a group', async () => {
  const bench = await pairs();
  const whole = bench.segment();
  const [a, b, seal, ...rest] = frames(whole);
  bench.replaceSegment(pick(whole, [b, a, seal, ...rest]));
  assert.equal(told(await verify(bench)), ['1/0 reordered']);
});

test('names a group that was removed, and groups that changed places', async () => {
  const bench = await pairs();
  const whole = bench.segment();
  const all = frames(whole);
  bench.replaceSegment(pick(whole, [...all.slice(0, 3), ...all.slice(6)]));
  assert.equal(told(await verify(bench))[0], '1/2 removed');
  bench.replaceSegment(pick(whole, [...all.slice(0, 3), ...all.slice(6), ...all.slice(3, 6)]));
  assert.equal(told(await verify(bench))[0], '1/2 removed');
});

test('finds a cut at every byte', async () => {
  const bench = await pairs();
  const whole = bench.segment();
  for (let cut = 0; cut < whole.length; cut += 7) {
    bench.replaceSegment(whole.subarray(0, cut));
    assert.not((await verify(bench)).ok, `cut at ${cut}`);
  }
});

test('finds whole groups cut off after the head was signed', async () => {
  const bench = await pairs();
  const whole = bench.segment();
  const end = frames(whole)[5]?.end;
  bench.replaceSegment(whole.subarray(0, end));
  assert.equal(told(await verify(bench)), ['1/4 truncated']);
});

test('finds a tail that was replaced by a well-formed, well-chained one', async () => {
  const bench = await pairs();
  const head = bench.copy();
  const whole = bench.segment();
  const end = frames(whole)[2]?.end ?? 0;
  bench.replaceSegment(whole.subarray(0, end));
  rmSync(join(bench.dir, 'head.json'));
  // An attacker with the program but another key goes on from the second record.
  const forger = journalBench();
  const kept = scanSegment(whole.subarray(0, end), 1, GENESIS);
  writeHead(bench.dir, { segment: 1, records: 2, offset: end, chain: kept.chain }, forger.signer);
  const journal = bench.open({ signer: forger.signer });
  await appendEach(journal, [10, 11, 12, 13, 14, 15]);
  await journal.close();
  assert.equal(told(await verify(bench)), ['1/-1 bad-signature']);
  copyFileSync(join(head.dir, 'head.json'), join(bench.dir, 'head.json'));
  assert.equal(told(await verify(bench)), ['1/0 edited']);
});

test('finds a missing segment, at the end too, and an exchanged one', async () => {
  const bench = journalBench();
  const journal = bench.open({ limits: { maxSegmentBytes: 400 } });
  await appendEach(journal, [1, 2, 3, 4, 5, 6, 7, 8]);
  await journal.close();
  const last = (await verify(bench)).segments;
  const gone = bench.copy();
  rmSync(join(gone.dir, 'journal-00000002.seg'));
  assert.equal(told(await verify(gone)), ['2/-1 missing-segment']);
  const short = bench.copy();
  rmSync(join(short.dir, `journal-0000000${last}.seg`));
  assert.equal(told(await verify(short)), [`${last}/-1 missing-segment`]);
  const exchanged = bench.copy();
  writeFileSync(join(exchanged.dir, 'journal-00000002.seg'), exchanged.segment(3));
  assert.ok(told(await verify(exchanged)).includes('2/-1 bad-header'));
});

test('finds a trailer that another key signed', async () => {
  const bench = journalBench();
  const journal = bench.open({ limits: { maxSegmentBytes: 200 } });
  await appendEach(journal, [1, 2, 3]);
  await journal.close();
  const stranger = journalBench();
  const report = await verifyJournal(bench.dir, { publicKey: stranger.signer.publicKey });
  assert.ok(report.faults.every((fault) => fault.kind === 'bad-signature'));
  assert.ok(report.faults.length >= 2);
});

test('says when signatures were not checked', async () => {
  const report = await verifyJournal((await pairs()).dir);
  assert.ok(report.ok);
  assert.not(report.isSigned);
});

test('chains a group over the one before and its records', () => {
  const one = nextChain(GENESIS, Buffer.from('a'));
  assert.not.equal(nextChain(one, Buffer.from('b')), nextChain(GENESIS, Buffer.from('b')));
});

test.run();
