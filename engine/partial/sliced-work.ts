/**
 * Work that is done in slices between other work, one piece after the other: what would hold up everybody for a tenth of a second holds
 * nobody up for long.
 */
import type { MonotonicClock } from '../run/limits.ts';

/** Milliseconds of a slice. */
export const SLICE_MS = 5;

/** Runs a slice when there is time, never at once. */
export type Schedule = (slice: () => void) => void;

/** A piece of work: goes on for a while with each `next`; `finish` or `fail` ends it. */
interface Piece {
  readonly work: Iterator<undefined, void, undefined>;
  readonly fail: (cause: unknown) => void;
}

export class SlicedWork {
  readonly #schedule: Schedule;
  readonly #clock: MonotonicClock;
  readonly #waiting: Piece[] = [];
  #worked = 0;
  #since: number | undefined;

  constructor(schedule: Schedule, clock: MonotonicClock) {
    this.#schedule = schedule;
    this.#clock = clock;
  }

  /** Milliseconds that slices took, the running one among them: the time between them does not count against the work. */
  readonly worked: MonotonicClock = () =>
    this.#worked + (this.#since === undefined ? 0 : this.#clock() - this.#since);

  /** Pieces that are not done. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Begins a piece of work behind those that wait. */
  add(work: Piece['work'], fail: Piece['fail']): void {
    this.#waiting.push({ work, fail });
    if (this.#waiting.length === 1) this.#schedule(() => this.#slice());
  }

  #slice(): void {
    const [piece] = this.#waiting;
    if (piece === undefined) return;
    const start = this.#clock();
    this.#since = start;
    let isDone = false;
    try {
      while (!isDone && this.#clock() - start < SLICE_MS) isDone = piece.work.next().done === true;
    } catch (cause) {
      isDone = true;
      piece.fail(cause);
    } finally {
      this.#worked += this.#clock() - start;
      this.#since = undefined;
    }
    if (isDone) this.#waiting.shift();
    if (this.#waiting.length > 0) this.#schedule(() => this.#slice());
  }
}
