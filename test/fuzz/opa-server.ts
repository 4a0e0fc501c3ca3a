/** One long-lived real OPA server on loopback: modules in, whole documents out, as JSON text so that numbers keep their spelling. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { Pool } from 'undici';

/** Milliseconds the server may take until it answers. */
const START_DEADLINE_MS = 10_000;

/** What OPA made of a case. `code` is OPA's own (`rego_unsafe_var_error`, `eval_conflict_error`). */
export type OpaOutcome =
  | { readonly kind: 'rejected'; readonly codes: readonly string[]; readonly text: string }
  | { readonly kind: 'failed'; readonly codes: readonly string[]; readonly text: string }
  | { readonly kind: 'value'; readonly json: string };

export interface OpaServer {
  /** Loads the module in place of the last one and evaluates `data.fuzz`. */
  evaluate(module: string, input: string): Promise<OpaOutcome>;
  /** Replaces the base document `data.base`. */
  setBase(json: string): Promise<void>;
  stop(): void;
}

/** Starts `opa run --server` on a free port. */
export async function startOpaServer(opa: string): Promise<OpaServer> {
  const port = await freePort();
  const child = spawn(
    opa,
    [
      'run',
      '--server',
      '--addr',
      `127.0.0.1:${port}`,
      '--log-level',
      'error',
      '--disable-telemetry',
    ],
    { stdio: 'ignore' },
  );
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 1 });
  const send = async (
    method: 'GET' | 'PUT' | 'POST',
    path: string,
    body?: string,
  ): Promise<{ status: number; text: string }> => {
    const answer = await pool.request({ method, path, ...(body === undefined ? {} : { body }) });
    return { status: answer.statusCode, text: await answer.body.text() };
  };
  const deadline = Date.now() + START_DEADLINE_MS;
  for (;;) {
    try {
      if ((await send('GET', '/health')).status === 200) break;
    } catch (cause) {
      if (Date.now() > deadline) throw new Error('OPA did not start', { cause });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    async setBase(json) {
      const { status, text } = await send('PUT', '/v1/data/base', json);
      if (status >= 300) throw new Error(`OPA refused the data: ${text}`);
    },
    async evaluate(module, input) {
      const loaded = await send('PUT', '/v1/policies/fuzz', module);
      if (loaded.status !== 200)
        return { kind: 'rejected', codes: errorCodes(loaded.text), text: loaded.text };
      const answer = await send('POST', '/v1/data/fuzz', `{"input": ${input}}`);
      if (answer.status !== 200)
        return { kind: 'failed', codes: errorCodes(answer.text), text: answer.text };
      const prefix = '{"result":';
      const text = answer.text.trim();
      return { kind: 'value', json: text.startsWith(prefix) ? text.slice(prefix.length, -1) : '' };
    },
    stop() {
      child.kill('SIGKILL');
      void pool.destroy();
    },
  };
}

function errorCodes(text: string): readonly string[] {
  return [...text.matchAll(/"code":\s*"([a-z_]+)"/g)].map((match) => match[1] ?? '');
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
