/**
 * Reads `postgres://user:password@host:port/database`. Query parameters are refused: each has a key of its own.
 */
import { Secret } from './secret.ts';

export interface PostgresUrl {
  readonly host: string;
  readonly port: number | undefined;
  readonly user: string | undefined;
  readonly password: Secret | undefined;
  readonly database: string | undefined;
}

/** Undefined for no URL, `unreadable` for one that cannot be used. */
export function readPostgresUrl(url: Secret | undefined): PostgresUrl | 'unreadable' | undefined {
  if (url === undefined) return undefined;
  const text = url.reveal();
  if (!URL.canParse(text)) return 'unreadable';
  const parsed = new URL(text);
  if (!/^postgres(ql)?:$/.test(parsed.protocol) || parsed.hostname === '' || parsed.search !== '')
    return 'unreadable';
  try {
    const part = (raw: string): string | undefined =>
      raw === '' ? undefined : decodeURIComponent(raw);
    const password = part(parsed.password);
    return {
      host: parsed.hostname.replace(/^\[|\]$/g, ''),
      port: parsed.port === '' ? undefined : Number(parsed.port),
      user: part(parsed.username),
      password: password === undefined ? undefined : new Secret(password),
      database: part(parsed.pathname.slice(1)),
    };
  } catch {
    // A broken percent escape: the address cannot be used.
    return 'unreadable';
  }
}
