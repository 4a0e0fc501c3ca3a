/**
 * Runs a file of conformance cases and prints one JSON line: `{total, passed, failed, refused, unsupported: {reason: n}}`.
 *
 * Usage: node test/conformance/run.ts --cases FILE.jsonl [--engine interpret|compiled] [--list] [--only SUBSTRING]
 * Exit status: 0 when nothing failed, 1 when something did, 2 for wrong usage.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readCases } from './read-cases.ts';
import { runCase } from './run-case.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string' },
    list: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    engine: { type: 'string', default: 'compiled' },
  },
});
const file = values.cases;
if (file === undefined || !existsSync(file)) {
  console.error(file === undefined ? '--cases FILE.jsonl is needed' : `there is no file ${file}`);
  process.exit(2);
}

const engine = values.engine;
if (engine !== 'compiled' && engine !== 'interpret') {
  console.error(`there is no engine ${engine}, only compiled and interpret`);
  process.exit(2);
}

const cases = readCases(file).filter((test) => test.id.includes(values.only));
const unsupported: Record<string, number> = {};
const counts = { passed: 0, failed: 0, refused: 0 };
for (const test of cases) {
  const outcome = runCase(test, engine);
  counts[outcome.kind] += 1;
  if (outcome.kind === 'refused') {
    unsupported[outcome.reason] = (unsupported[outcome.reason] ?? 0) + 1;
  }
  if (values.list && outcome.kind === 'failed') {
    console.log(`${test.tier} ${test.id}: ${outcome.reason}`);
  }
}
console.log(JSON.stringify({ total: cases.length, ...counts, unsupported }));
process.exit(counts.failed > 0 ? 1 : 0);
