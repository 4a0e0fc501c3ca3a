/**
 * Binds the HTTP API to its address, with the faults of that told in one sentence.
 */
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { ListenAddress } from '../proxy/gate/protocol.ts';
import type { Settings } from './config/settings.ts';
import { formatAddress } from './config/units.ts';
import { ControlError } from './error.ts';
import type { Log } from './log.ts';
import { isLoopback } from './loopback.ts';
import type { ApiAddress } from './presence.ts';
import { readTls, type TlsFiles } from './tls-files.ts';

/** Names the API is asked by, besides IP addresses and `localhost`. */
export function apiHosts({ listen }: Pick<Settings, 'listen'>): readonly string[] {
  const reached = listen.apiUrl === undefined ? [] : [new URL(listen.apiUrl).hostname];
  return [listen.api.host, ...reached, ...listen.apiHosts];
}

/** The certificate of the API; undefined where it speaks plain http. Throws `tls/unusable`. */
export function apiTls({ tls }: Pick<Settings, 'tls'>): TlsFiles | undefined {
  return tls?.api === true ? readTls(tls) : undefined;
}

/** Listens and gives the address with its real port. Throws `listen/...`. */
export async function listenApi(
  api: FastifyInstance,
  address: ListenAddress,
): Promise<ListenAddress> {
  try {
    await api.listen(address);
  } catch (cause) {
    throw explainListen(cause, address);
  }
  const { port } = api.server.address() as AddressInfo;
  return { host: address.host, port };
}

/** Listens with the HTTP API of a gateway, and says aloud when it can be overheard. Throws `listen/...`. */
export async function openApi(
  api: FastifyInstance,
  { listen, tls }: Pick<Settings, 'listen' | 'tls'>,
  log: Pick<Log, 'warn'>,
): Promise<ApiAddress> {
  const address = { ...(await listenApi(api, listen.api)), tls: tls?.api === true };
  if (!address.tls && !isLoopback(address.host))
    log.warn(
      { api: formatAddress(address), code: 'tls/api-not-encrypted' },
      'the HTTP API can be reached from elsewhere and is not encrypted; set `tls`',
    );
  return address;
}

/** Where the API of a gateway is reached: as configured, else where it listens. */
export function apiUrlOf({ listen }: Pick<Settings, 'listen'>, address: ApiAddress): string {
  const host = address.host === '0.0.0.0' || address.host === '::' ? '127.0.0.1' : address.host;
  const own = `${address.tls ? 'https' : 'http'}://${formatAddress({ host, port: address.port })}`;
  // Its certificate is made out to the name people reach it by.
  return address.tls ? (listen.apiUrl ?? own) : own;
}

function explainListen(cause: unknown, address: ListenAddress): ControlError {
  const place = formatAddress(address);
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return new ControlError('listen/address-in-use', `${place} is taken by another program`, {
        cause,
        hint: 'stop that program, or change `listen.api`',
      });
    case 'EACCES':
      return new ControlError('listen/not-permitted', `this user may not listen on ${place}`, {
        cause,
        hint: 'choose a port from 1024 on, or change `listen.api`',
      });
    default:
      return new ControlError('listen/failed', `nothing can listen on ${place}`, {
        cause,
        hint: 'check that the host in `listen.api` is an address of this machine',
      });
  }
}
