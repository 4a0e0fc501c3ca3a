/**
 * The tour's actors: a SQL client, an HTTP client and somebody at a second terminal. Each prints what a person would have typed
 * and what came back, nothing else.
 */
import { execFile } from 'node:child_process';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { formatRows } from './row-table.ts';

/** Where the demo listens and whom the tour plays. Tokens are Sallyport's own. */
export interface DemoEndpoints {
  readonly postgres: { readonly host: string; readonly port: number };
  readonly http: { readonly host: string; readonly port: number };
  readonly configFile: string;
  readonly tokens: Readonly<Record<Actor, string>>;
}

/** `ada` is an engineer, `agent` an AI agent that acts for her, `dora` a DBA. */
export type Actor = 'ada' | 'agent' | 'dora';
export type Print = (line: string) => void;

/** Milliseconds a held action may wait in the tour before it is called a failure. */
const HOLD_DEADLINE_MS = 20_000;
/** Milliseconds between two looks at the list of approvals. */
const POLL_MS = 200;

const run = promisify(execFile);
const cliPath = new URL(`../cli/main${extname(import.meta.url)}`, import.meta.url).pathname;

/** Runs one SQL string over the simple protocol. */
export async function showQuery(
  demo: DemoEndpoints,
  actor: Actor,
  sql: string,
  print: Print,
): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    ...demo.postgres,
    user: actor,
    password: demo.tokens[actor],
    database: 'shop',
    application_name: 'tour',
  });
  client.on('notice', (notice) => {
    print(`NOTICE:  ${notice.message ?? ''}`);
    if (notice.hint !== undefined) print(`HINT:  ${notice.hint}`);
  });
  await client.connect();
  print(`${actor}=> ${sql};`);
  try {
    const answer = await client.query<(string | null)[]>({
      text: sql,
      rowMode: 'array',
      types: { getTypeParser: () => String },
    });
    const columns = answer.fields.map(({ name }) => name);
    for (const line of formatRows({ columns, rows: answer.rows })) print(line);
  } catch (cause) {
    if (!isDatabaseError(cause)) throw cause;
    print(`ERROR:  ${cause.code}: ${cause.message}`);
    if (cause.detail !== undefined) print(`DETAIL:  ${cause.detail}`);
    if (cause.hint !== undefined) print(`HINT:  ${cause.hint}`);
  } finally {
    await client.end();
  }
}

interface DatabaseErrorFields {
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
}

function isDatabaseError(cause: unknown): cause is DatabaseErrorFields {
  return cause instanceof Error && 'code' in cause && 'severity' in cause;
}

/** Sends one HTTP request to the demo service through the gateway. */
export async function showRequest(
  demo: DemoEndpoints,
  actor: Actor,
  method: string,
  path: string,
  body: unknown,
  print: Print,
): Promise<void> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  print(`${actor}$ curl -X ${method} shop-api.localhost${path}${text ? ` -d '${text}'` : ''}`);
  const { request } = await import('undici');
  const response = await request(`http://${demo.http.host}:${demo.http.port}${path}`, {
    method: method as 'GET' | 'POST' | 'DELETE',
    headers: {
      host: 'shop-api.localhost',
      authorization: `Bearer ${demo.tokens[actor]}`,
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(text === undefined ? {} : { body: text }),
  });
  print(`HTTP ${response.statusCode}`);
  const answer = await response.body.text();
  if (answer !== '') print(answer);
}

/** Runs the command line in a process of its own, as in another terminal, and prints what it printed. */
export async function showCommand(
  demo: DemoEndpoints,
  actor: Actor,
  args: readonly string[],
  print: Print,
): Promise<string> {
  print(`${actor}$ sallyport ${args.join(' ')}`);
  const output = await command(demo, actor, args);
  for (const line of output.trimEnd().split('\n')) print(line);
  return output;
}

async function command(
  demo: DemoEndpoints,
  actor: Actor,
  args: readonly string[],
): Promise<string> {
  const { stdout } = await run(process.execPath, [cliPath, ...args, '--config', demo.configFile], {
    env: { ...process.env, NO_COLOR: '1', SALLYPORT_TOKEN: demo.tokens[actor] },
  });
  return stdout;
}

/** Waits until something is pending, then lets `approver` say yes to it from a second terminal. */
export async function approveWhenPending(
  demo: DemoEndpoints,
  approver: Actor,
  print: Print,
): Promise<void> {
  const deadline = Date.now() + HOLD_DEADLINE_MS;
  while (Date.now() < deadline) {
    const listed: unknown = JSON.parse(
      await command(demo, approver, ['approvals', '--format', 'json']),
    );
    const id = Array.isArray(listed) ? (listed[0] as { id?: string } | undefined)?.id : undefined;
    if (id !== undefined) {
      await showCommand(demo, approver, ['approvals'], print);
      await showCommand(demo, approver, ['approve', id], print);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`nothing waited for approval within ${HOLD_DEADLINE_MS / 1000} s`);
}

/** Id of the newest recorded session that fits. */
export async function findSession(
  demo: DemoEndpoints,
  actor: Actor,
  fits: (session: { readonly held: number; readonly resource: string }) => boolean,
): Promise<string | undefined> {
  const listed = JSON.parse(await command(demo, actor, ['sessions', '--format', 'json'])) as {
    readonly id: string;
    readonly held: number;
    readonly resource: string;
  }[];
  return listed.find(fits)?.id;
}
