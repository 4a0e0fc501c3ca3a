/** What specialising for one session costs and gains: decisions by the whole policy beside decisions by what is left of it. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { median, medianRatio, printFigure } from './figures.ts';
import type { Plan } from './measure.ts';

const PROGRAM = join(import.meta.dirname, 'partial-process.ts');
/** What the rules ask of the identity, see partial-process.ts, and how many there are. */
const POLICIES = [
  ['keyed', 30],
  ['keyed', 1_000],
  ['teams', 1_000],
  ['matched', 1_000],
  ['roles', 1_000],
] as const;

interface Measured {
  readonly ns: number;
  readonly specialiseMs: number;
  readonly left: number;
}

/** One line for each policy; rounds of both sides take turns, each in a process of its own. */
export function measurePartial({ rounds, ms }: Plan): void {
  for (const [policy, rules] of POLICIES) {
    const run = (mode: 'whole' | 'specialised'): Measured => {
      const args = [PROGRAM, policy, String(rules), mode, String(ms)];
      return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Measured;
    };
    const pairs = Array.from({ length: rounds }, () => [run('whole'), run('specialised')] as const);
    const whole = pairs.map(([one]) => one.ns);
    const less = pairs.map(([, other]) => other.ns);
    printFigure(
      'partial',
      { policy, rules, beside: 'whole' },
      {
        ns: median(less),
        beside_ns: median(whole),
        ratio: medianRatio(less, whole),
        specialise_ms: median(pairs.map(([, other]) => other.specialiseMs)),
        rules_left: pairs[0]?.[1].left ?? 0,
      },
      'ratio',
    );
  }
}
