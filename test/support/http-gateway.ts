/**
 * The HTTP front before a target of the test's own, with the gate's ports stood in for and raw sockets to talk to it.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import * as assert from 'uvu/assert';
import { createGate, type RunningGate } from '../../proxy/gate/pipeline.ts';
import type { HttpUpstream, Target } from '../../proxy/gate/ports.ts';
import type { Listener } from '../../proxy/gate/protocol.ts';
import { refuse } from '../../proxy/gate/refusal.ts';
import type { HttpLimits } from '../../proxy/http/limits.ts';
import { createHttpServer } from '../../proxy/http/server.ts';
import { deriveMaskKey } from '../../proxy/mask/methods.ts';
import { fixedSecrets } from './fixed-secrets.ts';
import { type Bench, identity, makeBench, until } from './gate-ports.ts';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** The target's own connection it came over. */
  readonly connection: number;
}

export interface HttpBench {
  readonly bench: Bench;
  readonly gate: RunningGate;
  readonly listener: Listener;
  readonly port: number;
  readonly seen: SeenRequest[];
  /** How the target answers. */
  reply: (request: SeenRequest, response: ServerResponse) => void;
  /** Sends raw bytes, returns everything that came until the gateway or the deadline closed. */
  raw(bytes: string | Buffer, idleMs?: number): Promise<string>;
  /** A whole request with token and host, closed after its answer. */
  ask(method: string, path: string, more?: { headers?: string[]; body?: string }): Promise<Answer>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

const TARGET_NAME = 'orders';

export async function openHttpBench(
  limits: Partial<HttpLimits> = {},
  upstream: Partial<HttpUpstream> = {},
  tls?: { readonly key: string; readonly cert: string },
): Promise<HttpBench> {
  const seen: SeenRequest[] = [];
  const target = await startTarget(seen, (request, response) => self.reply(request, response));
  const targetPort = (target.address() as AddressInfo).port;
  const bench = makeBench();
  const configured: Target = {
    resource: { name: TARGET_NAME, type: 'http', labels: { env: 'prod' } },
    policies: ['access'],
    upstream: {
      kind: 'http',
      url: `http://127.0.0.1:${targetPort}`,
      inject: [{ header: 'Authorization', value: { id: 'target-key' } }],
      ca: undefined,
      ...upstream,
    },
  };
  const ports = {
    ...bench.ports,
    targets: { find: (name: string) => (name === TARGET_NAME ? configured : undefined) },
    identities: {
      identify: async (credential: { readonly token: string }) =>
        credential.token.startsWith('good')
          ? identity({ subject: credential.token.slice(0, 5) })
          : refuse('unauthenticated', 'identity/unknown', 'nobody holds this token'),
    },
  };
  const gate = createGate(ports);
  const secret = Buffer.alloc(32, 7);
  const server = createHttpServer({
    gate,
    secrets: fixedSecrets(({ id }) => `Bearer secret-of-${id}`),
    maskKey: (resource) => deriveMaskKey(secret, resource),
    log: { warn: () => undefined },
    hosts: { 'api.example.test': TARGET_NAME },
    limits,
    ...(tls === undefined ? {} : { tls }),
  });
  const listener = await server.bind({ host: '127.0.0.1', port: 0 });
  const { port } = listener.address;
  const self: HttpBench = {
    bench,
    gate,
    listener,
    port,
    seen,
    reply: (_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end('{"ok":true}');
    },
    raw: (bytes, idleMs = 150) => talk(port, bytes, idleMs),
    async ask(method, path, { headers = [], body = '' } = {}) {
      const lines = [
        `${method} ${path} HTTP/1.1`,
        'Host: orders.localhost',
        'Authorization: Bearer good',
        'Connection: close',
        ...(body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
        ...headers,
      ];
      const text = await talk(port, `${lines.join('\r\n')}\r\n\r\n${body}`, 5_000);
      return parseAnswer(text);
    },
    async close() {
      await listener.close(0);
      await gate.shutDown(refuse('unavailable', 'test/over', 'over'));
      target.closeAllConnections();
      await new Promise((resolve) => target.close(resolve));
    },
  };
  return self;
}

/** Runs with a bench that is closed in any case. */
export async function withBench(
  run: (http: HttpBench) => Promise<void>,
  ...settings: Parameters<typeof openHttpBench>
): Promise<void> {
  const http = await openHttpBench(...settings);
  try {
    await run(http);
  } finally {
    await http.close();
  }
}

/** The problem document of an answer; throws when it is none. */
export function problemOf(answer: Answer): { code: string; status: number; reasons: unknown[] } {
  assert.match(answer.head, /content-type: application\/problem\+json/i);
  return JSON.parse(answer.body);
}

function outcomes(http: HttpBench): unknown[] {
  return http.bench.entries.flatMap(({ entry }) =>
    entry.type === 'action.finished' ? [entry.outcome] : [],
  );
}

/** What is recorded of the first action that has finished. */
export async function outcome(http: HttpBench): Promise<unknown> {
  await until(() => outcomes(http).length > 0);
  return outcomes(http)[0];
}

export function parseAnswer(text: string): Answer {
  const at = text.indexOf('\r\n\r\n');
  const head = text.slice(0, at);
  const rest = text.slice(at + 4);
  const isChunked = /^transfer-encoding: chunked/im.test(head);
  return { status: Number(head.split(' ')[1]), head, body: isChunked ? unchunk(rest) : rest };
}

function unchunk(text: string): string {
  let bytes = Buffer.from(text);
  let body = '';
  for (;;) {
    const line = bytes.indexOf('\r\n');
    const size = Number.parseInt(bytes.subarray(0, line).toString(), 16);
    if (!(size > 0)) return body;
    body += bytes.subarray(line + 2, line + 2 + size).toString();
    bytes = bytes.subarray(line + 2 + size + 2);
  }
}

function talk(port: number, bytes: string | Buffer, idleMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let got = '';
    socket.setTimeout(idleMs, () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      got += chunk.toString();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => resolve(got));
    socket.write(bytes);
  });
}

async function startTarget(
  seen: SeenRequest[],
  reply: (request: SeenRequest, response: ServerResponse) => void,
): Promise<Server> {
  const ports: number[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    const port = request.socket.remotePort ?? 0;
    if (!ports.includes(port)) ports.push(port);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const body = Buffer.concat(chunks).toString();
      const one = { method, url, headers, body, connection: ports.indexOf(port) };
      seen.push(one);
      reply(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
