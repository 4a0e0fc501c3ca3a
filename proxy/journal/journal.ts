/**
 * The journal as the composition root holds it: locked, recovered, appended to, its signed head kept up to date.
 */
import { mkdirSync } from 'node:fs';
import { ProxyError } from '../error.ts';
import type { JournalPort } from '../gate/ports.ts';
import { type JournalState, writeHead, writeHeadSoon } from './head.ts';
import { DEFAULT_JOURNAL_LIMITS, type JournalLimits } from './limits.ts';
import { lockDirectory } from './lock.ts';
import { recoverJournal } from './recover.ts';
import type { JournalSigner } from './signer.ts';
import { createWriter, SEGMENT_FILES, type SegmentFiles } from './writer.ts';

export interface JournalOptions {
  readonly signer: JournalSigner;
  readonly limits?: Partial<JournalLimits>;
  /** Told once, when the journal has failed for good. */
  readonly onFailure?: (error: ProxyError) => void;
  /** System calls; the real ones when undefined. */
  readonly files?: SegmentFiles;
}

export interface Journal extends JournalPort {
  readonly dir: string;
  /** Bytes of an unfinished write that recovery moved aside at the start. */
  readonly tornBytes: number;
  /** Writes and fsyncs everything, signs the head, gives the directory up. Idempotent; rejects when the journal had failed. */
  close(): Promise<void>;
}

/**
 * Opens the journal in `dir`, made when absent. Throws `ProxyError`: `journal/unavailable` (in use, not writable) or
 * `journal/damaged` (which record, and what to do).
 */
export function openJournal(dir: string, options: JournalOptions): Journal {
  const { signer, onFailure = () => {}, files = SEGMENT_FILES } = options;
  const limits = { ...DEFAULT_JOURNAL_LIMITS, ...options.limits };
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw unusable(dir, cause);
  }
  const lock = lockDirectory(dir);
  let headTimer: NodeJS.Timeout | undefined;
  let durable: JournalState | undefined;
  let closing: Promise<void> | undefined;

  try {
    const { state, tornBytes } = recoverJournal(dir, signer);
    let signing: Promise<void> = Promise.resolve();
    const signHead = (): void => {
      headTimer = undefined;
      const reached = durable;
      durable = undefined;
      if (reached === undefined) return;
      // A journal whose end can no longer be vouched for is one that cannot be written.
      signing = signing
        .then(() => writeHeadSoon(dir, reached, signer))
        .catch((error: unknown) => writer.fail(error));
    };
    const writer = createWriter({
      dir,
      state,
      signer,
      limits,
      files,
      onFailure,
      onSynced: (reached) => {
        durable = reached;
        if (headTimer !== undefined) return;
        headTimer = setTimeout(signHead, limits.headEveryMs);
        headTimer.unref();
      },
    });
    const close = async (): Promise<void> => {
      try {
        const end = await writer.close();
        clearTimeout(headTimer);
        await signing;
        writeHead(dir, end, signer);
      } finally {
        clearTimeout(headTimer);
        await signing;
        lock.release();
      }
    };
    return {
      dir,
      tornBytes,
      append: writer.append,
      close: () => {
        closing ??= close();
        return closing;
      },
    };
  } catch (error) {
    lock.release();
    throw error instanceof ProxyError ? error : unusable(dir, error);
  }
}

function unusable(dir: string, cause: unknown): ProxyError {
  return new ProxyError('journal/unavailable', `the journal directory \`${dir}\` cannot be used`, {
    cause,
    hint: 'The gateway must be able to create and write files there.',
  });
}
