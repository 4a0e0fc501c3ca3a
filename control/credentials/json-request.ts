/**
 * One JSON request to a server that keeps secrets: no redirect, bounded in time and size. Faults tell status and cause, never
 * what was sent or answered.
 */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { ControlError } from '../error.ts';
import { SecretFault } from './secret-source.ts';

/** Milliseconds an answer may take: a connection of a client waits for it. */
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 1024 * 1024;

export interface JsonRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface JsonAnswer {
  readonly status: number;
  /** Undefined for an empty answer or one that is no JSON. */
  readonly body: unknown;
}

export type SendJson = (what: JsonRequest) => Promise<JsonAnswer>;

/** A sender for one server; `name` is what faults call it. Throws `tls/unusable` when `ca`, a PEM file, cannot be read. */
export function createJsonSender(name: string, ca: string | undefined): SendJson {
  const dispatcher = new Agent({
    connect: { timeout: TIMEOUT_MS, ...(ca === undefined ? {} : { ca: readAuthority(ca) }) },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    maxResponseSize: MAX_BYTES,
  });
  return async ({ method, url, headers, body }) => {
    try {
      const answer = await request(url, {
        method,
        headers,
        body: body ?? null,
        dispatcher,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return { status: answer.statusCode, body: parse(await answer.body.text()) };
    } catch (cause) {
      // The cause may quote a header: only its code is told, and it is not kept.
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no answer';
      throw new SecretFault(`${name} does not answer (${code})`);
    }
  };
}

function readAuthority(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ControlError('tls/unusable', `the certificate ${file} cannot be read`, {
      cause,
      hint: 'check `ca` under `secrets`',
    });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
