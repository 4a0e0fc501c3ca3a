/**
 * Who may ask the decision service, and who may change its data: bearers of a token each. Without a token only programs of this machine
 * can reach it, because it then listens on loopback alone. Tokens are compared by digest, in constant time.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { ControlError } from '../error.ts';
import { isLoopback } from '../loopback.ts';
import { ServeFault } from './fault.ts';

export interface ServeTokens {
  /** Asks; undefined when nobody needs one. */
  readonly ask: string | undefined;
  /** Asks and changes data; undefined when nobody may. */
  readonly change: string | undefined;
}

export interface ServeAccess {
  /** Throws `ServeFault` (401) unless the bearer may ask. */
  assertAsks(token: string | undefined): void;
  /** Throws `ServeFault` (401 or 403) unless the bearer may change data. */
  assertChanges(token: string | undefined): void;
}

/** Characters a token has at least: shorter ones can be guessed. */
const MIN_TOKEN = 16;

export function createAccess(tokens: ServeTokens): ServeAccess {
  const ask = digestOf(tokens.ask);
  const change = digestOf(tokens.change);
  return {
    assertAsks(token) {
      if (ask === undefined) return;
      if (!isSame(token, ask) && !isSame(token, change)) throw unauthorized();
    },
    assertChanges(token) {
      if (change === undefined) {
        const message = 'data are changed only where the server was started with --data-token-file';
        throw new ServeFault(403, 'unauthorized', message);
      }
      if (!isSame(token, change)) throw unauthorized();
    },
  };
}

function unauthorized(): ServeFault {
  return new ServeFault(401, 'unauthorized', 'this needs a bearer token of this server');
}

function digestOf(token: string | undefined): Buffer | undefined {
  if (token === undefined) return undefined;
  if (token.length >= MIN_TOKEN) return createHash('sha256').update(token).digest();
  throw new ControlError('usage/invalid', `the token is shorter than ${MIN_TOKEN} characters`, {
    hint: 'openssl rand -base64 32 makes one that cannot be guessed',
  });
}

function isSame(token: string | undefined, digest: Buffer | undefined): boolean {
  if (token === undefined || digest === undefined) return false;
  return timingSafeEqual(createHash('sha256').update(token).digest(), digest);
}

/** The token of an `Authorization` header. */
export function bearerOf(header: string | undefined): string | undefined {
  return /^Bearer +([^\s]+) *$/i.exec(header ?? '')?.[1];
}

/** Throws `usage/invalid` for an address that others can reach when anyone may ask there. */
export function assertGuarded(host: string, tokens: ServeTokens): void {
  if (tokens.ask !== undefined || isLoopback(host)) return;
  throw new ControlError(
    'usage/invalid',
    `${host} can be reached from elsewhere, and anyone may ask`,
    {
      hint: 'give --token-file FILE, or listen on 127.0.0.1',
    },
  );
}
