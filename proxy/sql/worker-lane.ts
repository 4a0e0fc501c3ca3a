/**
 * The lane of texts that are parsed off the main thread: a queue and one worker with a large stack. Whatever goes wrong with
 * a text (parser failure, time-out, dead thread) refuses that text and starts a new worker; the queue behind it goes on.
 */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { refuse } from '../gate/refusal.ts';
import type { PostgresMajor, SqlFacts } from './facts.ts';
import type { Parsed } from './parser.ts';

/** Measured: 4 MB overflow on a 125 kB chain of operators, 16 MB do not. */
const WORKER_STACK_MB = 16;

/** `.ts` where the sources run, `.js` in the published package. */
const ownExtension = extname(import.meta.url);

export interface LaneLimits {
  /** Texts that may wait; more are refused. */
  readonly queueLimit: number;
  /** Milliseconds one text may take. */
  readonly deadlineMs: number;
}

interface Job {
  readonly text: string;
  readonly settle: (facts: SqlFacts) => void;
}

const refused = (code: string, message: string): SqlFacts => ({
  ok: false,
  refusal: refuse('unavailable', code, message),
});

export class WorkerLane {
  private readonly majorVersion: PostgresMajor;
  private readonly limits: LaneLimits;
  private readonly queue: Job[] = [];
  private worker: Worker | undefined;
  private ready = false;
  private current: Job | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(majorVersion: PostgresMajor, limits: LaneLimits) {
    this.majorVersion = majorVersion;
    this.limits = limits;
  }

  /** Never rejects. */
  analyse(text: string): Promise<SqlFacts> {
    if (this.closed) return Promise.resolve(refused('sql/parser', 'the SQL parser has ended'));
    if (this.queue.length >= this.limits.queueLimit) {
      return Promise.resolve(refused('sql/busy', 'too many statements wait for analysis'));
    }
    return new Promise((settle) => {
      this.queue.push({ text, settle });
      this.next();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    const waiting = this.queue.splice(0);
    this.finish(refused('sql/parser', 'the SQL parser has ended'));
    for (const job of waiting) job.settle(refused('sql/parser', 'the SQL parser has ended'));
    await this.drop();
  }

  private next(): void {
    if (this.current !== undefined || this.closed) return;
    if (this.worker === undefined) this.start();
    if (!this.ready || this.worker === undefined) return;
    const job = this.queue.shift();
    if (job === undefined) {
      this.worker.unref();
      return;
    }
    this.current = job;
    this.worker.ref();
    this.timer = setTimeout(
      () => this.fail('sql/too-slow', 'the statement took too long to analyse'),
      this.limits.deadlineMs,
    );
    this.worker.postMessage(job.text);
  }

  private start(): void {
    const worker = new Worker(new URL(`./parser-worker${ownExtension}`, import.meta.url), {
      workerData: this.majorVersion,
      resourceLimits: { stackSizeMb: WORKER_STACK_MB },
    });
    this.worker = worker;
    this.ready = false;
    worker.on('message', (message: 'ready' | Parsed) => {
      if (worker !== this.worker) return;
      if (message === 'ready') {
        this.ready = true;
        this.next();
        return;
      }
      if (message.broken) void this.drop();
      this.finish(message.facts);
    });
    const ended = (): void => {
      if (worker === this.worker)
        this.fail('sql/parser', 'the SQL parser failed on this statement');
    };
    worker.on('error', ended);
    worker.on('exit', ended);
  }

  /** Refuses the text in work (or, when the worker cannot even start, the first that waits) and drops the worker. */
  private fail(code: string, message: string): void {
    void this.drop();
    if (this.current === undefined) this.current = this.queue.shift();
    this.finish(refused(code, message));
  }

  private finish(facts: SqlFacts): void {
    clearTimeout(this.timer);
    const job = this.current;
    this.current = undefined;
    job?.settle(facts);
    if (this.queue.length > 0) this.next();
    else this.worker?.unref();
  }

  private async drop(): Promise<void> {
    const worker = this.worker;
    this.worker = undefined;
    this.ready = false;
    await worker?.terminate();
  }
}
