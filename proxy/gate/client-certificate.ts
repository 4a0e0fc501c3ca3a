/**
 * The client's TLS certificate as a token can be bound to it. Whether the certificate may be used is not judged here: it proves
 * that the client holds its key, and a token names it or does not. RFC 8705 section 3.1.
 */
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** SHA-256 of the certificate in DER, base64url; undefined without TLS or without a certificate. */
export function certificateOf(socket: Socket): string | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const raw: unknown = socket.getPeerCertificate().raw;
  return Buffer.isBuffer(raw) ? createHash('sha256').update(raw).digest('base64url') : undefined;
}
