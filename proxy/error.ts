/**
 * The one error class of the data plane: everything that is neither a refusal (a value) nor a fault of the program.
 * Caught at the edges only: connection, listener, command line.
 */

export type ProxyErrorCode =
  | 'listen/address-in-use'
  | 'listen/not-permitted'
  | 'listen/failed'
  | 'target/unreachable'
  | 'target/refused-credential'
  | 'target/no-account'
  | 'target/protocol'
  | 'secret/unavailable'
  | 'journal/unavailable'
  | 'journal/damaged'
  | 'client/protocol'
  | 'client/gone'
  | 'limit/exceeded';

export class ProxyError extends Error {
  readonly code: ProxyErrorCode;
  /** What the reader can do about it. */
  readonly hint: string | undefined;

  constructor(
    code: ProxyErrorCode,
    message: string,
    options: { cause?: unknown; hint?: string } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'ProxyError';
    this.code = code;
    this.hint = options.hint;
  }
}
