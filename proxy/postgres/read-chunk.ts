/**
 * One chunk from a socket that nobody else reads, for the turn-taking part of a conversation. The socket is left paused.
 */
import type { Socket } from 'node:net';
import { ProxyError, type ProxyErrorCode } from '../error.ts';

/** The next bytes. Throws `gone` (`client/gone` unless told) when the socket ends first. */
export function readChunk(socket: Socket, gone: ProxyErrorCode = 'client/gone'): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      socket.off('data', onData);
      socket.off('end', onEnd);
      socket.off('close', onEnd);
      socket.off('error', onEnd);
      socket.pause();
    };
    const onData = (chunk: Buffer): void => {
      leave();
      resolve(chunk);
    };
    const onEnd = (cause?: unknown): void => {
      leave();
      const reason = cause instanceof Error ? cause : undefined;
      reject(new ProxyError(gone, 'the connection was closed', { cause: reason }));
    };
    if (socket.destroyed || socket.readableEnded) {
      reject(new ProxyError(gone, 'the connection is closed'));
      return;
    }
    socket.on('data', onData);
    socket.once('end', onEnd);
    socket.once('close', onEnd);
    socket.once('error', onEnd);
    socket.resume();
  });
}
