/**
 * The way in when nothing else works: a sealed code for one identity, good for one use, and loud. The configuration holds the
 * hash of the code only; the code is in an envelope. Using it is recorded before it opens anything.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Refusal, refuse } from '../../proxy/gate/refusal.ts';
import type { TokenClaims } from './claims.ts';
import type { OnceStore, RecordEvent } from './ports.ts';

const PREFIX = 'sbg_';
const CODE_BYTES = 32;
const CODE = /^sbg_[A-Za-z0-9_-]{43}$/;
/** Characters of the hash that name a code in records. */
const ID_LENGTH = 16;

export interface BreakGlassEntry {
  readonly subject: string;
  readonly name: string;
  readonly groups: readonly string[];
  /** SHA-256 of the code, hex. 256 random bits need no slower hash. */
  readonly hash: string;
  readonly lifetimeMs: number;
}

export interface BreakGlassUse {
  readonly subject: string;
  readonly id: string;
  readonly expiresAtMs: number;
}

export interface BreakGlass {
  takes(token: string): boolean;
  /** Uses the code up. */
  open(code: string): Promise<TokenClaims | Refusal>;
}

export interface BreakGlassOptions {
  readonly entries: readonly BreakGlassEntry[];
  readonly store: OnceStore;
  readonly record: RecordEvent;
  /** Told of every use, and of every code that does not open. */
  readonly alert: (use: BreakGlassUse | 'refused') => void;
  readonly nowMs: () => number;
}

/** A new code with the hash for the configuration. */
export function sealCode(): { readonly code: string; readonly hash: string } {
  const code = `${PREFIX}${randomBytes(CODE_BYTES).toString('base64url')}`;
  return { code, hash: hashOf(code).toString('hex') };
}

function hashOf(code: string): Buffer {
  return createHash('sha256').update(code).digest();
}

export function createBreakGlass(options: BreakGlassOptions): BreakGlass {
  const { entries, store, record, alert, nowMs } = options;

  function find(code: string): BreakGlassEntry | undefined {
    if (!CODE.test(code)) return undefined;
    const hash = hashOf(code);
    return entries.find((entry) => timingSafeEqual(Buffer.from(entry.hash, 'hex'), hash));
  }

  return {
    takes: (token) => token.startsWith(PREFIX),
    async open(code) {
      const entry = find(code);
      const id = entry === undefined ? '' : `break-glass:${entry.hash.slice(0, ID_LENGTH)}`;
      const atMs = nowMs();
      if (entry === undefined || !(await store.useOnce(id, atMs, undefined))) {
        alert('refused');
        return refuse(
          'unauthenticated',
          'identity/break-glass',
          entry === undefined ? 'this code opens nothing' : 'this code was used before',
          { hint: 'an operator seals a new one with `sallyport break-glass SUBJECT`' },
        );
      }
      const expiresAtMs = atMs + entry.lifetimeMs;
      alert({ subject: entry.subject, id, expiresAtMs });
      const unrecorded = await record({
        type: 'identity.break-glass',
        subject: entry.subject,
        actors: [],
        by: entry.subject,
        credential: id,
        detail: `the break-glass code of ${entry.subject} was used; it opens until ${new Date(expiresAtMs).toISOString()}`,
      });
      if (unrecorded !== undefined) return unrecorded;
      return {
        iss: 'break-glass',
        aud: '',
        sub: entry.subject,
        name: entry.name,
        kind: 'human',
        groups: entry.groups,
        jti: id,
        iat: atMs / 1000,
        nbf: atMs / 1000,
        exp: expiresAtMs / 1000,
        ext: { break_glass: true },
      };
    },
  };
}
