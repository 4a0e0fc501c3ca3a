/**
 * A client's way from the first byte to a password: negotiation of encryption, each kind at most once, then the start-up
 * packet, then the password, which is the gateway's token. It has no clock: the listener's one deadline destroys the socket.
 *
 * It must not identify anybody and must not pass a byte on. PostgreSQL documentation, "Message Flow: Start-up, SSL Session
 * Encryption"; a byte that precedes the TLS handshake is never read as protocol (CVE-2021-23214).
 */
import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import { ProxyError } from '../error.ts';
import { readChunk } from './read-chunk.ts';
import {
  AUTHENTICATION_CLEARTEXT,
  encodeNegotiateProtocol,
  type Report,
} from './wire/backend-encode.ts';
import { FrameReader } from './wire/frame-reader.ts';
import { passwordCap, readFrontendMessage } from './wire/frontend.ts';
import { readStartupPacket, type StartupPacket } from './wire/startup.ts';

/** Newest minor version of protocol 3 that is spoken here. */
const NEWEST_MINOR = 2;
const TLS_HANDSHAKE_RECORD = 0x16;
const ALPN = 'postgresql';

export interface ListenerTls {
  readonly context: SecureContext;
  /** Refuses clients that do not encrypt. */
  readonly required: boolean;
  /** Asks clients for a certificate, for tokens that are bound to one. */
  readonly requestCert: boolean;
}

export type Greeting =
  | { readonly kind: 'cancel'; readonly processId: number; readonly key: Buffer }
  | {
      readonly kind: 'startup';
      /** The socket to go on with: the encrypted one where there is one. */
      readonly socket: Socket;
      readonly minor: number;
      readonly parameters: ReadonlyMap<string, string>;
    }
  | { readonly kind: 'refused'; readonly socket: Socket; readonly report: Report };

/** Negotiates up to the start-up packet. Throws `client/protocol` and `client/gone`. */
export async function greet(raw: Socket, tls: ListenerTls | undefined): Promise<Greeting> {
  let socket = raw;
  let mayAskSsl = true;
  let mayAskGss = true;
  let input: Buffer = Buffer.alloc(0);
  for (;;) {
    const chunk = await readChunk(socket);
    input = input.length === 0 ? chunk : Buffer.concat([input, chunk]);
    if (input[0] === TLS_HANDSHAKE_RECORD && mayAskSsl && mayAskGss && tls !== undefined) {
      socket.unshift(input);
      const secured = await secure(socket, tls);
      // Without the protocol's own name in the handshake another protocol's client could have been lured here.
      if (secured.alpnProtocol !== ALPN)
        throw new ProxyError('client/protocol', 'direct TLS without ALPN');
      [socket, input, mayAskSsl, mayAskGss] = [secured, Buffer.alloc(0), false, false];
      continue;
    }
    const read = readStartupPacket(input);
    if (read === undefined) continue;
    const { packet, size } = read;
    const rest = input.length - size;
    if (rest > 0)
      throw new ProxyError(
        'client/protocol',
        `${rest} bytes follow a ${packet.kind} packet unasked`,
      );
    input = Buffer.alloc(0);
    if (packet.kind === 'ssl' && mayAskSsl) {
      mayAskSsl = false;
      if (tls === undefined) {
        socket.write('N');
        continue;
      }
      socket.write('S');
      socket = await secure(socket, tls);
      mayAskGss = false;
    } else if (packet.kind === 'gssenc' && mayAskGss) {
      mayAskGss = false;
      socket.write('N');
    } else if (packet.kind === 'cancel') {
      return packet;
    } else if (packet.kind === 'startup') {
      return acceptStartup(socket, packet, tls);
    } else {
      throw new ProxyError('client/protocol', `${packet.kind} was already negotiated`);
    }
  }
}

function acceptStartup(
  socket: Socket,
  packet: Extract<StartupPacket, { kind: 'startup' }>,
  tls: ListenerTls | undefined,
): Greeting {
  const refused = (sqlstate: string, message: string, hint?: string): Greeting => ({
    kind: 'refused',
    socket,
    report: { severity: 'FATAL', sqlstate, message, hint },
  });
  if (packet.major !== 3) {
    return refused(
      '0A000',
      `unsupported frontend protocol ${packet.major}.${packet.minor}: the gateway speaks 3.0 and 3.2`,
    );
  }
  if (tls?.required === true && !(socket instanceof TLSSocket)) {
    return refused(
      '28000',
      'this gateway accepts encrypted connections only',
      'Connect with sslmode=require.',
    );
  }
  const unknown = [...packet.parameters.keys()].filter((name) => name.startsWith('_pq_.'));
  // 3.1 was never a protocol of its own: a client that names it is answered with 3.0.
  const minor = packet.minor >= NEWEST_MINOR ? NEWEST_MINOR : 0;
  if (packet.minor !== minor || unknown.length > 0)
    socket.write(encodeNegotiateProtocol(minor, unknown));
  return { kind: 'startup', socket, minor, parameters: packet.parameters };
}

/** Asks for the password and waits for it; `undefined` when the client says goodbye instead (psql does, to ask its user). */
export async function askPassword(socket: Socket): Promise<string | undefined> {
  socket.write(AUTHENTICATION_CLEARTEXT);
  const frames = new FrameReader('client/protocol');
  for (;;) {
    const frame = frames.next(passwordCap);
    if (frame === undefined) {
      frames.push(await readChunk(socket));
      continue;
    }
    const message = readFrontendMessage(frame);
    if (message.type === 'terminate') return undefined;
    if (message.type !== 'password')
      throw new ProxyError('client/protocol', 'a password was expected');
    if (frames.buffered > 0)
      throw new ProxyError('client/protocol', 'bytes follow the password unasked');
    return message.text;
  }
}

function secure(socket: Socket, tls: ListenerTls): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secured = new TLSSocket(socket, {
      isServer: true,
      secureContext: tls.context,
      requestCert: tls.requestCert,
      // Any certificate will do, for it proves a key and nothing else: the token says which key it must be.
      rejectUnauthorized: false,
      ALPNProtocols: [ALPN],
    });
    const fail = (cause?: unknown): void =>
      reject(new ProxyError('client/gone', 'the TLS handshake failed', { cause }));
    secured.once('error', fail);
    secured.once('close', fail);
    secured.once('secure', () => {
      secured.off('error', fail);
      secured.off('close', fail);
      resolve(secured);
    });
  });
}
