/**
 * One long-lived real OPA server on loopback: modules in, whole documents out, as JSON text so that numbers keep their spelling. A
 * request that takes too long, or a server that dies of its memory limit, costs one case: the server is started anew.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { Pool } from 'undici';

/** Milliseconds the server may take until it answers, on a machine that does much else. */
const START_DEADLINE_MS = 60_000;
/** Milliseconds one request may take; generated modules need about two. */
const REQUEST_DEADLINE_MS = 10_000;
/** Address space in KiB: one generated call can ask for a list of billions. */
const MEMORY_KIB = 4 * 1024 * 1024;

/** What OPA made of a case. `code` is OPA's own (`rego_unsafe_var_error`, `eval_conflict_error`). */
export type OpaOutcome =
  | { readonly kind: 'rejected'; readonly codes: readonly string[]; readonly text: string }
  | { readonly kind: 'failed'; readonly codes: readonly string[]; readonly text: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'value'; readonly json: string };

export interface OpaServer {
  /** Loads the modules in place of the last ones and evaluates `data.fuzz`. */
  evaluate(modules: readonly string[], input: string): Promise<OpaOutcome>;
  stop(): void;
}

interface Running {
  readonly child: ChildProcess;
  readonly pool: Pool;
  /** Modules loaded now; a longer case leaves some to delete. */
  loaded: number;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Starts `opa run --server` on a free port, with `base` as the document `data.base`. */
export async function startOpaServer(opa: string, base: string): Promise<OpaServer> {
  let running = await start(opa, base);
  const kill = (): void => {
    running.child.kill('SIGKILL');
  };
  process.on('exit', kill);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => process.exit(1));
  return {
    async evaluate(modules, input) {
      try {
        return await evaluate(running, modules, input);
      } catch {
        kill();
        await running.pool.destroy();
        running = await start(opa, base);
        return { kind: 'timeout' };
      }
    },
    stop() {
      kill();
      void running.pool.destroy();
    },
  };
}

async function start(opa: string, base: string): Promise<Running> {
  const port = await freePort();
  const args = ['run', '--server', '--addr', `127.0.0.1:${port}`, '--log-level', 'error'];
  const child = spawn(
    'sh',
    ['-c', `ulimit -v ${MEMORY_KIB}; exec "$0" "$@"`, opa, ...args, '--disable-telemetry'],
    { stdio: 'ignore' },
  );
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 1 });
  const running = { child, pool, loaded: 0 };
  const deadline = Date.now() + START_DEADLINE_MS;
  for (;;) {
    try {
      if ((await send(running, 'GET', '/health')).status === 200) break;
    } catch (cause) {
      if (Date.now() > deadline) throw new Error('OPA did not start', { cause });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { status, text } = await send(running, 'PUT', '/v1/data/base', base);
  if (status >= 300) throw new Error(`OPA refused the data: ${text}`);
  return running;
}

async function send(
  { pool }: Running,
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  path: string,
  body?: string,
): Promise<Answer> {
  const answer = await pool.request({
    method,
    path,
    signal: AbortSignal.timeout(REQUEST_DEADLINE_MS),
    ...(body === undefined ? {} : { body }),
  });
  return { status: answer.statusCode, text: await answer.body.text() };
}

/** The first module, which has `package fuzz`, is loaded last: the others do not depend on it. */
async function evaluate(
  running: Running,
  modules: readonly string[],
  input: string,
): Promise<OpaOutcome> {
  if (running.loaded > 1 || modules.length > 1)
    for (let at = 0; at < running.loaded; at += 1)
      await send(running, 'DELETE', `/v1/policies/fuzz${at}`);
  running.loaded = modules.length;
  for (const [at, module] of [...modules.entries()].reverse()) {
    const loaded = await send(running, 'PUT', `/v1/policies/fuzz${at}`, module);
    if (loaded.status !== 200)
      return { kind: 'rejected', codes: errorCodes(loaded.text), text: errorMessages(loaded.text) };
  }
  const answer = await send(running, 'POST', '/v1/data/fuzz', `{"input": ${input}}`);
  if (answer.status !== 200)
    return { kind: 'failed', codes: errorCodes(answer.text), text: errorMessages(answer.text) };
  const prefix = '{"result":';
  const text = answer.text.trim();
  return { kind: 'value', json: text.startsWith(prefix) ? text.slice(prefix.length, -1) : '' };
}

function errorCodes(text: string): readonly string[] {
  return [...text.matchAll(/"code":\s*"([a-z_]+)"/g)].map((match) => match[1] ?? '');
}

function errorMessages(text: string): string {
  return [...text.matchAll(/"message":\s*"((?:[^"\\]|\\.)*)"/g)]
    .map((match) => match[1] ?? '')
    .join('; ');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address !== null
          ? resolve(address.port)
          : reject(new Error('no port')),
      );
    });
  });
}
