import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ProxyError } from '../../../proxy/error.ts';
import { refuse } from '../../../proxy/gate/refusal.ts';
import { fixedSecrets } from '../../support/fixed-secrets.ts';
import { until } from '../../support/gate-ports.ts';
import {
  type GatewayOptions,
  type PostgresGateway,
  startPostgresGateway,
  TOKEN,
} from '../../support/postgres-gateway.ts';
import {
  bytes,
  cstring,
  fields,
  GSSENC_REQUEST,
  int32,
  message,
  openWire,
  packet,
  query,
  SSL_REQUEST,
  split,
  startup,
  type WireClient,
} from '../../support/postgres-wire.ts';

const test = suite('proxy/postgres/server');
const PROTOCOL_3_2 = 196_610;
/** Connections of the flood: more than the limit by far, fewer than the descriptors of a test process. */
const FLOOD = 10_000;
const AT_ONCE = 250;

const NOBODY: GatewayOptions['upstream'] = {
  kind: 'postgres',
  host: '127.0.0.1',
  port: 1,
  database: 'shop',
  user: 'app',
  password: undefined,
  tls: 'disable',
  ca: undefined,
};

async function withGateway(
  options: Partial<GatewayOptions>,
  use: (gateway: PostgresGateway) => Promise<void>,
): Promise<void> {
  const gateway = await startPostgresGateway({ upstream: NOBODY, ...options });
  try {
    await use(gateway);
  } finally {
    await gateway.stop();
  }
}

/** The FATAL a client gets, by field. */
async function fatal(client: WireClient): Promise<Record<string, string>> {
  await client.closed;
  const error = split(client.received().subarray(client.received().indexOf('E'))).find(
    ({ tag }) => tag === 'E',
  );
  return fields(error?.body ?? Buffer.alloc(0));
}

async function signInWith(
  gateway: PostgresGateway,
  parameters: Record<string, string>,
  token: string,
): Promise<Record<string, string>> {
  const client = await openWire(gateway.port);
  client.send(startup(parameters));
  await client.until('R').catch(() => undefined);
  if (!client.socket.destroyed) client.send(message('p', cstring(token)));
  return fatal(client);
}

test('a wrong token, an unknown resource and a refused parameter are told apart in SQLSTATE', () =>
  withGateway({}, async (gateway) => {
    const wrong = await signInWith(gateway, { user: 'me', database: 'shop' }, 'bad');
    assert.is(wrong['C'], '28P01');
    assert.is(wrong['H'], 'Ask for a new one.');
    assert.is((await signInWith(gateway, { user: 'me', database: 'nope' }, TOKEN))['C'], '3D000');
    assert.is((await signInWith(gateway, { user: 'me' }, TOKEN))['C'], '3D000');
    assert.is((await signInWith(gateway, { user: 'me', database: 'shop/x' }, TOKEN))['C'], '3D000');
    const options = { user: 'me', database: 'shop', options: '-c search_path=x' };
    assert.is((await signInWith(gateway, options, TOKEN))['C'], '0A000');
    assert.is(gateway.gate.sessions.size, 0);
  }));

test('a target that is down is told with 08001 and what to check, and the session is closed', () =>
  withGateway({}, async (gateway) => {
    const error = await signInWith(gateway, { user: 'me', database: 'shop' }, TOKEN);
    assert.is(error['C'], '08001');
    assert.match(error['M'] ?? '', /127\.0\.0\.1:1 cannot be reached: ECONNREFUSED/);
    assert.match(error['H'] ?? '', /Check that the server runs/);
    assert.is(gateway.gate.sessions.size, 0);
  }));

test('a target that says nothing is given up at the deadline', async () => {
  const silent = createServer((socket) => void socket.on('error', () => undefined));
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  try {
    const options = { upstream: { ...NOBODY, port: portOf(silent) }, limits: { dialMs: 50 } };
    await withGateway(options, async (gateway) => {
      const error = await signInWith(gateway, { user: 'me', database: 'shop' }, TOKEN);
      assert.is(error['C'], '08001');
      assert.match(error['M'] ?? '', /no answer within 50 ms/);
    });
  } finally {
    silent.close();
  }
});

test('a target that sends garbage or asks for a password in an unknown way is told, not believed', async () => {
  for (const [answer, state] of [
    [message('Z', 'I'), '08006'],
    [message('R', int32(7)), '08004'],
    [bytes('R', int32(0x7fffffff)), '08006'],
    [message('R', int32(12), 'v=AAAA'), '08004'],
    [
      bytes(
        message('R', int32(0)),
        message('S', cstring('server_version'), cstring('9.6')),
        message('Z', 'I'),
      ),
      '08006',
    ],
  ] as const) {
    const impostor = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.write(answer));
    });
    impostor.listen(0, '127.0.0.1');
    await once(impostor, 'listening');
    await withGateway({ upstream: { ...NOBODY, port: portOf(impostor) } }, async (gateway) => {
      const error = await signInWith(gateway, { user: 'me', database: 'shop' }, TOKEN);
      assert.is(error['C'], state);
    });
    impostor.close();
  }
});

test('negotiation is answered, each kind at most once', () =>
  withGateway({}, async (gateway) => {
    const client = await openWire(gateway.port);
    client.send(GSSENC_REQUEST);
    await until(() => client.received().toString() === 'N');
    client.send(SSL_REQUEST);
    await until(() => client.received().toString() === 'NN');
    client.send(SSL_REQUEST);
    assert.is((await fatal(client))['C'], '08P01');
  }));

test('a byte behind an SSLRequest closes the connection', () =>
  withGateway({}, async (gateway) => {
    const client = await openWire(gateway.port);
    client.send(SSL_REQUEST, startup({ user: 'me' }));
    assert.is((await fatal(client))['C'], '08P01');
    assert.is(gateway.listener.counters.protocolErrors, 1);
  }));

test('protocol versions are negotiated: 3.2 is spoken, newer ones and options are answered with it, others refused', () =>
  withGateway({}, async (gateway) => {
    const answer = async (code: number, extra: Record<string, string> = {}) => {
      const client = await openWire(gateway.port);
      client.send(startup({ user: 'me', database: 'shop', ...extra }, code));
      return client.until(code >> 16 === 3 ? 'R' : 'E');
    };
    assert.is((await answer(PROTOCOL_3_2)).length, 1);
    const [negotiate] = await answer(3 * 65_536 + 9_999, { '_pq_.x': '1' });
    assert.is(negotiate?.tag, 'v');
    assert.equal(negotiate?.body, bytes(int32(PROTOCOL_3_2), int32(1), cstring('_pq_.x')));
    assert.is((await answer(3 * 65_536 + 1))[0]?.tag, 'v');
    const [error] = await answer(2 * 65_536);
    assert.is(fields(error?.body ?? Buffer.alloc(0))['C'], '0A000');
  }));

test('garbage, lengths of 2 GiB and messages before their time are closed and counted', () =>
  withGateway({}, async (gateway) => {
    const beginnings = [
      bytes('GET / HTTP/1.1\r\n\r\n'),
      bytes(int32(0x7fffffff)),
      bytes(int32(0xffffffff)),
      bytes(int32(3)),
      packet(196_608, 'user'),
      bytes([0x16, 3, 1, 0, 5]),
    ];
    for (const beginning of beginnings) {
      const client = await openWire(gateway.port);
      client.send(beginning);
      await client.closed;
    }
    const early = await openWire(gateway.port);
    early.send(startup({ user: 'me', database: 'shop' }));
    await early.until('R');
    early.send(query('select 1'));
    assert.is((await fatal(early))['C'], '08P01');
    assert.is(gateway.listener.counters.protocolErrors, beginnings.length + 1);
  }));

test('a client that stalls anywhere in the handshake is closed at the one deadline', () =>
  withGateway({ limits: { handshakeMs: 100 } }, async (gateway) => {
    const silent = await openWire(gateway.port);
    const negotiating = await openWire(gateway.port);
    negotiating.send(SSL_REQUEST);
    const withoutPassword = await openWire(gateway.port);
    withoutPassword.send(startup({ user: 'me', database: 'shop' }));
    const slow = await openWire(gateway.port);
    slow.send(startup({ user: 'me' }).subarray(0, 6));
    await Promise.all([silent, negotiating, withoutPassword, slow].map(({ closed }) => closed));
    assert.is(gateway.listener.counters.handshakeTimeouts, 4);
    await until(() => gateway.listener.connections === 0);
  }));

test('half-open connections are bounded: the oldest is closed and counted', () =>
  withGateway({ limits: { halfOpen: 3 } }, async (gateway) => {
    const clients: WireClient[] = [];
    for (let index = 0; index < 5; index += 1) {
      clients.push(await openWire(gateway.port));
      await until(() => gateway.listener.counters.accepted === index + 1);
    }
    await Promise.all(clients.slice(0, 2).map(({ closed }) => closed));
    assert.is(gateway.listener.counters.halfOpenClosed, 2);
    assert.is(gateway.listener.connections, 3);
    for (const client of clients) client.end();
  }));

test('10,000 half-open start-ups leave the gateway answering, with no more open than the limit', () =>
  withGateway({ limits: { halfOpen: 100 } }, async (gateway) => {
    for (let done = 0; done < FLOOD; done += AT_ONCE) {
      const batch = await Promise.all(
        Array.from({ length: AT_ONCE }, () => openWire(gateway.port)),
      );
      for (const client of batch) client.send(SSL_REQUEST);
      await until(() => gateway.listener.counters.accepted === done + AT_ONCE);
      await until(() => gateway.listener.connections <= 100);
      for (const client of batch) client.socket.destroy();
    }
    const error = await signInWith(gateway, { user: 'me', database: 'shop' }, 'bad');
    assert.is(error['C'], '28P01');
    assert.is(gateway.listener.counters.accepted, FLOOD + 1);
    assert.ok(gateway.listener.counters.halfOpenClosed > FLOOD / 4);
  }));

test('one connection over the limit is told so', () =>
  withGateway({ limits: { connections: 1 } }, async (gateway) => {
    const first = await openWire(gateway.port);
    await until(() => gateway.listener.connections === 1);
    const second = await openWire(gateway.port);
    assert.is((await fatal(second))['C'], '53300');
    assert.is(gateway.listener.counters.overLimit, 1);
    first.end();
  }));

test('the limits of the gate are told as too many connections', () =>
  withGateway({}, async (gateway) => {
    gateway.bench.identity = refuse('limit', 'limit/sessions', 'too many sessions');
    const error = await signInWith(gateway, { user: 'me', database: 'shop' }, TOKEN);
    assert.is(error['C'], '53300');
  }));

test('a cancel with a key that nobody was given is closed without a word', () =>
  withGateway({}, async (gateway) => {
    const client = await openWire(gateway.port);
    client.send(packet(80_877_102, int32(1), int32(2)));
    await client.closed;
    assert.is(client.received().length, 0);
    assert.is(gateway.listener.counters.cancels, 0);
  }));

test('a port that is taken is a coded error', () =>
  withGateway({}, async (gateway) => {
    const { createPostgresServer } = await import('../../../proxy/postgres/server.ts');
    const { gate } = gateway;
    const key = { hash: new Uint8Array(32), token: new Uint8Array(32), format: new Uint8Array(32) };
    const server = createPostgresServer({
      gate,
      secrets: fixedSecrets(() => ''),
      maskKey: () => key,
    });
    let code = '';
    await server.bind({ host: '127.0.0.1', port: gateway.port }).catch((error: unknown) => {
      code = error instanceof ProxyError ? error.code : '';
    });
    assert.is(code, 'listen/address-in-use');
  }));

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test.run();
