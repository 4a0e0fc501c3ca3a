/**
 * Asks a target that has just signed the gateway in who it takes the session for. A pooler in between may drop a start-up
 * setting without a word; the session must then not begin. PostgreSQL documentation, "Message Flow: Simple Query".
 */
import type { Socket } from 'node:net';
import { ProxyError } from '../error.ts';
import { MAX_UPSTREAM_STARTUP_BYTES } from './limits.ts';
import { readChunk } from './read-chunk.ts';
import { readDataRow, TAG } from './wire/backend.ts';
import { FrameReader } from './wire/frame-reader.ts';
import { encodeQuery } from './wire/frontend-encode.ts';

/** Resolves when the session runs as this role; throws `target/no-account` when it does not. The socket is left paused. */
export async function assertRole(socket: Socket, role: string): Promise<void> {
  const frames = new FrameReader('target/protocol');
  let told: string | undefined;
  socket.write(encodeQuery('select current_user'));
  for (;;) {
    const frame = frames.next(() => MAX_UPSTREAM_STARTUP_BYTES);
    if (frame === undefined) {
      frames.push(await readChunk(socket, 'target/unreachable'));
      continue;
    }
    if (frame.tag === TAG.dataRow) told = readDataRow(frame.body)[0]?.toString('utf8');
    if (frame.tag !== TAG.readyForQuery) continue;
    if (told === role && frames.buffered === 0) return;
    throw new ProxyError('target/no-account', 'the target did not take your role', {
      hint: 'Connect the gateway to the server itself: a pooler in between drops the role.',
    });
  }
}
