/**
 * Binds the HTTP API to its address, with the faults of that told in one sentence.
 */
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { ListenAddress } from '../proxy/gate/protocol.ts';
import type { Settings } from './config/settings.ts';
import { formatAddress } from './config/units.ts';
import { ControlError } from './error.ts';

/** Names the API is asked by, besides IP addresses and `localhost`. */
export function apiHosts({ listen }: Pick<Settings, 'listen'>): readonly string[] {
  const reached = listen.apiUrl === undefined ? [] : [new URL(listen.apiUrl).hostname];
  return [listen.api.host, ...reached, ...listen.apiHosts];
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
