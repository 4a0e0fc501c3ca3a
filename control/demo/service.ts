/**
 * The demo's HTTP service: the shop's API as it would stand behind the gateway. It demands a key that only the gateway holds, so
 * that a caller who reaches it directly gets nothing.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SHOP_CUSTOMERS } from './shop-data.ts';

/** Bytes of a request body the service reads. */
const BODY_LIMIT = 16 * 1024;

export interface DemoService {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the service on a free loopback port; `apiKey` is what `x-api-key` must carry. */
export async function startDemoService(apiKey: string): Promise<DemoService> {
  const server = createServer((request, response) => {
    answer(request, response, apiKey).catch(() => reply(response, 500, { error: 'internal' }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  apiKey: string,
): Promise<void> {
  if (request.headers['x-api-key'] !== apiKey) {
    reply(response, 401, { error: 'a valid x-api-key is needed' });
    return;
  }
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const one = /^\/customers\/(\d+)$/.exec(path);
  if (request.method === 'GET' && path === '/customers') {
    reply(
      response,
      200,
      SHOP_CUSTOMERS.map(({ id, name, email, city }) => ({ id, name, email, city })),
    );
  } else if (request.method === 'GET' && one !== null) {
    const customer = SHOP_CUSTOMERS.find(({ id }) => id === Number(one[1]));
    if (customer === undefined) reply(response, 404, { error: 'no such customer' });
    else reply(response, 200, customer);
  } else if (request.method === 'POST' && path === '/refunds') {
    reply(response, 201, { refunded: JSON.parse(await readBody(request)) });
  } else if (request.method === 'DELETE' && one !== null) {
    reply(response, 204, undefined);
  } else {
    reply(response, 404, { error: 'not found' });
  }
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

function reply(response: ServerResponse, status: number, body: unknown): void {
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  const text = JSON.stringify(body);
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    })
    .end(text);
}
