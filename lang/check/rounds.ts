/**
 * Places to try again, round by round, each round in ascending order: a place that is woken up while a round has not come to it yet is
 * tried in that round, otherwise in the next. What is tried, and when, is what trying every place in every round would do; what is
 * left out are tries that cannot end otherwise than before, so that a body in the worst order takes no quadratic time.
 */

export interface Rounds {
  /** Asks for a place to be tried again. */
  wake(at: number): void;
  /** The next place to try; undefined when nothing is left. */
  next(): number | undefined;
}

/** All of 0 to `size - 1` are tried in the first round. */
export function makeRounds(size: number): Rounds {
  let current = makeHeap(Array.from({ length: size }, (_, at) => at));
  let following = makeHeap([]);
  const waiting = new Set<number>();
  let reached = -1;
  return {
    wake(at) {
      if (waiting.has(at) || (at > reached && current.has(at))) return;
      if (at > reached) current.push(at);
      else {
        waiting.add(at);
        following.push(at);
      }
    },
    next() {
      let at = current.pop();
      if (at === undefined) {
        current = following;
        following = makeHeap([]);
        waiting.clear();
        at = current.pop();
      }
      reached = at ?? -1;
      return at;
    },
  };
}

/** All of 0 to `size - 1` are tried in each round, in time quadratic in the worst order; waking any place asks for another round. */
export function makeFullRounds(size: number): Rounds {
  let reached = 0;
  let isWoken = false;
  return {
    wake() {
      isWoken = true;
    },
    next() {
      if (reached === size && isWoken) {
        reached = 0;
        isWoken = false;
      }
      if (reached === size) return undefined;
      reached += 1;
      return reached - 1;
    },
  };
}

interface Heap {
  has(value: number): boolean;
  push(value: number): void;
  pop(): number | undefined;
}

/** A binary heap, smallest first; `values` must be in ascending order. */
function makeHeap(values: number[]): Heap {
  const held = new Set(values);
  const at = (index: number): number => values[index] ?? Number.POSITIVE_INFINITY;
  const swap = (a: number, b: number): void => {
    const [left, right] = [at(a), at(b)];
    values[a] = right;
    values[b] = left;
  };
  return {
    has: (value) => held.has(value),
    push(value) {
      held.add(value);
      let index = values.push(value) - 1;
      for (let parent = (index - 1) >> 1; index > 0 && at(parent) > at(index); ) {
        swap(parent, index);
        index = parent;
        parent = (index - 1) >> 1;
      }
    },
    pop() {
      const [first] = values;
      const last = values.pop();
      if (first === undefined || last === undefined) return undefined;
      held.delete(first);
      if (values.length === 0) return first;
      values[0] = last;
      for (let index = 0; ; ) {
        const left = 2 * index + 1;
        const smaller = at(left + 1) < at(left) ? left + 1 : left;
        if (at(smaller) >= at(index)) return first;
        swap(index, smaller);
        index = smaller;
      }
    },
  };
}
