/**
 * A running gateway's note of where it listens, in its state folder, for the command line on the same machine. It holds no
 * secret and proves nothing: the API asks for a token whoever calls.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ListenAddress } from '../proxy/gate/protocol.ts';

const FILE = 'gateway.json';

/** Where the HTTP API listens, and whether it speaks https there. */
export interface ApiAddress extends ListenAddress {
  readonly tls: boolean;
}

export interface GatewayAddresses {
  readonly postgres: ListenAddress | undefined;
  readonly http: ListenAddress | undefined;
  readonly api: ApiAddress;
}

export function writePresence(stateDir: string, addresses: GatewayAddresses): void {
  writeFileSync(
    join(stateDir, FILE),
    `${JSON.stringify({ pid: process.pid, ...addresses }, undefined, 2)}\n`,
    { mode: 0o600 },
  );
}

export function removePresence(stateDir: string): void {
  rmSync(join(stateDir, FILE), { force: true });
}

/** Where the gateway of this state folder listens, or undefined when none seems to run. */
export function readPresence(stateDir: string): GatewayAddresses | undefined {
  try {
    const note = JSON.parse(readFileSync(join(stateDir, FILE), 'utf8')) as GatewayAddresses & {
      pid: number;
    };
    process.kill(note.pid, 0);
    return note;
  } catch {
    // No note, an unreadable one, or one that a killed gateway left: there is nobody to talk to.
    return undefined;
  }
}
