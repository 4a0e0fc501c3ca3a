/**
 * The end of a sign-in on the person's own machine: one address on loopback, open for one answer. Whatever does not carry the state
 * of this sign-in was not sent by it, and changes nothing (RFC 8252 sections 7.3 and 8.9, RFC 6749 section 10.12).
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ControlError } from '../../error.ts';

/** Milliseconds a person has to sign in. */
export const SIGN_IN_WAIT_MS = 300_000;
const HOST = '127.0.0.1';
const PATH = '/callback';
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  connection: 'close',
} as const;

export interface Loopback {
  /** Where the provider is to send the browser. */
  readonly redirectUri: string;
  /**
   * Waits for the answer with this state, has `use` make something of it, and shows the person how that ended. Rejects as `use`
   * does, or with `login/timeout`.
   */
  answer<T>(state: string, use: (answer: URL) => Promise<T>): Promise<T>;
  /** Stops listening; whoever still waits is told as after the time is over. */
  close(): void;
}

/** Listens on `port`, or on any free one. */
export async function openLoopback(port = 0, waitMs: number = SIGN_IN_WAIT_MS): Promise<Loopback> {
  let receive: ((answer: URL, response: ServerResponse) => boolean) | undefined;
  let giveUp = (): void => undefined;
  const server = createServer((request, response) => {
    const { host } = request.headers;
    const target = request.url ?? '';
    // Another name for this machine is the address of somebody else's page.
    const isOurs = request.method === 'GET' && host === own.host && target.startsWith(`${PATH}?`);
    if (isOurs && receive?.(new URL(target, own), response) === true) return;
    response.writeHead(isOurs ? 400 : 404, HEADERS);
    response.end(page('This is not the sign-in that was begun.'));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: HOST, port, exclusive: true }, resolve);
  }).catch((cause: unknown) => {
    throw new ControlError('listen/address-in-use', `port ${port} of this machine is taken`, {
      cause,
      hint: 'the provider returns to this port (`issuers[].redirect_port`); stop what listens there',
    });
  });
  const own = new URL(`http://${HOST}:${(server.address() as AddressInfo).port}${PATH}`);

  return {
    redirectUri: own.href,
    answer: (state, use) =>
      new Promise((resolve, reject) => {
        giveUp = () => {
          clearTimeout(timer);
          reject(
            new ControlError('login/timeout', 'nobody signed in in time', {
              hint: 'try again; on a machine without a browser use `sallyport login --device`',
            }),
          );
        };
        const timer = setTimeout(giveUp, waitMs);
        receive = (answer, response) => {
          if (!isSame(answer.searchParams.getAll('state'), state)) return false;
          // One answer is used, right or wrong: a code is good once.
          receive = undefined;
          clearTimeout(timer);
          const show = (status: number, text: string): void => {
            response.writeHead(status, HEADERS);
            response.end(page(text));
          };
          use(answer).then(
            (value) => {
              show(200, 'You are signed in. You can close this page.');
              resolve(value);
            },
            (error: unknown) => {
              show(400, 'You are not signed in. The terminal says why.');
              reject(error);
            },
          );
          return true;
        };
      }),
    close() {
      giveUp();
      server.close();
      server.closeIdleConnections();
    },
  };
}

function isSame(given: readonly string[], state: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  const [one] = given;
  return given.length === 1 && one !== undefined && timingSafeEqual(hash(one), hash(state));
}

function page(text: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sallyport</title><p>${text}</p></html>`;
}
