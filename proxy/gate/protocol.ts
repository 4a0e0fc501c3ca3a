/**
 * What every protocol folder offers to the composition root: something that can be bound to an address. A failure to bind is
 * a coded `ProxyError` (`listen/address-in-use`, `listen/not-permitted`); a failure of one connection is that connection's.
 */

export interface ListenAddress {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
}

export interface ProtocolServer {
  readonly name: 'postgres' | 'http';
  bind(address: ListenAddress): Promise<Listener>;
}

export interface Listener {
  /** Where it listens; the port is the real one. */
  readonly address: ListenAddress;
  /** Connections open now, half-open ones included. */
  readonly connections: number;
  /** Stops accepting, ends the connections, resolves when all are gone or `graceMs` has passed. */
  close(graceMs: number): Promise<void>;
}
