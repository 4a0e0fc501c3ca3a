/**
 * The gateway's own log: JSON lines on standard error. It names sessions and codes, never statements, tokens or secrets.
 */
import pino from 'pino';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** What the rest of the control plane writes to; pino's own shape, cut to what is used. */
export interface Log {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** Keys that never appear with their value, wherever they stand; `Secret` values mask themselves besides. */
const REDACTED = ['token', 'password', 'authorization', 'secret', 'key', 'credential'];

export function createLog(level: LogLevel): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED.flatMap((key) => [key, `*.${key}`]), censor: '<secret>' },
      serializers: { err: describeFault, error: describeFault },
    },
    pino.destination({ fd: 2, sync: true }),
  );
}

/** A fault and its causes as codes and messages; stacks only for what has no code, which is a fault of the program. */
export function describeFault(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : undefined;
  return {
    ...(code === undefined ? { stack: error.stack } : { code }),
    message: error.message,
    ...('hint' in error && error.hint !== undefined ? { hint: error.hint } : {}),
    ...('details' in error && Array.isArray(error.details) && error.details.length > 0
      ? { details: error.details }
      : {}),
    ...(error.cause === undefined ? {} : { cause: describeFault(error.cause) }),
  };
}
