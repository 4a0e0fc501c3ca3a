/**
 * Reaches a target once, as the gateway will, so that a wrong address or password shows before anything is written.
 */
import pg from 'pg';
import type { PostgresUrl } from '../../config/postgres-url.ts';
import { ControlError } from '../../error.ts';

/** Milliseconds an answer may take. */
const TIMEOUT_MS = 10_000;

/** What answered, in words. Throws `target/unreachable`. */
export async function probePostgres(url: PostgresUrl & { readonly user: string }): Promise<string> {
  const client = new pg.Client({
    host: url.host,
    port: url.port ?? 5432,
    user: url.user,
    database: url.database ?? url.user,
    password: url.password?.reveal() ?? '',
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
    application_name: 'sallyport init',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>('show server_version');
    return `PostgreSQL ${Object.values(rows[0] ?? {})[0] ?? ''} at ${url.host}`;
  } catch (cause) {
    throw unreachable(`PostgreSQL at ${url.host}:${url.port ?? 5432}`, cause);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What answered, in words; any HTTP answer will do. Throws `target/unreachable`. */
export async function probeHttp(url: string): Promise<string> {
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    return `${url}, which answered ${response.status}`;
  } catch (cause) {
    throw unreachable(url, cause);
  }
}

function unreachable(what: string, cause: unknown): ControlError {
  const fault = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const why = fault instanceof Error ? fault.message : String(fault);
  return new ControlError('target/unreachable', `${what} cannot be used: ${why}`, {
    cause,
    hint: 'check address, user and password; nothing was written (--no-connect writes anyway)',
  });
}
