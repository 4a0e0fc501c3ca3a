/**
 * One contender in a process of its own: engines that share one distort each other's code. Told what to be in its arguments, it answers
 * requests over the channel of `fork`.
 */
import type { PolicyInput } from '../../../engine/contract/input.ts';
import { outcomeText, permissionText } from './contender.ts';
import { makeContender, type Subject, subjectInputs } from './make-contender.ts';

export type Request =
  /** What it decides for the first inputs, in full and as permission only. */
  | { readonly ask: 'outcomes'; readonly count: number }
  /** Nanoseconds a decision takes, over so many milliseconds and some of the inputs. */
  | {
      readonly ask: 'time';
      readonly ms: number;
      readonly clock: Clock;
      readonly from: number;
      readonly count: number;
    }
  /** Bytes a decision leaves behind; needs `--expose-gc` and a young generation that is not collected meanwhile. */
  | { readonly ask: 'garbage'; readonly decisions: number; readonly ms: number };

/** `cpu`: time of this thread only, so that other work of the machine counts for nobody. `wall`: what passes, as programs measure that cannot tell. */
export type Clock = 'cpu' | 'wall';

export type Answer =
  | { readonly full: readonly string[]; readonly permissions: readonly string[] }
  | { readonly ns: number }
  | { readonly bytes: number; readonly decisions: number };

/** Bytes of garbage one measurement may make: below the young generation it is started with. */
const GARBAGE_BYTES = 256 * 1024 * 1024;
/** Nanoseconds between two looks at the clock, at least. */
const BATCH_NS = 200_000;

const subject = JSON.parse(process.argv[2] ?? '') as Subject;
const inputs = subjectInputs(subject);
const contender = makeContender(subject);
/** Kept, so that no decision is without use. */
let seen = 0;

function decideMany(given: readonly PolicyInput[], from: number, count: number): void {
  for (let at = from; at < from + count; at += 1) {
    const input = given[at % given.length];
    if (input !== undefined) seen += contender.decide(input).reasons.length;
  }
}

function nanoseconds(clock: Clock): number {
  if (clock === 'cpu') {
    const { user, system } = process.threadCpuUsage();
    return (user + system) * 1e3;
  }
  return performance.now() * 1e6;
}

function timeFor(ms: number, given: readonly PolicyInput[], clock: Clock): number {
  const start = nanoseconds(clock);
  let count = 0;
  let batch = 1;
  let spentNs = 0;
  while (spentNs < ms * 1e6) {
    decideMany(given, count, batch);
    count += batch;
    const nowNs = nanoseconds(clock) - start;
    if (nowNs - spentNs < BATCH_NS) batch *= 2;
    spentNs = nowNs;
  }
  return spentNs / count;
}

/** Without a collection in between, growth of the heap is what decisions leave behind. */
function garbage(decisions: number, ms: number): { bytes: number; decisions: number } {
  timeFor(ms, inputs, 'cpu');
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error('started without --expose-gc');
  const grown = (count: number): number => {
    collect();
    const before = process.memoryUsage().heapUsed;
    decideMany(inputs, 0, count);
    return (process.memoryUsage().heapUsed - before) / count;
  };
  const first = Math.max(1, grown(INPUT_ROUNDS * inputs.length));
  const fitting = Math.min(decisions, Math.floor(GARBAGE_BYTES / first));
  const timed = Math.floor((ms * 4e6) / Math.max(1, timeFor(ms, inputs, 'cpu')));
  const count = Math.max(inputs.length, Math.min(fitting, timed));
  return { bytes: Math.max(0, grown(count)), decisions: count };
}

/** Rounds over all inputs by which garbage is estimated first. */
const INPUT_ROUNDS = 2;

function answer(request: Request): Answer {
  switch (request.ask) {
    case 'outcomes': {
      const outcomes = inputs.slice(0, request.count).map((input) => contender.decide(input));
      return { full: outcomes.map(outcomeText), permissions: outcomes.map(permissionText) };
    }
    case 'time': {
      const given = inputs.slice(request.from, request.from + request.count);
      return { ns: timeFor(request.ms, given, request.clock) };
    }
    case 'garbage':
      return garbage(request.decisions, request.ms);
  }
}

process.on('message', (request: Request) => process.send?.(answer(request)));
process.on('disconnect', () => process.exit(seen >= 0 ? 0 : 1));
