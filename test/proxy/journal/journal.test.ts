import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ProxyError } from '../../../proxy/error.ts';
import { openJournal } from '../../../proxy/journal/journal.ts';
import { readJournal } from '../../../proxy/journal/read.ts';
import { loadSigner } from '../../../proxy/journal/signer.ts';
import { verifyJournal } from '../../../proxy/journal/verify.ts';
import { SEGMENT_FILES, type SegmentFiles } from '../../../proxy/journal/writer.ts';
import { appendEach, journalBench, numbered } from '../../support/journal-dir.ts';

const test = suite('proxy/journal/journal');

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof ProxyError ? error.code : String(error);
  }
  return 'no error';
}

async function codeOfAsync(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof ProxyError ? error.code : String(error)),
  );
}

test('reads back what was appended, in order, across restarts', async () => {
  const bench = journalBench();
  for (const part of [[1, 2], [3], [4, 5]]) {
    const journal = bench.open();
    await appendEach(journal, part);
    await journal.close();
  }
  assert.equal(await bench.numbers(), [1, 2, 3, 4, 5]);
  const report = await verifyJournal(bench.dir, { publicKey: bench.signer.publicKey });
  assert.equal(report, {
    ok: true,
    segments: 1,
    records: 5,
    faults: [],
    isCut: false,
    isSigned: true,
  });
});

test('names each record by segment and index', async () => {
  const bench = journalBench();
  const journal = bench.open();
  const ids = await Promise.all([1, 2, 3].map((n) => journal.append(numbered(n), 'written')));
  assert.equal(ids, ['1-0', '1-1', '1-2']);
  await journal.close();
});

test('writes all records of one turn at once', async () => {
  const bench = journalBench();
  let writes = 0;
  const files: SegmentFiles = {
    ...SEGMENT_FILES,
    write: (...args) => {
      writes += 1;
      return SEGMENT_FILES.write(...args);
    },
  };
  const journal = bench.open({ files });
  await Promise.all(Array.from({ length: 100 }, (_, n) => journal.append(numbered(n), 'written')));
  assert.is(writes, 1);
  await journal.close();
});

test('resolves `written` before and `synced` only after fdatasync', async () => {
  const bench = journalBench();
  const pending: (() => void)[] = [];
  const files: SegmentFiles = {
    ...SEGMENT_FILES,
    sync: (_fd, done) => void pending.push(() => done(null)),
  };
  const journal = bench.open({ files });
  let isSynced = false;
  const synced = journal.append(numbered(1), 'synced').then(() => {
    isSynced = true;
  });
  await journal.append(numbered(2), 'written');
  assert.not(isSynced);
  assert.is(pending.length, 1);
  pending.shift()?.();
  await synced;
  const closing = journal.close();
  pending.shift()?.();
  await closing;
});

test('keeps one fdatasync in flight and covers what came meanwhile with the next', async () => {
  const bench = journalBench();
  const pending: (() => void)[] = [];
  const files: SegmentFiles = {
    ...SEGMENT_FILES,
    sync: (_fd, done) => void pending.push(() => done(null)),
  };
  const journal = bench.open({ files });
  const first = journal.append(numbered(1), 'synced');
  await journal.append(numbered(2), 'written');
  const second = journal.append(numbered(3), 'synced');
  await journal.append(numbered(4), 'written');
  assert.is(pending.length, 1);
  pending.shift()?.();
  await first;
  assert.is(pending.length, 1);
  pending.shift()?.();
  await second;
  await journal.close();
});

test('fsyncs a written record that nobody waits for', async () => {
  const bench = journalBench();
  const done = Promise.withResolvers<void>();
  const files: SegmentFiles = {
    ...SEGMENT_FILES,
    sync: (fd, callback) => {
      SEGMENT_FILES.sync(fd, callback);
      done.resolve();
    },
  };
  const journal = bench.open({ files });
  await journal.append(numbered(1), 'written');
  await done.promise;
  await journal.close();
});

test('begins a new segment when one is full, chained and signed', async () => {
  const bench = journalBench();
  const journal = bench.open({ limits: { maxSegmentBytes: 600 } });
  await appendEach(
    journal,
    Array.from({ length: 20 }, (_, n) => n),
  );
  const last = await journal.append(numbered(20), 'synced');
  assert.ok(Number(last.split('-')[0]) > 3);
  await journal.close();
  assert.is((await bench.numbers()).length, 21);
  const report = await verifyJournal(bench.dir, { publicKey: bench.signer.publicKey });
  assert.ok(report.ok, JSON.stringify(report.faults));
  assert.ok(report.segments > 3);
  const again = bench.open({ limits: { maxSegmentBytes: 600 } });
  await appendEach(again, [21]);
  await again.close();
  assert.is((await bench.numbers()).at(-1), 21);
});

test('rejects every append once a write failed, and leaves no half record', async () => {
  const bench = journalBench();
  let left = 500;
  const files: SegmentFiles = {
    ...SEGMENT_FILES,
    write: (fd, bytes, offset, length, position) => {
      if (left === 0) throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
      const part = Math.min(length, left);
      left -= part;
      return SEGMENT_FILES.write(fd, bytes, offset, part, position);
    },
  };
  let told = '';
  const journal = bench.open({
    files,
    onFailure: (error) => {
      told = error.code;
    },
  });
  await appendEach(journal, [1, 2]);
  const third = journal.append(numbered(3, 'z'.repeat(400)), 'written');
  assert.is(await codeOfAsync(third), 'journal/unavailable');
  assert.is(await codeOfAsync(journal.append(numbered(4), 'written')), 'journal/unavailable');
  assert.is(told, 'journal/unavailable');
  assert.is(await codeOfAsync(journal.close()), 'journal/unavailable');
  assert.equal(await bench.numbers(), [1, 2]);
  const again = bench.open();
  await appendEach(again, [5]);
  await again.close();
  assert.equal(await bench.numbers(), [1, 2, 5]);
});

test('goes on after a write that came short', async () => {
  const bench = journalBench();
  const files: SegmentFiles = {
    ...SEGMENT_FILES,
    write: (fd, bytes, offset, length, position) =>
      SEGMENT_FILES.write(fd, bytes, offset, Math.min(length, 7), position),
  };
  const journal = bench.open({ files });
  await appendEach(journal, [1, 2]);
  await journal.close();
  assert.equal(await bench.numbers(), [1, 2]);
});

test('stops when its head can no longer be signed', async () => {
  const bench = journalBench();
  const failed = Promise.withResolvers<string>();
  // The head's own timer keeps no process alive.
  const alive = setInterval(() => undefined, 1_000);
  const journal = bench.open({
    limits: { headEveryMs: 1 },
    onFailure: (error) => failed.resolve(error.code),
  });
  await appendEach(journal, [1]);
  rmSync(bench.dir, { recursive: true });
  await appendEach(journal, [2]).catch(() => undefined);
  assert.is(await failed.promise, 'journal/unavailable');
  clearInterval(alive);
  assert.is(await codeOfAsync(journal.append(numbered(3), 'written')), 'journal/unavailable');
  assert.is(await codeOfAsync(journal.close()), 'journal/unavailable');
});

test('never acknowledges what could not be fsynced, nor anything after it', async () => {
  const bench = journalBench();
  const files: SegmentFiles = {
    ...SEGMENT_FILES,
    sync: (_fd, done) => setImmediate(done, new Error('EIO')),
  };
  const journal = bench.open({ files });
  assert.is(await codeOfAsync(journal.append(numbered(1), 'synced')), 'journal/unavailable');
  assert.is(await codeOfAsync(journal.append(numbered(2), 'written')), 'journal/unavailable');
  assert.is(await codeOfAsync(journal.close()), 'journal/unavailable');
});

test('rejects a record that is too large and goes on', async () => {
  const bench = journalBench();
  const journal = bench.open({ limits: { maxRecordBytes: 1000 } });
  assert.is(
    await codeOfAsync(journal.append(numbered(1, 'é'.repeat(600)), 'written')),
    'limit/exceeded',
  );
  await appendEach(journal, [2]);
  await journal.close();
  assert.equal(await bench.numbers(), [2]);
});

test('keeps text of every plane as it was', async () => {
  const bench = journalBench();
  const journal = bench.open();
  const cause = 'naïve 漢字 🙂 \u0000 \ud800 end';
  await journal.append(numbered(1, cause), 'written');
  await journal.close();
  for await (const { entry } of readJournal(bench.dir)) {
    assert.is(entry.type === 'session.closed' && entry.cause, cause);
  }
});

test('filters by type, session, time and place', async () => {
  const bench = journalBench();
  const journal = bench.open();
  await appendEach(journal, [1, 2, 3, 4]);
  await journal.append({ ...numbered(5), at: '2026-11-22T00:00:00.000000000Z' }, 'written');
  await journal.close();
  const read = async (filter: Parameters<typeof readJournal>[1]): Promise<string[]> => {
    const ids: string[] = [];
    for await (const { id } of readJournal(bench.dir, filter)) ids.push(id);
    return ids;
  };
  assert.equal(await read({ session: 's1' }), ['1-0', '1-3']);
  assert.equal(await read({ types: ['session.opened'] }), []);
  assert.equal(await read({ since: '2026-11-21T12:00:00Z' }), ['1-4']);
  assert.equal(await read({ until: '2026-11-21T12:00:00Z', after: '1-1' }), ['1-2', '1-3']);
});

test('can be read while it is written', async () => {
  const bench = journalBench();
  const journal = bench.open();
  await appendEach(journal, [1, 2]);
  assert.equal(await bench.numbers(), [1, 2]);
  assert.ok((await verifyJournal(bench.dir)).ok);
  await journal.close();
});

test('refuses a second writer in this process and in another', async () => {
  const bench = journalBench();
  const journal = bench.open();
  assert.is(
    codeOf(() => bench.open()),
    'journal/unavailable',
  );
  const appender = new URL('../../support/journal-appender.ts', import.meta.url).pathname;
  const key = join(bench.dir, '..', 'journal.key');
  const other = spawnSync(process.execPath, [appender, bench.dir, key], { encoding: 'utf8' });
  assert.match(other.stderr, `is in use by process ${process.pid}`);
  await journal.close();
  await bench.open().close();
});

test('refuses a directory that cannot be made', () => {
  const bench = journalBench();
  const path = join(bench.dir, '..', 'file');
  writeFileSync(path, '');
  const { signer } = bench;
  assert.is(
    codeOf(() => openJournal(join(path, 'journal'), { signer })),
    'journal/unavailable',
  );
});

test('makes a key that only its owner can read, once', () => {
  const bench = journalBench();
  const path = join(bench.dir, '..', 'journal.key');
  assert.is(statSync(path).mode & 0o777, 0o600);
  assert.is(loadSigner(path).publicKey, bench.signer.publicKey);
});

test('refuses a key that others can read, or that is none', () => {
  const bench = journalBench();
  const path = join(bench.dir, '..', 'other.key');
  writeFileSync(path, 'not a key', { mode: 0o600 });
  assert.is(
    codeOf(() => loadSigner(path)),
    'journal/unavailable',
  );
  const open = join(bench.dir, '..', 'open.key');
  writeFileSync(open, 'whatever', { mode: 0o644 });
  assert.is(
    codeOf(() => loadSigner(open)),
    'journal/unavailable',
  );
});

test('leaves nothing but its own files behind', async () => {
  const bench = journalBench();
  const journal = bench.open();
  await appendEach(journal, [1]);
  await journal.close();
  assert.equal(readdirSync(bench.dir).sort(), [
    'head.json',
    'journal-00000001.seg',
    'lock',
    'lock.owner',
  ]);
});

test.run();
