/** Work with pauses: a generator that gives way to the editor at each step and returns what it came to. */

/** The work without its pauses. */
export function finishSteps<T>(steps: Generator<undefined, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
