/**
 * The named limits of the HTTP front and their defaults. A limit that is met is an RFC 9457 problem with a code of the family
 * `limit/`, or a closed connection where no answer can be given.
 */

export interface HttpLimits {
  readonly maxConnections: number;
  /** Bytes of the request line and all request headers. */
  readonly maxHeaderBytes: number;
  /** Request headers. */
  readonly maxHeaders: number;
  /** Bytes of a request body; it is held until it is decided. */
  readonly maxBodyBytes: number;
  /** Bytes of a JSON or form body: it is parsed for the policy. */
  readonly maxParsedBodyBytes: number;
  /** Bytes of request bodies of all connections that are held at once. */
  readonly maxHeldBodyBytes: number;
  /** Bytes of a masked response that are looked at before its head is sent; a fault in them is still an honest 502. */
  readonly lookAheadBytes: number;
  /** Requests of one connection that wait behind another; one more closes it. */
  readonly maxPipelined: number;
  /** Query parameters, and form fields. */
  readonly maxParameters: number;
  /** Milliseconds until the request's headers are complete. */
  readonly headersTimeoutMs: number;
  /** Milliseconds until the request is complete. */
  readonly requestTimeoutMs: number;
  /** Milliseconds an idle connection is kept. */
  readonly keepAliveTimeoutMs: number;
  /** Milliseconds a request waits for approval at most on its open connection. */
  readonly holdMs: number;
  /** Milliseconds until the target's response begins, and between two parts of it. */
  readonly targetTimeoutMs: number;
  /** Milliseconds until the target accepts a connection. */
  readonly connectTimeoutMs: number;
}

export const DEFAULT_HTTP_LIMITS: HttpLimits = {
  maxConnections: 10_000,
  maxHeaderBytes: 32 * 1024,
  maxHeaders: 128,
  maxBodyBytes: 8 * 1024 * 1024,
  maxParsedBodyBytes: 1024 * 1024,
  maxHeldBodyBytes: 256 * 1024 * 1024,
  lookAheadBytes: 256 * 1024,
  maxPipelined: 64,
  maxParameters: 1_000,
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 120_000,
  keepAliveTimeoutMs: 60_000,
  holdMs: 300_000,
  targetTimeoutMs: 300_000,
  connectTimeoutMs: 10_000,
};
