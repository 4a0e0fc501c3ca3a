/**
 * The promise "no record, no access" with a real gateway process in front of a real PostgreSQL: it is killed fifty times while
 * clients write through it, and whatever reached the table is in the journal. Then the journal is falsified, and it shows.
 */
import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ActionDecided } from '../../proxy/gate/record.ts';
import {
  FRAME,
  FRAME_OVERHEAD,
  type Frame,
  HEADER_BYTES,
  readFrame,
  sealFrame,
} from '../../proxy/journal/format.ts';
import { readJournal } from '../../proxy/journal/read.ts';
import { findFreePort, runCli } from '../control/cli/run-cli.ts';
import {
  describeShop,
  type GatewayFolder,
  type GatewayProcess,
  makeGatewayFolder,
  startGatewayProcess,
} from '../support/gateway-process.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';

const KILLS = 50;
const WRITERS = 6;
/** Milliseconds of load before a kill, at most; writes begin within the first. */
const LONGEST_LOAD_MS = 250;
/** Small, so that the journal has several segments to falsify. */
const SEGMENT = '512KiB';

const crash = suite('e2e/gateway-crash');

interface Load {
  /** Ids of statements whose success the client was told. */
  readonly acknowledged: Set<string>;
  stop(): Promise<void>;
}

/** Clients that write rows with ids of their own, and connect again whenever the gateway has gone. */
function startLoad(port: number, token: string): Load {
  const acknowledged = new Set<string>();
  let isStopped = false;
  const write = async (writer: number): Promise<void> => {
    for (let life = 0; !isStopped; life += 1) {
      const client = new pg.Client({
        host: '127.0.0.1',
        port,
        user: 'writer',
        password: token,
        database: 'shop',
      });
      client.on('error', () => undefined);
      try {
        await client.connect();
        for (let number = 0; !isStopped; number += 1) {
          const id = `w${writer}-${life}-${number}`;
          const insert = `insert into ledger (id) values ('${id}')`;
          const update = `update ledger set note = 'u-${id}' where id = '${id}'`;
          // Both protocols, and several statements in one message.
          if (number % 3 === 0) await client.query(`${insert}; ${update}`);
          else {
            await client.query(insert);
            await client.query({ text: update, ...(number % 3 === 1 ? { name: id } : {}) });
          }
          acknowledged.add(id).add(`u-${id}`);
        }
      } catch {
        // The gateway was killed, or is not there yet.
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await client.end().catch(() => undefined);
    }
  };
  const writers = Array.from({ length: WRITERS }, (_, writer) => write(writer));
  return {
    acknowledged,
    async stop() {
      isStopped = true;
      await Promise.all(writers);
    },
  };
}

async function queryDirect(server: PostgresServer, sql: string): Promise<(string | null)[][]> {
  const client = new pg.Client({ ...server });
  await client.connect();
  try {
    return (await client.query<(string | null)[]>({ text: sql, rowMode: 'array' })).rows;
  } finally {
    await client.end();
  }
}

/** Every id named in the statements that the journal says were let through. */
async function recordedIds(journal: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const { entry } of readJournal(journal, { types: ['action.decided'] })) {
    const { verdict, input } = entry as ActionDecided;
    if (verdict !== 'allow') continue;
    for (const [, id] of (input.text ?? '').matchAll(/'((?:u-)?w\d+-\d+-\d+)'/g)) ids.add(id ?? '');
  }
  return ids;
}

const segmentsOf = (journal: string): string[] =>
  readdirSync(journal)
    .filter((name) => name.endsWith('.seg'))
    .sort();

const verify = (folder: GatewayFolder, ...args: string[]) =>
  runCli(['verify', ...args], { cwd: folder.dir });

const server = await startPostgres();
if (server === undefined) console.log('SKIP: no PostgreSQL server binaries on this machine');
else {
  const port = await findFreePort();
  const folder = makeGatewayFolder(
    `listen: {postgres: "127.0.0.1:${port}", api: "127.0.0.1:0"}
journal: {segment: ${SEGMENT}}
resources:
${describeShop(server)}identities: [{subject: writer}]
`,
  );
  crash.after(async () => {
    folder.remove();
    await server.stop();
  });

  crash('after fifty kills under load, what reached the table is in the journal', async () => {
    await queryDirect(server, 'create table ledger (id text primary key, note text)');
    const load = startLoad(port, await folder.token('writer'));
    const loads: number[] = [];
    const started = performance.now();
    let gateway: GatewayProcess = await startGatewayProcess(folder, ['--log-level', 'warn']);
    try {
      for (let kill = 0; kill < KILLS; kill += 1) {
        const before = load.acknowledged.size;
        const deadline = performance.now() + 10_000;
        while (load.acknowledged.size === before && performance.now() < deadline)
          await new Promise((resolve) => setTimeout(resolve, 2));
        await new Promise((resolve) => setTimeout(resolve, Math.random() * LONGEST_LOAD_MS));
        loads.push(load.acknowledged.size - before);
        assert.is(await gateway.end('SIGKILL'), null);
        if (kill % 10 === 0) assert.match((await verify(folder)).stdout, /^(ok:|.*torn-tail)/);
        gateway = await startGatewayProcess(folder, ['--log-level', 'warn']);
      }
    } finally {
      await load.stop();
      assert.is(await gateway.end('SIGTERM'), 0);
    }
    const rows = await queryDirect(server, 'select id, note from ledger');
    const reached = rows.flat().filter((id) => id !== null);
    const recorded = await recordedIds(folder.journal);
    const kept = new Set(reached);
    assert.equal(
      reached.filter((id) => !recorded.has(id)),
      [],
      'writes that reached the table without a record',
    );
    assert.equal(
      [...load.acknowledged].filter((id) => !kept.has(id)),
      [],
    );
    assert.ok(
      loads.every((writes) => writes > 0),
      'every kill came under load',
    );
    const verified = await verify(folder);
    assert.match(verified.stdout, /^ok: \d+ records in \d+ segments, chained and signed\n$/);
    assert.is(verified.code, 0);
    const lost = [...recorded].filter((id) => !kept.has(id)).length;
    console.log(
      `${KILLS} kills in ${((performance.now() - started) / 1000).toFixed(0)} s: ${reached.length} writes reached the table, ` +
        `${recorded.size} recorded (${lost} of them cut off by a kill); ${verified.stdout.trim()}`,
    );
  });

  /** A copy of the journal with one change, and what `sallyport verify` says of it. */
  async function falsify(change: (journal: string, segments: readonly string[]) => void) {
    const copy = join(folder.dir, 'copy');
    rmSync(copy, { recursive: true, force: true });
    cpSync(folder.journal, copy, { recursive: true });
    change(copy, segmentsOf(copy));
    return verify(folder, '--dir', copy);
  }

  /** The frame of a decision in a segment, after `skip` others, and the index of its record. */
  function findDecision(bytes: Buffer, skip: number): { frame: Frame; index: number } {
    let left = skip;
    let index = 0;
    for (let at = HEADER_BYTES; ; ) {
      const read = readFrame(bytes, at);
      if (!read.ok) throw new Error(`no such decision: ${read.fault} at ${at}`);
      const { frame } = read;
      if (frame.type === FRAME.record) {
        if (frame.payload.includes('action.decided') && left-- === 0) return { frame, index };
        index += 1;
      }
      at = frame.end;
    }
  }

  crash('an untouched copy verifies', async () => {
    const { code, stdout } = await falsify(() => undefined);
    assert.equal([code, stdout.startsWith('ok: ')], [0, true]);
  });

  crash('an edited byte is found and its record named, with its checksum mended too', async () => {
    let edited = -1;
    const edit = (isMended: boolean) => (journal: string, segments: readonly string[]) => {
      const path = join(journal, segments[1] ?? '');
      const bytes = readFileSync(path);
      const { frame, index } = findDecision(bytes, 20);
      edited = index;
      bytes[frame.at + FRAME_OVERHEAD + frame.payload.indexOf('action.decided')] = 0x41;
      if (isMended) sealFrame(bytes, frame.at, frame.payload.length, frame.type);
      writeFileSync(path, bytes);
    };
    for (const [isMended, kind] of [
      [false, 'bad-frame'],
      [true, 'edited'],
    ] as const) {
      const { code, stdout } = await falsify(edit(isMended));
      assert.is(code, 1);
      assert.match(
        stdout,
        new RegExp(`^segment 2, record ${edited}, byte \\d+: .*\\(${kind}\\)$`, 'm'),
      );
      assert.match(stdout, /^DAMAGED: /m);
    }
  });

  crash('a removed frame is found and named', async () => {
    let removed = -1;
    const { code, stdout } = await falsify((journal, [first = '']) => {
      const bytes = readFileSync(join(journal, first));
      const { frame, index } = findDecision(bytes, 10);
      removed = index;
      const rest = Buffer.concat([bytes.subarray(0, frame.at), bytes.subarray(frame.end)]);
      writeFileSync(join(journal, first), rest);
    });
    assert.is(code, 1);
    assert.match(
      stdout,
      new RegExp(`^segment 1, record ${removed}, byte \\d+: .*\\(removed\\)$`, 'm'),
    );
  });

  crash('a cut tail is found and named, in the middle and at the end', async () => {
    const cutBy = (bytes: number) => (journal: string, segments: readonly string[]) => {
      const path = join(journal, segments.at(-1) ?? '');
      truncateSync(path, readFileSync(path).length - bytes);
    };
    const end = await falsify(cutBy(1));
    assert.is(end.code, 1);
    assert.match(end.stdout, /^segment \d+, record \d+, byte \d+: .*\((torn-tail|truncated)\)$/m);
    assert.match(end.stdout, /the signed head vouches for \d+ records, \d+ are there/);
    const middle = await falsify((journal, [first = '']) => {
      const path = join(journal, first);
      truncateSync(path, Math.floor(readFileSync(path).length / 2));
    });
    assert.is(middle.code, 1);
    assert.match(middle.stdout, /^segment 1, .*the segment is cut short \(missing-trailer\)$/m);
  });

  crash('a removed segment is found and named, first, middle and last', async () => {
    for (const pick of [0, 1, -1]) {
      let name = '';
      const { code, stdout } = await falsify((journal, segments) => {
        assert.ok(segments.length > 2, `the load filled ${segments.length} segments`);
        name = segments.at(pick) ?? '';
        rmSync(join(journal, name));
      });
      assert.is(code, 1);
      assert.ok(stdout.includes(`${name} is missing (missing-segment)`), stdout);
    }
  });
}

crash.run();
