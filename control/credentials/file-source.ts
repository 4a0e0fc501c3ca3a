/**
 * `${file:path}` where a credential stands: read again when it is used, so that a mounted secret may be changed under a running
 * gateway.
 */
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type FetchedSecret, SecretFault, type SecretSource } from './secret-source.ts';

/** Milliseconds between two readings of a file that is used all the time. */
const FRESH_MS = 1_000;
/** Bytes of a file that can be a secret. */
const MAX_BYTES = 65_536;

/** Paths are relative to `base`. */
export function createFileSource(base: string): SecretSource {
  return {
    freshMs: FRESH_MS,
    async fetch(name): Promise<FetchedSecret> {
      const path = resolve(base, name);
      let text: string;
      try {
        if ((await stat(path)).size > MAX_BYTES) throw new SecretFault('the file is too large');
        text = await readFile(path, 'utf8');
      } catch (cause) {
        if (cause instanceof SecretFault) throw cause;
        const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
        throw new SecretFault(`the file cannot be read (${code})`, { cause });
      }
      const whole = text.replace(/\r?\n$/, '');
      // A file that is being written is empty for a moment; no target takes an empty credential.
      if (whole === '') throw new SecretFault('the file is empty');
      return { whole, fields: {} };
    },
  };
}
