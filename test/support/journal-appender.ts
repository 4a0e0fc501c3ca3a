/**
 * A process that appends as fast as it can until it is killed, and says on standard output which numbers the journal has
 * acknowledged: `a <number>` after `written`, `A <number>` after `synced`. Arguments: directory, key, first number.
 */
import { writeSync } from 'node:fs';
import { openJournal } from '../../proxy/journal/journal.ts';
import { loadSigner } from '../../proxy/journal/signer.ts';
import { numbered } from './journal-dir.ts';

const [dir = '', key = '', first = '0'] = process.argv.slice(2);
const journal = openJournal(dir, {
  signer: loadSigner(key),
  limits: { maxSegmentBytes: 256 * 1024, headEveryMs: 20 },
});
writeSync(1, 'open\n');
let next = Number(first);

async function appendForEver(durability: 'written' | 'synced'): Promise<never> {
  for (;;) {
    const number = next;
    next += 1;
    await journal.append(numbered(number, 'y'.repeat(number % 500)), durability);
    writeSync(1, `${durability === 'written' ? 'a' : 'A'} ${number}\n`);
  }
}
for (let worker = 0; worker < 12; worker += 1) {
  void appendForEver(worker % 4 === 0 ? 'synced' : 'written');
}
