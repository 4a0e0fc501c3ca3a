/**
 * The certificate and key towards clients, read from their files when a listener opens.
 */
import { readFileSync } from 'node:fs';
import { ControlError } from './error.ts';

/** What the configuration says of it; paths of PEM files. */
export interface TlsSettings {
  readonly cert: string;
  readonly key: string;
  readonly required: boolean;
  readonly requestCert: boolean;
}

export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
  readonly required: boolean;
  readonly requestCert: boolean;
}

/** Undefined where the configuration names none. Throws `tls/unusable`. */
export function readTls(tls: TlsSettings | undefined): TlsFiles | undefined {
  if (tls === undefined) return undefined;
  const { cert, key, required, requestCert } = tls;
  try {
    return {
      certificate: readFileSync(cert, 'utf8'),
      key: readFileSync(key, 'utf8'),
      required,
      requestCert,
    };
  } catch (cause) {
    throw new ControlError('tls/unusable', 'the certificate or key cannot be read', {
      cause,
      hint: 'check `tls.cert` and `tls.key`; paths are relative to the configuration',
    });
  }
}
