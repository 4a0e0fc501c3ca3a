/**
 * The client's half of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS, without a socket: strings in, strings out. The server must prove
 * that it knows the password too, or the exchange fails. RFC 5802, RFC 7677; channel binding `tls-server-end-point`, RFC 5929.
 */
import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { ProxyError } from '../error.ts';

const derive = promisify(pbkdf2);
const PLAIN = 'SCRAM-SHA-256';
const PLUS = 'SCRAM-SHA-256-PLUS';
const KEY_BYTES = 32;
/** The server chooses the work; a hostile one must not choose hours of it. PostgreSQL's default is 4,096. */
const MAX_ITERATIONS = 1_000_000;

export interface ScramOptions {
  readonly mechanisms: readonly string[];
  readonly password: string;
  /** Hash of the server's certificate; undefined without TLS. */
  readonly channelBinding: Buffer | undefined;
  /** Fresh and unguessable, printable, without a comma. */
  readonly nonce: string;
}

export interface ScramExchange {
  readonly mechanism: string;
  readonly first: string;
  /** Answers the server's first message. */
  respond(serverFirst: string): Promise<string>;
  /** Checks the server's proof. Throws `target/refused-credential`. */
  verify(serverFinal: string): void;
}

/** Starts an exchange; undefined when the server offers no mechanism that is known here. */
export function startScram(options: ScramOptions): ScramExchange | undefined {
  const plus = options.channelBinding !== undefined && options.mechanisms.includes(PLUS);
  if (!plus && !options.mechanisms.includes(PLAIN)) return undefined;
  const gs2 = plus
    ? 'p=tls-server-end-point,,'
    : options.channelBinding === undefined
      ? 'n,,'
      : 'y,,';
  const bound = Buffer.concat([
    Buffer.from(gs2),
    plus && options.channelBinding !== undefined ? options.channelBinding : Buffer.alloc(0),
  ]).toString('base64');
  const firstBare = `n=,r=${options.nonce}`;
  let serverSignature: Buffer | undefined;
  return {
    mechanism: plus ? PLUS : PLAIN,
    first: gs2 + firstBare,
    async respond(serverFirst) {
      const { nonce, salt, iterations } = readServerFirst(serverFirst, options.nonce);
      const salted = await derive(
        normalise(options.password),
        salt,
        iterations,
        KEY_BYTES,
        'sha256',
      );
      const clientKey = hmac(salted, 'Client Key');
      const withoutProof = `c=${bound},r=${nonce}`;
      const message = `${firstBare},${serverFirst},${withoutProof}`;
      const signature = hmac(createHash('sha256').update(clientKey).digest(), message);
      const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
      serverSignature = hmac(hmac(salted, 'Server Key'), message);
      return `${withoutProof},p=${proof.toString('base64')}`;
    },
    verify(serverFinal) {
      const proof = Buffer.from(/^v=([^,]*)/.exec(serverFinal)?.[1] ?? '', 'base64');
      const good =
        serverSignature !== undefined &&
        proof.length === serverSignature.length &&
        timingSafeEqual(proof, serverSignature);
      if (!good) {
        throw new ProxyError(
          'target/refused-credential',
          'the target could not prove that it knows the password',
        );
      }
    },
  };
}

/** `r=<nonce>,s=<salt>,i=<iterations>`; the server's nonce must go on from ours. */
function readServerFirst(
  text: string,
  ownNonce: string,
): { readonly nonce: string; readonly salt: Buffer; readonly iterations: number } {
  const match = /^r=([\x21-\x2b\x2d-\x7e]+),s=([A-Za-z0-9+/=]+),i=([1-9]\d{0,8})(?:,|$)/.exec(text);
  const [, nonce = '', salt = '', count = ''] = match ?? [];
  const iterations = Number(count);
  if (
    !nonce.startsWith(ownNonce) ||
    nonce.length === ownNonce.length ||
    iterations > MAX_ITERATIONS
  ) {
    throw new ProxyError(
      'target/protocol',
      'the target answered with a SCRAM message that does not fit',
    );
  }
  return { nonce, salt: Buffer.from(salt, 'base64'), iterations };
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** SASLprep as far as it changes a password: compatibility forms composed, other spaces made plain. ASCII stays as it is. */
function normalise(password: string): string {
  return password
    .replace(/[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g, ' ')
    .replace(/[\u00ad\u200b\u2060\ufeff]/g, '')
    .normalize('NFKC');
}
