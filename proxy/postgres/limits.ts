/**
 * Every limit of the PostgreSQL data plane, in one place. A limit that is met is named in what the client or operator reads.
 * Units are bytes and milliseconds.
 */

/** The server's own cap on a start-up packet (MAX_STARTUP_PACKET_LENGTH). */
export const MAX_STARTUP_BYTES = 10_000;
/** A signed token with many groups is some kilobytes; the server itself allows 65,535. */
export const MAX_PASSWORD_BYTES = 65_535;
/** Text of one Query or Parse as a frame; the analyser has its own, lower cap, and answers with an error instead of a close. */
export const MAX_QUERY_BYTES = 16 * 1024 * 1024;
/** One Bind: all parameter values together. */
export const MAX_BIND_BYTES = 64 * 1024 * 1024;
/** One CopyData message from the client. */
export const MAX_COPY_DATA_BYTES = 64 * 1024 * 1024;
/** Describe, Close, Execute, CopyFail: a name and a few numbers. */
export const MAX_SMALL_BYTES = 64 * 1024;
/** A message of the server that must be held whole: a row to be masked, a row description, an error. */
export const MAX_WHOLE_BACKEND_BYTES = 64 * 1024 * 1024;
/** What the server may say before it is ready; a hostile target must not fill memory. */
export const MAX_UPSTREAM_STARTUP_BYTES = 1024 * 1024;

export interface PostgresLimits {
  /** From the accept to the admitted session; one deadline for negotiation, TLS and password together. */
  readonly handshakeMs: number;
  /** Connections that have not signed in; one more closes the oldest. */
  readonly halfOpen: number;
  /** Connections in all. */
  readonly connections: number;
  /** To reach the target and sign in there. */
  readonly dialMs: number;
  /** Client bytes kept while a decision is pending; reading pauses beyond it. */
  readonly queuedBytes: number;
  /** Prepared statements, portals and cursors of one connection, together. */
  readonly names: number;
  /** What these names stand for, kept here: texts of statements, parameters of portals. No less than one Bind. */
  readonly nameBytes: number;
  /** Messages sent to the target whose answer is outstanding. */
  readonly inFlight: number;
}

export const DEFAULT_LIMITS: PostgresLimits = {
  handshakeMs: 10_000,
  halfOpen: 1_000,
  connections: 10_000,
  dialMs: 10_000,
  queuedBytes: 1024 * 1024,
  names: 10_000,
  nameBytes: 80 * 1024 * 1024,
  inFlight: 10_000,
};
