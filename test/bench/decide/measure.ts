/** Measurements between processes of this project: the engine, the same policies by hand, Cedar. */

import { INPUT_COUNT } from './contender.ts';
import type { RunningContender } from './contender-pool.ts';
import { startContender } from './contender-pool.ts';
import { type Goal, median, medianRatio, printFigure } from './figures.ts';
import type { Shape } from './keyed-rules.ts';
import type { Engine, Subject } from './make-contender.ts';
import type { ScannedKind } from './scanned-policy.ts';

export interface Plan {
  readonly rounds: number;
  /** Milliseconds of one round of one contender. */
  readonly ms: number;
}

/** Inputs whose results are compared before anything is timed. */
export const COMPARED = 256;

/** Decisions over which garbage is counted. */
const GARBAGE_DECISIONS = 1_000_000;
const SCANNED_RULES = 1_000;

/** Ratios to hand-written code, by policy and size. */
const IDIOMATIC_GOALS: Readonly<Record<string, Goal>> = { 'fresh 30': { most: 0.9 } };
const INDEXED_GOALS: Readonly<Record<string, Goal>> = {
  'sql 30': { most: 1 },
  'sql 1000': { most: 1.1 },
  'sql 10000': { most: 0.7 },
};
const GROWTH_GOAL: Goal = { most: 2 };
const CEDAR_GOAL: Goal = { least: 1_000 };
const GARBAGE_GOAL: Goal = { most: 0 };

/** Keyed rules of one shape, at each size, beside both hand-written forms; then the growth over the sizes. */
export async function measureKeyed(
  shape: Shape,
  sizes: readonly number[],
  plan: Plan,
): Promise<void> {
  const own = new Map<number, number>();
  for (const rules of sizes) {
    const about = { policy: shape, rules };
    const times = await compare(['sallyport', 'idiomatic', 'hand-indexed'], about, plan);
    const [mine = [], idiomatic = [], indexed = []] = times;
    own.set(rules, median(mine));
    const key = `${shape} ${rules}`;
    const ns = median(mine);
    printFigure(
      'decision',
      { ...about, beside: 'idiomatic' },
      { ns, beside_ns: median(idiomatic), ratio: medianRatio(mine, idiomatic) },
      'ratio',
      IDIOMATIC_GOALS[key],
    );
    printFigure(
      'decision',
      { ...about, beside: 'hand-indexed' },
      { ns, beside_ns: median(indexed), ratio: medianRatio(mine, indexed) },
      'ratio',
      INDEXED_GOALS[key],
    );
  }
  const [least = 0, most = 0] = [Math.min(...sizes), Math.max(...sizes)];
  const ratio = (own.get(most) ?? Number.NaN) / (own.get(least) ?? Number.NaN);
  if (least < most)
    printFigure(
      'growth',
      { policy: shape, from: least, to: most },
      { ratio },
      'ratio',
      GROWTH_GOAL,
    );
}

/** Decisions found again beside the same made anew, no input frozen: how many times faster the cache is where actions repeat. */
export async function measureCached(sizes: readonly number[], plan: Plan): Promise<void> {
  for (const policy of ['sql', 'http'] as const)
    for (const rules of sizes) {
      const [made = [], found = []] = await compare(
        ['sallyport', 'cached'],
        { policy, rules },
        plan,
      );
      const ratio = medianRatio(made, found);
      const values = { ns: median(found), beside_ns: median(made), ratio };
      printFigure('cached', { policy, rules, beside: 'sallyport' }, values, 'ratio');
    }
}

/** Policies that no index helps, beside a loop over the rules. */
export async function measureScanned(plan: Plan): Promise<void> {
  const kinds: readonly ScannedKind[] = ['comparison', 'prefix', 'regex'];
  for (const policy of kinds) {
    const about = { policy, rules: SCANNED_RULES };
    const [mine = [], byHand = []] = await compare(['sallyport', 'idiomatic'], about, plan);
    printFigure(
      'not-indexed',
      { ...about, beside: 'idiomatic' },
      { ns: median(mine), beside_ns: median(byHand), ratio: medianRatio(mine, byHand) },
      'ratio',
    );
  }
}

/** Bytes left behind by a decision whose result was made before. */
export async function measureGarbage(sizes: readonly number[], plan: Plan): Promise<void> {
  for (const rules of sizes)
    for (const engine of ['sallyport', 'hand-indexed'] as const) {
      const contender = startContender({ engine, policy: 'sql', rules }, true);
      const { bytes, decisions } = await contender.garbage(GARBAGE_DECISIONS, plan.ms * 10);
      contender.stop();
      const goal = engine === 'sallyport' ? GARBAGE_GOAL : undefined;
      // Below half a byte it is the measurement itself: reading the heap's size makes some objects.
      const values = { bytes: Math.round(bytes), decisions };
      printFigure('garbage', { engine, rules }, values, 'bytes', goal);
    }
}

/** Cedar decides over one table, permit or deny: both sides are timed over the inputs that it can be asked, the first half. */
export async function measureCedar(sizes: readonly number[], plan: Plan): Promise<void> {
  for (const rules of sizes) {
    const contenders = startAll(['sallyport', 'cedar'], { policy: 'sql', rules });
    const [mine, cedar] = await Promise.all(contenders.map((each) => each.outcomes(COMPARED)));
    assertSame('cedar', rules, mine?.permissions ?? [], cedar?.permissions ?? []);
    const [own = [], other = []] = await timeAll(contenders, plan, INPUT_COUNT / 2);
    const ratio = medianRatio(other, own);
    const values = { ns: median(own), beside_ns: median(other), ratio };
    printFigure('faster-than', { beside: 'cedar', rules }, values, 'ratio', CEDAR_GOAL);
  }
}

/** Compares all outcomes, then times; nanoseconds of every round, in the order of the engines. */
async function compare(
  engines: readonly Engine[],
  about: Omit<Subject, 'engine'>,
  plan: Plan,
): Promise<readonly (readonly number[])[]> {
  const contenders = startAll(engines, about);
  const outcomes = await Promise.all(contenders.map((each) => each.outcomes(COMPARED)));
  for (const [at, engine] of engines.entries())
    assertSame(engine, about.rules, outcomes[0]?.full ?? [], outcomes[at]?.full ?? []);
  return timeAll(contenders, plan);
}

function startAll(
  engines: readonly Engine[],
  about: Omit<Subject, 'engine'>,
): readonly RunningContender[] {
  return engines.map((engine) => startContender({ engine, ...about }));
}

/** Interleaved rounds; the first warms up. Stops the contenders. */
async function timeAll(
  contenders: readonly RunningContender[],
  { rounds, ms }: Plan,
  first?: number,
): Promise<readonly (readonly number[])[]> {
  const times = contenders.map((): number[] => []);
  for (let round = 0; round <= rounds; round += 1)
    for (const [at, contender] of contenders.entries()) {
      const ns = await contender.time(ms, first);
      if (round > 0) times[at]?.push(ns);
    }
  for (const contender of contenders) contender.stop();
  return times;
}

/** Throws at the first result that differs: what decides otherwise is not worth timing. */
export function assertSame(
  other: string,
  rules: number,
  own: readonly string[],
  theirs: readonly string[],
): void {
  if (own.length === 0 || own.length !== theirs.length)
    throw new Error(`${other} at ${rules} rules gave ${theirs.length} results, not ${own.length}`);
  for (const [at, text] of own.entries())
    if (text !== theirs[at])
      throw new Error(
        `${other} at ${rules} rules decides input ${at} as ${theirs[at]}, not ${text}`,
      );
}
