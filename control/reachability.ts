/**
 * Looks once whether the targets answer at all, so that a wrong address shows in the log at the start and not at the first user's.
 * It is a warning only: a target may come up later.
 */
import { connect } from 'node:net';
import type { Target } from '../proxy/gate/ports.ts';

/** Milliseconds a target may take to accept a connection. */
const TIMEOUT_MS = 3000;

export interface Unreachable {
  readonly resource: string;
  readonly place: string;
  /** `ECONNREFUSED`, `ENOTFOUND`, `ETIMEDOUT`. */
  readonly why: string;
}

/** The targets that accept no connection. */
export async function findUnreachable(targets: readonly Target[]): Promise<readonly Unreachable[]> {
  const probed = await Promise.all(targets.map(probe));
  return probed.filter((each) => each !== undefined);
}

function probe({ resource, upstream }: Target): Promise<Unreachable | undefined> {
  const { host, port } = upstream.kind === 'http' ? addressOf(new URL(upstream.url)) : upstream;
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (why: string | undefined): void => {
      socket.destroy();
      resolve(
        why === undefined ? undefined : { resource: resource.name, place: `${host}:${port}`, why },
      );
    };
    socket.setTimeout(TIMEOUT_MS, () => end('ETIMEDOUT'));
    socket.once('connect', () => end(undefined));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}

function addressOf(url: URL): { readonly host: string; readonly port: number } {
  const fallback = url.protocol === 'https:' ? 443 : 80;
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? fallback : Number(url.port),
  };
}
