/**
 * Tells when policy files have changed on disk, once for a burst of changes. It reads nothing itself.
 */
import { type FSWatcher, watch } from 'node:fs';

/** Milliseconds of quiet after a change: editors and deployments write several files. */
export const SETTLE_MS = 150;

export interface PolicyWatch {
  close(): void;
}

/** Watches files and folders, with what is below them. `onFault` is told when a path can be watched no longer. */
export function watchPolicies(
  paths: readonly string[],
  onChange: () => void,
  onFault: (error: unknown) => void,
): PolicyWatch {
  let timer: NodeJS.Timeout | undefined;
  const watchers: FSWatcher[] = [];
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onChange, SETTLE_MS);
  };
  for (const path of paths) {
    try {
      const watcher = watch(path, { recursive: true, persistent: false }, changed);
      watcher.on('error', onFault);
      watchers.push(watcher);
    } catch (error) {
      onFault(error);
    }
  }
  return {
    close() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}
