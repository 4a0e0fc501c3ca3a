/**
 * PostgreSQL messages built and read byte by byte, on purpose without the gateway's own codec, and a client that speaks them
 * over a socket as a test tells it.
 */
import { connect, type Socket } from 'node:net';

type Part = string | readonly number[] | Uint8Array;

export const int16 = (value: number): number[] => [(value >> 8) & 255, value & 255];
export const int32 = (value: number): number[] => [
  (value >>> 24) & 255,
  (value >>> 16) & 255,
  (value >>> 8) & 255,
  value & 255,
];
/** Text and its zero byte. */
export const cstring = (text: string): number[] => [...Buffer.from(text), 0];

export function bytes(...parts: readonly Part[]): Buffer {
  return Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))),
  );
}

/** A message with its tag and a right length. */
export function message(tag: string, ...parts: readonly Part[]): Buffer {
  const body = bytes(...parts);
  return bytes(tag, int32(body.length + 4), body);
}

/** A start-up packet: a right length, a code, the rest. */
export function packet(code: number, ...parts: readonly Part[]): Buffer {
  const body = bytes(int32(code), ...parts);
  return bytes(int32(body.length + 4), body);
}

export const SSL_REQUEST = packet(80_877_103);
export const GSSENC_REQUEST = packet(80_877_104);

export function startup(parameters: Readonly<Record<string, string>>, code = 196_608): Buffer {
  const pairs = Object.entries(parameters).flatMap(([name, value]) => [
    ...cstring(name),
    ...cstring(value),
  ]);
  return packet(code, pairs, [0]);
}

/** Every way to cut the input into two pieces, and the one of single bytes. */
export function cuts(input: Buffer): Buffer[][] {
  const ways: Buffer[][] = [[...input].map((byte) => Buffer.from([byte]))];
  for (let at = 0; at <= input.length; at += 1) {
    ways.push([input.subarray(0, at), input.subarray(at)]);
  }
  return ways;
}

export interface WireMessage {
  readonly tag: string;
  readonly body: Buffer;
}

/** Whole messages in bytes; what is left over is dropped. */
export function split(input: Buffer): WireMessage[] {
  const messages: WireMessage[] = [];
  for (let at = 0; at + 5 <= input.length; ) {
    const length = input.readUInt32BE(at + 1);
    if (at + 1 + length > input.length) break;
    messages.push({
      tag: String.fromCharCode(input.readUInt8(at)),
      body: input.subarray(at + 5, at + 1 + length),
    });
    at += 1 + length;
  }
  return messages;
}

/** Fields of an ErrorResponse or NoticeResponse by letter. */
export function fields(body: Buffer): Record<string, string> {
  const found: Record<string, string> = {};
  for (const part of body.toString('utf8').split('\0')) {
    if (part !== '') found[part.charAt(0)] = part.slice(1);
  }
  return found;
}

/** Milliseconds a test client waits for an answer that never comes. */
const ANSWER_LIMIT_MS = 5_000;

export interface WireClient {
  readonly socket: Socket;
  /** Everything received so far. */
  received(): Buffer;
  send(...messages: readonly Buffer[]): void;
  /** Messages up to and including the `count`th of this tag after the last call. */
  until(tag: string, count?: number): Promise<WireMessage[]>;
  /** Resolves when the other side has closed the connection. */
  closed: Promise<void>;
  end(): void;
}

/** Connects without saying anything. */
export async function openWire(port: number): Promise<WireClient> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  let input: Buffer = Buffer.alloc(0);
  let taken = 0;
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    input = Buffer.concat([input, chunk]);
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve());
    socket.once('error', reject);
  });
  return {
    socket,
    received: () => input,
    send: (...messages) => void socket.write(Buffer.concat(messages)),
    async until(tag, count = 1) {
      const deadline = Date.now() + ANSWER_LIMIT_MS;
      for (;;) {
        const found = split(input.subarray(taken));
        const hits = found.flatMap(({ tag: each }, index) => (each === tag ? [index] : []));
        const last = hits[count - 1];
        if (last !== undefined) {
          const answer = found.slice(0, last + 1);
          taken += answer.reduce((sum, { body }) => sum + 5 + body.length, 0);
          return answer;
        }
        if (Date.now() > deadline || socket.destroyed) {
          const seen = found.map(({ tag: each }) => each).join('');
          throw new Error(`no ${tag}; received ${seen} (${socket.destroyed ? 'closed' : 'open'})`);
        }
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    },
    closed,
    end: () => void socket.end(),
  };
}

/** Connects and signs in; resolves after ReadyForQuery. */
export async function signIn(
  port: number,
  token: string,
  parameters: Readonly<Record<string, string>> = {},
  code = 196_608,
): Promise<{ readonly client: WireClient; readonly hello: WireMessage[] }> {
  const client = await openWire(port);
  client.send(startup({ user: 'me', database: 'shop', ...parameters }, code));
  await client.until('R');
  client.send(message('p', cstring(token)));
  return { client, hello: await client.until('Z') };
}

export const query = (text: string): Buffer => message('Q', cstring(text));
export const parse = (name: string, text: string): Buffer =>
  message('P', cstring(name), cstring(text), int16(0));
export const bind = (portal: string, statement: string, values: readonly string[] = []): Buffer =>
  message(
    'B',
    cstring(portal),
    cstring(statement),
    int16(0),
    int16(values.length),
    ...values.flatMap((value) => [int32(Buffer.byteLength(value)), value]),
    int16(0),
  );
export const execute = (portal: string, rows = 0): Buffer =>
  message('E', cstring(portal), int32(rows));
export const describe = (what: 'S' | 'P', name: string): Buffer =>
  message('D', what, cstring(name));
export const close = (what: 'S' | 'P', name: string): Buffer => message('C', what, cstring(name));
export const SYNC = message('S');
export const FLUSH = message('H');
export const TERMINATE = message('X');

/** Tags in order as one word. */
export const tags = (messages: readonly WireMessage[]): string =>
  messages.map(({ tag }) => tag).join('');
/** Text of the `index`th column of each DataRow. */
export const column = (messages: readonly WireMessage[], index = 0): (string | null)[] =>
  messages
    .filter(({ tag }) => tag === 'D')
    .map(({ body }) => {
      let at = 2;
      for (let skip = 0; skip < index; skip += 1) at += 4 + Math.max(0, body.readInt32BE(at));
      const length = body.readInt32BE(at);
      return length < 0 ? null : body.toString('utf8', at + 4, at + 4 + length);
    });
