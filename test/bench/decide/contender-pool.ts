/** Contenders in processes of their own, asked one at a time. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { INPUT_COUNT } from './contender.ts';
import type { Answer, Request } from './contender-process.ts';
import type { Subject } from './make-contender.ts';

const PROGRAM = join(import.meta.dirname, 'contender-process.ts');
/** Megabytes of young generation for measuring garbage: none of it is collected while it is counted. */
const YOUNG_MB = 1_024;

export interface RunningContender {
  readonly subject: Subject;
  outcomes(
    count: number,
  ): Promise<{ readonly full: readonly string[]; readonly permissions: readonly string[] }>;
  /** Nanoseconds of its own a decision, over the first inputs only where a count is given. */
  time(ms: number, first?: number): Promise<number>;
  /** Nanoseconds a decision over one input, by the clock on the wall. */
  timeOne(ms: number, input: number): Promise<number>;
  garbage(
    decisions: number,
    ms: number,
  ): Promise<{ readonly bytes: number; readonly decisions: number }>;
  stop(): void;
}

/** Starts one; `forGarbage` gives it a young generation that is not collected meanwhile. */
export function startContender(subject: Subject, forGarbage = false): RunningContender {
  const child = fork(PROGRAM, [JSON.stringify(subject)], {
    execArgv: forGarbage
      ? ['--expose-gc', `--min-semi-space-size=${YOUNG_MB}`, `--max-semi-space-size=${YOUNG_MB}`]
      : [],
  });
  const ask = async (request: Request): Promise<Answer> => {
    const failed = once(child, 'exit').then(([code]) => {
      throw new Error(`${subject.engine} at ${subject.rules} rules exited with ${code}`);
    });
    child.send(request);
    const [answer] = await Promise.race([once(child, 'message'), failed]);
    return answer as Answer;
  };
  const time = async (request: Request): Promise<number> => {
    const answer = await ask(request);
    if ('ns' in answer) return answer.ns;
    throw new TypeError('another answer than asked for');
  };
  return {
    subject,
    async outcomes(count) {
      const answer = await ask({ ask: 'outcomes', count });
      if ('full' in answer) return answer;
      throw new TypeError('another answer than asked for');
    },
    time: (ms, first) =>
      time({ ask: 'time', ms, clock: 'cpu', from: 0, count: first ?? INPUT_COUNT }),
    timeOne: (ms, input) => time({ ask: 'time', ms, clock: 'wall', from: input, count: 1 }),
    async garbage(decisions, ms) {
      const answer = await ask({ ask: 'garbage', decisions, ms });
      if ('bytes' in answer) return answer;
      throw new TypeError('another answer than asked for');
    },
    stop: () => void child.disconnect(),
  };
}
