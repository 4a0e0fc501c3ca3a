/** Time and memory to compile keyed rules, each round in a fresh process. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Goal, median, printFigure } from './figures.ts';
import type { Plan } from './measure.ts';

const run = promisify(execFile);
const PROGRAM = join(import.meta.dirname, 'compile-process.ts');
/** The young generation is the one `sallyport` is started with: a larger one was no faster, and took up to 100 MB more. */
const OPTIONS = ['--expose-gc', '--max-semi-space-size=16'];
const MOST_ROUNDS = 3;
const TIME_GOALS: Readonly<Record<number, Goal>> = { 1000: { most: 300 }, 10000: { most: 2_000 } };
const MEMORY_GOALS: Readonly<Record<number, Goal>> = { 10000: { most: 200 } };

interface Compiled {
  readonly ms: number;
  readonly checkMs: number;
  readonly peakMb: number;
  readonly keptMb: number;
}

export async function measureCompile(sizes: readonly number[], plan: Plan): Promise<void> {
  for (const rules of sizes) {
    const rounds: Compiled[] = [];
    for (let round = 0; round < Math.min(MOST_ROUNDS, plan.rounds); round += 1) {
      const { stdout } = await run(process.execPath, [...OPTIONS, PROGRAM, String(rules)]);
      rounds.push(JSON.parse(stdout) as Compiled);
    }
    const of = (pick: (round: Compiled) => number): number => median(rounds.map(pick));
    const ms = of((round) => round.ms);
    const times = { ms, check_ms: of((round) => round.checkMs) };
    printFigure('compile', { rules }, times, 'ms', TIME_GOALS[rules]);
    const memory = { peak_mb: of((round) => round.peakMb), kept_mb: of((round) => round.keptMb) };
    printFigure('compile-memory', { rules }, memory, 'peak_mb', MEMORY_GOALS[rules]);
  }
}
