/**
 * Differential fuzzing against the real OPA: generated modules, data and inputs are evaluated here and there, and every difference
 * in acceptance, definedness or result is shrunk and printed. The same seed finds the same cases.
 *
 * Usage: npm run -s fuzz:opa -- --seconds 60 --seed 1 [--engine interpret|compiled]
 * Closes with one JSON line and exits 1 when a difference is not on the list of meant ones.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import type { EngineName } from '../../engine/evaluate.ts';
import { findOpa } from '../support/opa.ts';
import { type DifferenceKind, differenceOf } from './compare-outcomes.ts';
import { BASE_DOCUMENT, type FuzzCase, generateCase } from './generate-module.ts';
import { KNOWN_DIFFERENCES } from './known-differences.ts';
import { makeOpaReference } from './opa-reference.ts';
import { startOpaServer } from './opa-server.ts';
import { canonicalJson, evaluateHere } from './own-engine.ts';

/** Numbers on a tape: what a case can be made of. */
const TAPE_LENGTH = 320;
/** Differences after which the run ends early: one fault tends to be found many times. */
const MAX_DIFFERENCES = 20;
/** Milliseconds that making one difference smaller may take. */
const SHRINK_MS = 8_000;
/** Milliseconds of the processor a case may take here; beyond, it is reported whatever its outcome. */
const OWN_DEADLINE_MS = 5_000;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    engine: { type: 'string', default: 'interpret' },
  },
});
const { engine } = values;
if (engine !== 'compiled' && engine !== 'interpret') {
  console.error(`there is no engine ${engine}, only compiled and interpret`);
  process.exit(2);
}

const program = findOpa();
if (program === undefined) {
  console.error('opa is not installed: go install github.com/open-policy-agent/opa@v1.21.1');
  process.exit(2);
}
const server = await startOpaServer(program, BASE_DOCUMENT);
const reference = makeOpaReference(program, BASE_DOCUMENT);
const tapes = fc.array(fc.nat(1_000_000), { minLength: 40, maxLength: TAPE_LENGTH, size: 'max' });
const counts = { cases: 0, accepted: 0, rejected: 0, failed: 0, timeouts: 0 };
const known: Record<string, number> = {};
type FoundKind = DifferenceKind | 'too-slow-here';
const found: { kind: FoundKind; example: FuzzCase }[] = [];

async function differenceIn(
  example: FuzzCase,
  engineName: EngineName,
): Promise<FoundKind | undefined> {
  const answer = server.evaluate(example.modules, example.input);
  // OPA compiles on the other core meanwhile.
  const before = process.cpuUsage();
  const own = evaluateHere(example, engineName);
  const isTooSlow = process.cpuUsage(before).user > OWN_DEADLINE_MS * 1000;
  const opa = await answer;
  if (isTooSlow) return 'too-slow-here';
  counts.cases += 1;
  if (opa.kind === 'value') counts.accepted += 1;
  else if (opa.kind === 'timeout') counts.timeouts += 1;
  else counts[opa.kind] += 1;
  const kind = differenceOf(own, opa, canonicalJson);
  if (kind === undefined) return undefined;
  const meant = KNOWN_DIFFERENCES.find((each) =>
    each.covers({ kind, example, own, opa, reference }),
  );
  if (meant === undefined) return kind;
  known[meant.id] = (known[meant.id] ?? 0) + 1;
  return undefined;
}

async function report(example: FuzzCase, engineName: EngineName): Promise<void> {
  const kind = await differenceIn(example, engineName);
  if (kind === undefined) return;
  found.push({ kind, example });
  console.log(`--- ${kind}\n${example.modules.join('\n')}input: ${example.input}`);
  console.log(`here: ${JSON.stringify(evaluateHere(example, engineName))}`);
  console.log(`opa:  ${JSON.stringify(await server.evaluate(example.modules, example.input))}`);
}

const end = Date.now() + Number(values.seconds) * 1000;
for (
  let seed = Number(values.seed);
  Date.now() < end && found.length < MAX_DIFFERENCES;
  seed += 1
) {
  let until = end;
  const outcome = await fc.check(
    fc.asyncProperty(tapes, async (tape) => {
      if (Date.now() >= until) return true;
      if ((await differenceIn(generateCase(tape), engine)) === undefined) return true;
      until = Math.min(until, Date.now() + SHRINK_MS);
      return false;
    }),
    { seed, numRuns: 1000 },
  );
  const [tape] = outcome.counterexample ?? [];
  if (tape !== undefined) await report(generateCase(tape), engine);
}
server.stop();
console.log(
  JSON.stringify({
    engine,
    seed: Number(values.seed),
    seconds: Number(values.seconds),
    ...counts,
    known,
    differences: found.length,
  }),
);
process.exit(found.length > 0 ? 1 : 0);
