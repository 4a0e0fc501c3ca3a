/**
 * Transactions per second of pgbench (select only): direct, through pgbouncer (session pooling), through the gateway with the
 * shipped guardrails and with a policy that costs nothing. Rounds are interleaved; a ratio is the median of the rounds' own
 * ratios, because machines are noisy; one JSON line per figure. Compare ratios inside one run only.
 *
 * Usage: npm run -s bench:postgres -- [--rounds 5] [--seconds 2] [--clients 8] [--protocols simple,extended,prepared]
 *   [--only gateway-guardrails,...] [--profiles FOLDER]
 */
import { execFile } from 'node:child_process';
import { parseArgs } from 'node:util';
import { startPostgres } from '../support/postgres-server.ts';
import { type Contender, startContenders } from './postgres-contenders.ts';

interface Round {
  readonly tps: number;
  readonly cpuUsPerTransaction: number | undefined;
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    clients: { type: 'string', default: '8' },
    protocols: { type: 'string', default: 'simple,extended,prepared' },
    only: { type: 'string' },
    profiles: { type: 'string' },
  },
});

const server = await startPostgres({
  settings: { max_connections: '200', synchronous_commit: 'off' },
});
if (server === undefined) {
  console.log('SKIP: bench:postgres: no PostgreSQL server binaries');
  process.exit(process.env['CI'] === 'true' ? 1 : 0);
}
try {
  const { all, stop } = await startContenders(server, values.profiles);
  try {
    const [direct] = all;
    if (direct === undefined) throw new Error('nothing to compare');
    await pgbench(direct, ['-i', '-q', '-s', '5']);
    const only = values.only?.split(',');
    const compared = all.filter(({ name }) => only === undefined || only.includes(name));
    for (const protocol of values.protocols.split(',')) await compare(protocol, compared);
  } finally {
    await stop();
  }
} finally {
  await server.stop();
}

async function compare(protocol: string, contenders: readonly Contender[]): Promise<void> {
  const rounds = new Map<string, Round[]>(contenders.map(({ name }) => [name, []]));
  // Round 0 warms up: until the compilers have caught up, what is measured is they.
  for (let round = 0; round <= Number(values.rounds); round += 1) {
    for (const contender of contenders) {
      const measured = await measure(contender, protocol);
      if (round > 0) rounds.get(contender.name)?.push(measured);
    }
  }
  for (const { name } of contenders) {
    const own = rounds.get(name) ?? [];
    const bouncer = rounds.get('pgbouncer');
    const ratios = own.map(({ tps }, at) => tps / (bouncer?.[at]?.tps ?? Number.NaN));
    const cpu = own.map(({ cpuUsPerTransaction }) => cpuUsPerTransaction ?? Number.NaN);
    console.log(
      JSON.stringify({
        name,
        protocol,
        clients: Number(values.clients),
        tps: Math.round(median(own.map(({ tps }) => tps))),
        ratio_to_pgbouncer: rounded(median(ratios), 3),
        cpu_us_per_tx: rounded(median(cpu), 1),
      }),
    );
  }
}

async function measure(contender: Contender, protocol: string): Promise<Round> {
  const options = ['-n', '-S', '-M', protocol, '-c', values.clients, '-T', values.seconds];
  const before = contender.cpuUs();
  const text = await pgbench(contender, options);
  const after = contender.cpuUs();
  const count = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? Number.NaN);
  const failed = count(/failed transactions: (\d+)/);
  if (failed !== 0) throw new Error(`${contender.name}: ${text}`);
  const transactions = count(/actually processed: (\d+)/);
  return {
    tps: count(/tps = ([\d.]+)/),
    cpuUsPerTransaction:
      before === undefined || after === undefined ? undefined : (after - before) / transactions,
  };
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Undefined, which JSON leaves out, for what was not measured. */
function rounded(value: number, digits: number): number | undefined {
  return Number.isNaN(value) ? undefined : Number(value.toFixed(digits));
}

function pgbench(contender: Contender, options: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      'pgbench',
      [...options],
      {
        env: {
          PATH: process.env['PATH'] ?? '',
          PGHOST: '127.0.0.1',
          PGPORT: String(contender.port),
          PGUSER: 'postgres',
          PGPASSWORD: contender.password,
          PGDATABASE: 'postgres',
        },
      },
      (error, out, err) => {
        if (error === null) resolve(out);
        else reject(new Error(`${contender.name}: ${err}${out}`));
      },
    );
  });
}
