/** The decision service in this process, on a free port of loopback, with policies in a folder of its own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../../control/log.ts';
import { startServe } from '../../control/serve/start-serve.ts';

type Settings = Parameters<typeof startServe>[0];

export interface TestServe {
  readonly url: string;
  readonly folder: string;
  /** Messages of the log, warnings and errors. */
  readonly faults: readonly string[];
  write(name: string, text: string): void;
  reload(): void;
  revision(): string;
  stop(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
  readonly headers: Headers;
}

/** Servers that were not stopped yet: a test that fails leaves none behind. */
const open = new Set<TestServe>();

/** Stops what a test left running. */
export async function stopServers(): Promise<void> {
  for (const serve of open) await serve.stop();
}

/** A request with its answer as text. */
export async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const { status, headers } = response;
  return { status, type: headers.get('content-type'), text: await response.text(), headers };
}

/** Starts it with these files. */
export async function startTestServe(
  files: Readonly<Record<string, string>>,
  changed: Partial<Settings> = {},
): Promise<TestServe> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-serve-'));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  for (const [name, text] of Object.entries(files)) write(name, text);
  const faults: string[] = [];
  const keep = (_facts: object, message: string): void => void faults.push(message);
  const log: Log = { debug: () => undefined, info: () => undefined, warn: keep, error: keep };
  const settings: Settings = {
    paths: [folder],
    listen: { host: '127.0.0.1', port: 0 },
    tokens: { ask: undefined, change: undefined },
    tls: undefined,
    limits: { bodyBytes: 65_536, inFlight: 64, decisionMs: 1_000, requestMs: 5_000 },
    defaultDecision: ['system', 'main'],
    envoyDecision: ['envoy', 'authz', 'allow'],
    decisionLog: undefined,
    watch: false,
    ...changed,
  };
  const running = await startServe(settings, log);
  const scheme = settings.tls === undefined ? 'http' : 'https';
  const serve: TestServe = {
    url: `${scheme}://127.0.0.1:${running.address.port}`,
    folder,
    faults,
    write,
    reload: running.reload,
    revision: running.revision,
    async stop() {
      if (!open.delete(serve)) return;
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  open.add(serve);
  return serve;
}
