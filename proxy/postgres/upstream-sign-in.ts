/**
 * Signing in at a target: the start-up packet, whichever authentication the server asks for, then what it says until it is
 * ready. Passwords go over the wire in clear text only inside TLS or to this machine itself.
 */
import { createHash, type X509Certificate } from 'node:crypto';
import { isIPv4, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { ProxyError } from '../error.ts';
import type { PostgresUpstream } from '../gate/ports.ts';
import { MAX_UPSTREAM_STARTUP_BYTES } from './limits.ts';
import { readChunk } from './read-chunk.ts';
import { type ScramExchange, startScram } from './scram.ts';
import type { DialOptions, Login, UpstreamConnection } from './upstream.ts';
import {
  type Authentication,
  readAuthentication,
  readBackendKey,
  readErrorFields,
  readParameterStatus,
  TAG,
} from './wire/backend.ts';
import { FrameReader } from './wire/frame-reader.ts';
import {
  encodePassword,
  encodeSaslInitial,
  encodeSaslResponse,
  encodeStartup,
} from './wire/frontend-encode.ts';

/** Settings the server may tell before it is ready. */
const MAX_PARAMETERS = 200;

/** What a server says to a role that is not there, or that the user may not take. */
const ROLE_STATES: ReadonlySet<string> = new Set(['22023', '42501', '42704']);

/** Speaks until ReadyForQuery; the socket is left paused. Throws `target/...`. */
export async function signIn(
  socket: Socket,
  target: PostgresUpstream,
  login: Login,
  options: DialOptions,
): Promise<UpstreamConnection> {
  const parameters = new Map<string, string>();
  const authenticate = createAuthenticator(socket, login, options);
  const frames = new FrameReader('target/protocol');
  let cancelKey: UpstreamConnection['cancelKey'];
  let admitted = false;
  let total = 0;
  socket.write(
    encodeStartup(
      new Map([
        ['user', login.user],
        ['database', target.database],
        ['client_encoding', 'UTF8'],
        // The lexer of the analyser knows only this setting; a database or role with the old default is overridden here.
        ['standard_conforming_strings', 'on'],
        ...options.settings,
        // As a setting of the start-up packet it is not SQL, and what RESET ROLE goes back to.
        ...(login.role === undefined ? [] : ([['role', login.role]] as const)),
      ]),
    ),
  );
  for (;;) {
    const frame = frames.next(() => MAX_UPSTREAM_STARTUP_BYTES);
    if (frame === undefined) {
      const chunk = await readChunk(socket, 'target/unreachable');
      total += chunk.length;
      if (total > MAX_UPSTREAM_STARTUP_BYTES) {
        throw new ProxyError(
          'limit/exceeded',
          `the target sent over ${MAX_UPSTREAM_STARTUP_BYTES} bytes before it was ready`,
        );
      }
      frames.push(chunk);
      continue;
    }
    if (frame.tag === TAG.error) throw refused(frame.body, admitted && login.role !== undefined);
    if (frame.tag === TAG.notice) continue;
    if (!admitted) {
      if (frame.tag !== TAG.authentication) throw unexpected(frame.tag);
      admitted = await authenticate(readAuthentication(frame.body));
    } else if (frame.tag === TAG.parameterStatus) {
      const { name, value } = readParameterStatus(frame.body);
      if (parameters.size < MAX_PARAMETERS || parameters.has(name)) parameters.set(name, value);
    } else if (frame.tag === TAG.backendKeyData) {
      cancelKey = readBackendKey(frame.body);
    } else if (frame.tag === TAG.readyForQuery) {
      if (frames.buffered > 0)
        throw new ProxyError('target/protocol', 'the target went on without being asked');
      return { socket, parameters, cancelKey, role: login.role };
    } else {
      throw unexpected(frame.tag);
    }
  }
}

/** Answers one authentication message; true when the server is satisfied. */
function createAuthenticator(
  socket: Socket,
  login: Login,
  options: DialOptions,
): (request: Authentication) => Promise<boolean> {
  let scram: ScramExchange | undefined;
  let proven = true;
  const password = (): string => {
    if (login.password !== undefined) return login.password;
    throw new ProxyError(
      'target/refused-credential',
      'the target asks for a password and none is configured',
      {
        hint: 'Give the resource upstream a password.',
      },
    );
  };
  return async (request) => {
    switch (request.kind) {
      case 'ok':
        // A server that skips its proof after a SCRAM exchange began may be an impostor that knows no password.
        if (!proven)
          throw new ProxyError('target/protocol', 'the target ended SCRAM before its proof');
        return true;
      case 'cleartext':
        if (!(socket instanceof TLSSocket) && !isLoopback(socket.remoteAddress)) {
          throw new ProxyError(
            'target/refused-credential',
            'the target asks for the password in clear text without TLS',
            {
              hint: 'Use tls: require, or SCRAM at the server.',
            },
          );
        }
        socket.write(encodePassword(password()));
        return false;
      case 'md5':
        socket.write(encodePassword(md5Answer(login.user, password(), request.salt)));
        return false;
      case 'sasl':
        scram = startScram({
          mechanisms: request.mechanisms,
          password: password(),
          channelBinding: socket instanceof TLSSocket ? endpointHash(socket) : undefined,
          nonce: options.nonce,
        });
        if (scram === undefined) break;
        proven = false;
        socket.write(encodeSaslInitial(scram.mechanism, scram.first));
        return false;
      case 'sasl-continue':
        if (scram === undefined) break;
        socket.write(encodeSaslResponse(await scram.respond(request.data)));
        return false;
      case 'sasl-final':
        if (scram === undefined) break;
        scram.verify(request.data);
        proven = true;
        return false;
      case 'other':
        break;
    }
    throw new ProxyError(
      'target/refused-credential',
      'the target asks for an authentication that is not supported',
      {
        hint: 'Use scram-sha-256 in pg_hba.conf.',
      },
    );
  };
}

/** `md5` and md5(md5(password user) salt) in hexadecimal. */
function md5Answer(user: string, password: string, salt: Buffer): string {
  const md5 = (...parts: (string | Buffer)[]): string => {
    const hash = createHash('md5');
    for (const part of parts) hash.update(part);
    return hash.digest('hex');
  };
  return `md5${md5(md5(password, user), salt)}`;
}

/** RFC 5929: the certificate hashed as its signature says, MD5 and SHA-1 replaced by SHA-256. */
function endpointHash(socket: TLSSocket): Buffer | undefined {
  const certificate: X509Certificate | undefined = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  const match = /sha-?(384|512)/i.exec(certificate.signatureAlgorithm ?? '');
  return createHash(`sha${match?.[1] ?? '256'}`)
    .update(certificate.raw)
    .digest();
}

function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  const plain = address.replace(/^::ffff:/, '');
  return plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'));
}

/** `hasRole`: the password was right, and a role is to be taken. */
function refused(body: Buffer, hasRole: boolean): ProxyError {
  const fields = readErrorFields(body);
  const state = fields.get('C') ?? '';
  if (hasRole && ROLE_STATES.has(state))
    return new ProxyError('target/no-account', 'the target gives you no role', {
      hint: 'The role must exist there, and the account of the gateway must be a member of it.',
    });
  if (state.startsWith('28')) {
    return new ProxyError(
      'target/refused-credential',
      "the target refused the gateway's credential",
      {
        hint: 'Check user, password and pg_hba.conf of the target.',
      },
    );
  }
  return new ProxyError(
    'target/unreachable',
    `the target refused the connection: ${fields.get('M') ?? state}`,
  );
}

function unexpected(tag: number): ProxyError {
  return new ProxyError(
    'target/protocol',
    `the target sent message type 0x${tag.toString(16)} during start-up`,
  );
}
