/**
 * Clients that mean harm, against the real process: floods of half-open start-ups, handshakes that stall, frames that lie. They
 * are bounded, closed and counted, and everybody else is served meanwhile.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  describeShop,
  type GatewayFolder,
  type GatewayProcess,
  makeGatewayFolder,
  startGatewayProcess,
} from '../support/gateway-process.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { column, int32, openWire, query, signIn, startup } from '../support/postgres-wire.ts';

const hostile = suite('e2e/hostile-clients');

const FLOOD = 10_000;
/** Connections of the flood that are opened at once; more would fill the backlog of this machine, not of the gateway. */
const WAVE = 250;
const HALF_OPEN = 200;
const HANDSHAKE_MS = 2_000;
/** Open files beside client connections: listeners, store, journal, pipes, targets. */
const SPARE_FILES = 100;
/** Growth that a bounded number of half-open connections may cause, with what the collector has not yet freed. */
const SPARE_BYTES = 200 * 1024 * 1024;

const openFiles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;
const residentBytes = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

/** Sends these bytes on a new connection and leaves it open; resolves when connected or refused. */
function openHalf(port: number, bytes: Buffer): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(socket));
    socket.once('connect', () => {
      socket.write(bytes);
      resolve(socket);
    });
    socket.resume();
  });
}

const server = await startPostgres();
if (server === undefined) console.log('SKIP: no PostgreSQL server binaries on this machine');
else if (process.platform !== 'linux') console.log('SKIP: open files are counted in /proc');
else {
  const folder: GatewayFolder = makeGatewayFolder(
    `listen: {postgres: "127.0.0.1:0", http: "127.0.0.1:0", api: "127.0.0.1:0"}
limits: {half_open: ${HALF_OPEN}, connections: 500, handshake: ${HANDSHAKE_MS}ms}
resources:
${describeShop(server)}identities: [{subject: ana}]
`,
  );
  const gateway: GatewayProcess = await startGatewayProcess(folder, ['--log-level', 'error']);
  const token = await folder.token('ana');
  const port = gateway.ports['postgres'] ?? 0;
  const http = gateway.ports['http'] ?? 0;
  const pid = gateway.child.pid ?? 0;
  hostile.after(async () => {
    const code = await gateway.end('SIGTERM');
    folder.remove();
    await server.stop();
    assert.is(code, 0);
  });

  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`http://127.0.0.1:${gateway.ports['api']}/metrics`)).text();
    const line = text.split('\n').find((each) => each.startsWith(`${name} `));
    assert.ok(line, `no metric ${name}`);
    return Number(line?.split(' ').at(-1));
  };
  const dropped = (cause: string): Promise<number> =>
    metric(`sallyport_clients_dropped{listener="postgres",cause="${cause}"}`);
  const answer = async (text: string): Promise<(string | null)[]> => {
    const { client } = await signIn(port, token);
    client.send(query(text));
    const rows = column(await client.until('Z'));
    client.end();
    return rows;
  };

  hostile('ten thousand half-open start-ups cost little, and others are served', async () => {
    assert.equal(await answer('select 1'), ['1']);
    const { client: early } = await signIn(port, token);
    const filesBefore = openFiles(pid);
    const bytesBefore = residentBytes(pid);
    let mostFiles = 0;
    const open: Socket[] = [];
    // Half of a start-up packet: the gateway must wait for the rest, or for its deadline.
    const half = startup({ user: 'me', database: 'shop' }).subarray(0, 9);
    for (let sent = 0; sent < FLOOD; sent += WAVE) {
      open.push(...(await Promise.all(Array.from({ length: WAVE }, () => openHalf(port, half)))));
      early.send(query(`select ${sent}`));
      assert.equal(column(await early.until('Z')), [String(sent)]);
      mostFiles = Math.max(mostFiles, openFiles(pid));
    }
    assert.equal(await answer('select 2'), ['2'], 'a newcomer signs in beside what is left of it');
    const grown = residentBytes(pid) - bytesBefore;
    assert.ok(
      mostFiles <= filesBefore + HALF_OPEN + WAVE + SPARE_FILES,
      `${filesBefore} files, then ${mostFiles}`,
    );
    assert.ok(grown < SPARE_BYTES, `${bytesBefore} bytes, ${grown} more`);
    const closed = (await dropped('half_open')) + (await dropped('handshake_timeout'));
    assert.ok(closed >= FLOOD - HALF_OPEN - WAVE, `${closed} closed`);
    console.log(
      `${FLOOD} half-open: ${closed} dropped, at most ${mostFiles} files open (${filesBefore} before), ${Math.round(grown / 1024 / 1024)} MiB more memory`,
    );
    for (const socket of open) socket.destroy();
    early.end();
  });

  hostile('a handshake that stalls is closed and counted, at each of its steps', async () => {
    const before = await dropped('handshake_timeout');
    const silent = await openWire(port);
    const half = await openWire(port);
    half.send(startup({ user: 'me', database: 'shop' }).subarray(0, 9));
    const noPassword = await openWire(port);
    noPassword.send(startup({ user: 'me', database: 'shop' }));
    await noPassword.until('R');
    const dripping = await openWire(port);
    const hello = startup({ user: 'me', database: 'shop' });
    let at = 0;
    const drip = setInterval(() => {
      dripping.send(hello.subarray(at, at + 1));
      at += 1;
    }, HANDSHAKE_MS / 10);
    await Promise.all([silent.closed, half.closed, noPassword.closed, dripping.closed]);
    clearInterval(drip);
    assert.is(await dropped('handshake_timeout'), before + 4);
  });

  hostile('a request head that never ends is closed', async () => {
    const socket = await openHalf(http, Buffer.from('GET / HTTP/1.1\r\nHost: web'));
    let said = '';
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    await new Promise((resolve) => socket.once('close', resolve));
    assert.match(said, /^(HTTP\/1\.1 408 |$)/);
  });

  hostile('frames that lie about their length or kind are closed and counted', async () => {
    const before = await dropped('protocol_error');
    const bytesBefore = residentBytes(pid);
    const twoGiB = int32(0x7fff_ffff);
    const start = await openWire(port);
    start.send(Buffer.from([...twoGiB, 0, 3, 0, 0]));
    await start.closed;
    const { client: asking } = await signIn(port, token);
    asking.send(Buffer.from([0x51, ...twoGiB]), Buffer.alloc(1024, 0x20));
    await asking.closed;
    assert.match(asking.received().toString('latin1'), /SFATAL\0.*C08P01\0/);
    const { client: unknown } = await signIn(port, token);
    unknown.send(Buffer.from([0x21, ...int32(4)]));
    await unknown.closed;
    const garbage = await openHalf(http, Buffer.from('\x16\x03\x01 nonsense\r\n\r\n'));
    await new Promise((resolve) => garbage.once('close', resolve));
    assert.is(await dropped('protocol_error'), before + 3);
    assert.ok(residentBytes(pid) - bytesBefore < SPARE_BYTES);
    assert.equal(await answer('select 3'), ['3']);
  });
}

hostile.run();
