/**
 * The one error class of the control plane: everything an operator can act on. Caught at the edges only: an HTTP handler, the
 * command line. A fault of the user's text (configuration, policy) travels inside as `details`, already rendered.
 */

export type ControlErrorCode =
  | 'config/not-found'
  | 'config/unreadable'
  | 'config/invalid'
  | 'policy/not-found'
  | 'policy/invalid'
  | 'build/unlinkable'
  | 'build/entrypoint'
  | 'build/unwritable'
  | 'build/output'
  | 'format/changed-meaning'
  | 'state/not-writable'
  | 'state/in-use'
  | 'state/key-exposed'
  | 'state/key-invalid'
  | 'state/login-unreadable'
  | 'secrets/key-invalid'
  | 'store/unavailable'
  | 'store/migration-changed'
  | 'store/newer-schema'
  | 'identity/unknown-subject'
  | 'identity/not-delegated'
  | 'identity/lifetime'
  | 'identity/provider-unreachable'
  | 'listen/address-in-use'
  | 'listen/not-permitted'
  | 'listen/failed'
  | 'tls/unusable'
  | 'api/unreachable'
  | 'api/refused'
  | 'login/over'
  | 'login/provider'
  | 'login/refused'
  | 'login/timeout'
  | 'init/exists'
  | 'target/unreachable'
  | 'usage/invalid'
  | 'session/not-found';

export class ControlError extends Error {
  readonly code: ControlErrorCode;
  /** What the reader can do about it. */
  readonly hint: string | undefined;
  /** Rendered diagnostics, one block each; empty where the message says it all. */
  readonly details: readonly string[];

  constructor(
    code: ControlErrorCode,
    message: string,
    options: { cause?: unknown; hint?: string | undefined; details?: readonly string[] } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'ControlError';
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? [];
  }
}
