/** The engine beside the real OPA, where OPA is: the same text, the same inputs, results compared first. */
import { findOpa } from '../../support/opa.ts';
import { startContender } from './contender-pool.ts';
import { type Goal, median, medianRatio, printFigure } from './figures.ts';
import { policyText, type Subject, subjectInputs } from './make-contender.ts';
import { assertSame, COMPARED, type Plan } from './measure.ts';
import { makeOpaBench } from './opa-bench.ts';

const GOAL: Goal = { least: 100 };
/** Rounds of `opa bench`, each over another input; one takes a second or two. */
const MOST_ROUNDS = 3;
const SCANNED_RULES = 1_000;

export async function measureOpa(sizes: readonly number[], plan: Plan): Promise<void> {
  const opa = findOpa();
  if (opa === undefined) {
    console.log('SKIP: bench:decide: opa is not installed');
    return;
  }
  const keyed = sizes.flatMap((rules) => [
    { policy: 'sql' as const, rules },
    { policy: 'http' as const, rules },
  ]);
  for (const about of keyed) await measureOne(opa, about, plan, GOAL);
  for (const policy of ['comparison', 'prefix', 'regex'] as const)
    await measureOne(opa, { policy, rules: SCANNED_RULES }, plan, undefined);
}

async function measureOne(
  opa: string,
  about: Omit<Subject, 'engine'>,
  plan: Plan,
  goal: Goal | undefined,
): Promise<void> {
  const inputs = subjectInputs(about);
  const bench = makeOpaBench(opa, policyText(about));
  const contender = startContender({ engine: 'sallyport', ...about });
  const { full } = await contender.outcomes(COMPARED);
  assertSame('opa', about.rules, full, await bench.outcomes(inputs.slice(0, COMPARED)));
  await contender.time(plan.ms * 3);
  const [own, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < Math.min(MOST_ROUNDS, plan.rounds); round += 1) {
    const at = round * 7;
    const input = inputs[at];
    if (input === undefined) continue;
    theirs.push(await bench.time(input));
    own.push(await contender.timeOne(plan.ms, at));
  }
  contender.stop();
  bench.remove();
  const values = {
    ns: median(own),
    beside_ns: median(theirs),
    ratio: medianRatio(theirs, own),
  };
  printFigure('faster-than', { beside: 'opa', ...about }, values, 'ratio', goal);
}
