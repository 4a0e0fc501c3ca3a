/**
 * The demo's inbox: it takes the gateway's notices as a bot of the shop would, checks who sent them, and puts each approver's message
 * where only this user can read it.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';

/** Bytes of a notice that are read. */
const BODY_LIMIT = 1024 * 1024;
const SIGNATURE = /^t=(\d+),v1=([0-9a-f]{64})$/;

/** A message to one approver. */
export interface InboxMessage {
  readonly approval: string;
  readonly headline: string;
  /** The link that is theirs alone. */
  readonly url: string;
}

export interface DemoInbox {
  readonly url: string;
  stop(): Promise<void>;
}

interface ReceivedNotice {
  readonly headline: string;
  readonly approval: { readonly id: string };
  readonly links?: readonly { readonly subject: string; readonly url: string }[];
}

/** Starts the inbox on a free loopback port; `secret` is what notices are signed with. */
export async function startDemoInbox(folder: string, secret: string): Promise<DemoInbox> {
  const server = createServer((request, response) => {
    readBody(request)
      .then((body) => {
        const isSigned = isFromGateway(request.headers['sallyport-signature'], body, secret);
        if (isSigned) deliver(folder, JSON.parse(body) as ReceivedNotice);
        response.writeHead(isSigned ? 204 : 401).end();
      })
      .catch(() => response.writeHead(400).end());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notices`,
    stop: () =>
      new Promise((resolve) => {
        rmSync(inboxOf(folder), { recursive: true, force: true });
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The newest message to this person in the demo of this configuration. */
export function readInbox(configFile: string, subject: string): InboxMessage | undefined {
  const file = messageFile(dirname(configFile), subject);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as InboxMessage) : undefined;
}

function deliver(folder: string, { headline, approval, links = [] }: ReceivedNotice): void {
  mkdirSync(inboxOf(folder), { recursive: true, mode: 0o700 });
  for (const { subject, url } of links) {
    const message: InboxMessage = { approval: approval.id, headline, url };
    writeFileSync(messageFile(folder, subject), JSON.stringify(message), { mode: 0o600 });
  }
}

const inboxOf = (folder: string): string => join(folder, 'inbox');
const messageFile = (folder: string, subject: string): string =>
  join(inboxOf(folder), `${encodeURIComponent(subject)}.json`);

function isFromGateway(field: unknown, body: string, secret: string): boolean {
  const [, seconds = '', hex = ''] = SIGNATURE.exec(String(field)) ?? [];
  if (hex === '') return false;
  const expected = createHmac('sha256', secret).update(`${seconds}.${body}`).digest();
  return timingSafeEqual(Buffer.from(hex, 'hex'), expected);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new RangeError('body over the limit');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
