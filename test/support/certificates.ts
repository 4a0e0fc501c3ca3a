/** Real certificates by the openssl of this machine: authorities, and what they sign. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** PEM files. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'ignore' });
}

/** An authority that signs itself. */
export function makeAuthority(dir: string, name: string): CertificateFiles {
  const files = { cert: join(dir, `${name}.pem`), key: join(dir, `${name}.key`) };
  const subject = ['-days', '1', '-subj', `/CN=${name}`];
  openssl('req', '-x509', ...KEY, ...subject, '-keyout', files.key, '-out', files.cert);
  return files;
}

/** A certificate of an authority, for a server on loopback as for a client. */
export function signCertificate(
  dir: string,
  authority: CertificateFiles,
  name: string,
): CertificateFiles {
  const files = { cert: join(dir, `${name}.pem`), key: join(dir, `${name}.key`) };
  const [request, extensions] = [join(dir, `${name}.csr`), join(dir, `${name}.ext`)];
  writeFileSync(extensions, 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
  openssl('req', '-new', ...KEY, '-subj', `/CN=${name}`, '-keyout', files.key, '-out', request);
  const signing = ['-CA', authority.cert, '-CAkey', authority.key, '-CAcreateserial'];
  const out = ['-days', '1', '-extfile', extensions, '-out', files.cert];
  openssl('x509', '-req', '-in', request, ...signing, ...out);
  return files;
}
