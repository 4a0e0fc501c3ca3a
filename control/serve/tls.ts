/** The certificates of the decision service, read and tried before it listens. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ServerOptions } from 'node:https';
import { createSecureContext } from 'node:tls';
import { ControlError } from '../error.ts';

/** Paths of PEM files; clients show certificates where an authority for them is named. */
export interface ServeTlsFiles {
  readonly cert: string;
  readonly key: string;
  readonly clientCa?: string;
}

/** Throws `tls/unusable` for what cannot be read, is no certificate, or does not belong together. */
export function readServeTls({ cert, key, clientCa }: ServeTlsFiles): ServerOptions {
  const client =
    clientCa === undefined
      ? {}
      : { ca: readAuthority(clientCa), requestCert: true, rejectUnauthorized: true };
  const pair = { cert: read(cert), key: read(key) };
  try {
    createSecureContext(pair);
  } catch (cause) {
    throw new ControlError('tls/unusable', `${cert} and ${key} are no certificate and its key`, {
      cause,
      hint: 'both are PEM files, and the key is that of the certificate',
    });
  }
  return { ...pair, minVersion: 'TLSv1.2', ...client };
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new ControlError('tls/unusable', `${file} cannot be read`, {
      cause,
      hint: 'certificate and key are PEM files',
    });
  }
}

/** A file that holds no certificate would let nobody in, or say so to each client only. */
function readAuthority(file: string): Buffer {
  const bytes = read(file);
  try {
    new X509Certificate(bytes);
  } catch (cause) {
    throw new ControlError('tls/unusable', `${file} holds no certificate`, {
      cause,
      hint: 'the authority that signs the certificates of clients, PEM',
    });
  }
  return bytes;
}
