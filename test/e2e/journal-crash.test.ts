import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { verifyJournal } from '../../proxy/journal/verify.ts';
import { type JournalBench, journalBench } from '../support/journal-dir.ts';

const test = suite('e2e/journal-crash');
const KILLS = 50;

/** Appends in another process, kills it at a moment of its own, and returns the numbers it saw acknowledged. */
function appendUntilKilled(bench: JournalBench, first: number, afterMs: number): Promise<number[]> {
  const appender = new URL('../support/journal-appender.ts', import.meta.url).pathname;
  const key = join(bench.dir, '..', 'journal.key');
  const child = spawn(process.execPath, [appender, bench.dir, key, String(first)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const isFirst = !output.includes(' ');
    output += chunk.toString();
    if (isFirst && output.includes(' ')) setTimeout(() => child.kill('SIGKILL'), afterMs);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on('close', () => {
      if (errors !== '') reject(new Error(errors));
      else resolve([...output.matchAll(/^[aA] (\d+)$/gm)].map((match) => Number(match[1])));
    });
  });
}

test('loses no acknowledged record to fifty kills under load', async () => {
  const bench = journalBench();
  const acknowledged = new Set<number>();
  let first = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const seen = await appendUntilKilled(bench, first, 5 + ((kill * 37) % 90));
    assert.ok(seen.length > 0, `kill ${kill}: nothing was acknowledged`);
    for (const number of seen) acknowledged.add(number);
    first = Math.max(first, ...seen) + 1_000;
  }
  // The last kill left a tail; opening is what recovers it.
  await bench.open().close();
  const kept = new Set(await bench.numbers());
  const lost = [...acknowledged].filter((number) => !kept.has(number));
  assert.equal(lost, []);
  const report = await verifyJournal(bench.dir, { publicKey: bench.signer.publicKey });
  assert.equal(report.faults, []);
  console.log(
    `${KILLS} kills: ${acknowledged.size} acknowledged, ${report.records} kept in ${report.segments} segments`,
  );
});

test.run();
