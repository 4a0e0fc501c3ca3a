/** Waits for Ctrl-C or SIGTERM; a second signal while things stop ends the process at once. */

/** Exit code of a stop that was forced. */
const FORCED = 3;

export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = (): void => {
      if (asked) process.exit(FORCED);
      asked = true;
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
