/**
 * Many clients that wait for an approval at a real gateway, and approvers who answer them, some of them two at once. What every
 * client was told and what reached the target is compared with the answers that counted.
 */
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApprovalMessage } from '../../control/approvals/message.ts';
import { replayApprovals } from '../../control/approvals/replay.ts';
import type { JournalEntry } from '../../proxy/gate/record.ts';
import { readJournal } from '../../proxy/journal/read.ts';
import { makeGatewayFolder, startGatewayProcess } from './gateway-process.ts';

const POLICY = `package access

default allow := true

require_approval contains {"code": "post", "reason": "posts wait", "approvers": {"groups": ["dba"]}, "expires": "30m", "scope": "statement"} if input.action.http.method == "POST"
`;

/** Milliseconds until all clients wait, and until all are answered. */
const LIMIT_MS = 240_000;
/** Clients that connect at once. */
const GROUP = 50;
const APPROVERS = ['dora', 'egon'] as const;

export interface LoadOptions {
  /** Clients that wait at once. */
  readonly waiting: number;
  /** Requests that are answered in a second; all at once when undefined. */
  readonly perSecond: number | undefined;
  /** Further lines of the configuration. */
  readonly config?: string;
}

export interface LoadResult {
  /** Requests whose client was told what the answer that counted said. */
  readonly right: number;
  /** One sentence for each thing that was lost, doubled or swapped. */
  readonly faults: readonly string[];
  readonly approved: number;
  readonly denied: number;
  /** Second answers that were refused, as they must be. */
  readonly refusedSeconds: number;
  /** Milliseconds from sending an answer to the client's own. */
  readonly latenciesMs: readonly number[];
  readonly answeringMs: number;
  /** Milliseconds of each look at the list while all waited. */
  readonly listMs: readonly number[];
  /** KiB the gateway took for each client that waited. */
  readonly kibPerClient: number;
}

interface Answered {
  readonly by: string;
  readonly answer: 'approve' | 'deny';
  readonly status: number;
}

export async function runApprovalLoad({
  waiting,
  perSecond,
  config = '',
}: LoadOptions): Promise<LoadResult> {
  const reached = new Map<string, number>();
  const target = createServer((got, answer) => {
    const name = got.url ?? '';
    reached.set(name, (reached.get(name) ?? 0) + 1);
    answer.writeHead(200, { 'content-length': '2' }).end('ok');
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  const room = waiting * 2;
  const folder = makeGatewayFolder(
    `listen: {http: "127.0.0.1:0", api: "127.0.0.1:0"}
limits: {connections: ${room}, half_open: ${room}, pending_approvals: ${Math.min(waiting, 10_000)}, api_rate: 1000000}
identities: [{subject: ana}, {subject: dora, groups: [dba]}, {subject: egon, groups: [dba]}]
resources: [{name: web, type: http, url: "http://127.0.0.1:${(target.address() as AddressInfo).port}"}]
${config}`,
    POLICY,
  );
  const ana = await folder.token('ana');
  const tokens = new Map(
    await Promise.all(APPROVERS.map(async (name) => [name, await folder.token(name)] as const)),
  );
  const gateway = await startGatewayProcess(folder, ['--log-level', 'warn']);
  const { http = 0, api = 0 } = gateway.ports;
  const call = (as: (typeof APPROVERS)[number], method: string, path: string, body?: string) =>
    exchange({ port: api, method, path, token: tokens.get(as) ?? '', body });
  try {
    const before = residentKib(gateway.child.pid);
    const clients = new Map<string, Promise<{ readonly status: number; readonly atMs: number }>>();
    for (let at = 0; at < waiting; at += 1) {
      const path = `/do/${at}`;
      // They come in groups: what is measured is waiting, not a thousand connections made at once.
      if (at % GROUP === 0 && at > 0) await untilWaiting(api, at, gateway.output);
      const asked = exchange({
        port: http,
        host: 'web.localhost',
        method: 'POST',
        path,
        token: ana,
        body: '{}',
      });
      clients.set(
        path,
        asked.then(
          ({ status }) => ({ status, atMs: performance.now() }),
          // A connection that breaks is an answer that was lost.
          () => ({ status: 0, atMs: performance.now() }),
        ),
      );
    }
    await untilWaiting(api, waiting, gateway.output);
    const kibPerClient = (residentKib(gateway.child.pid) - before) / waiting;

    const faults: string[] = [];
    const listMs: number[] = [];
    const answered = new Map<string, readonly Answered[]>();
    const sentAt = new Map<string, number>();
    const running: Promise<void>[] = [];
    const seen = new Set<string>();
    const startMs = performance.now();
    for (let sent = 0; sent < waiting; ) {
      const lookMs = performance.now();
      const { body } = await call('dora', 'GET', '/v1/approvals?state=pending');
      listMs.push(performance.now() - lookMs);
      const { approvals } = JSON.parse(body) as { readonly approvals: readonly ApprovalMessage[] };
      for (const approval of approvals) {
        if (seen.has(approval.id)) continue;
        seen.add(approval.id);
        const path = /^POST (\S+)/.exec(approval.text)?.[1] ?? '';
        if (perSecond !== undefined) await sleepUntil(startMs + (sent * 1000) / perSecond);
        sentAt.set(path, performance.now());
        running.push(
          answerBoth(approval.id, sent, call).then((both) => {
            answered.set(path, both);
          }),
        );
        sent += 1;
      }
    }
    await Promise.all(running);
    const answeringMs = performance.now() - startMs;

    const latenciesMs: number[] = [];
    let [right, approved, denied, refusedSeconds] = [0, 0, 0, 0];
    for (const [path, client] of clients) {
      const { status, atMs } = await within(client, path);
      const both = answered.get(path) ?? [];
      const counted = both.filter((each) => each.status === 200);
      refusedSeconds += both.filter((each) => each.status === 409).length;
      const [only] = counted;
      if (counted.length !== 1 || only === undefined)
        faults.push(`${path}: ${counted.length} answers counted of ${JSON.stringify(both)}`);
      const isYes = only?.answer === 'approve';
      const times = reached.get(path) ?? 0;
      if (status !== (isYes ? 200 : 403)) faults.push(`${path}: its client was told ${status}`);
      else if (times !== (isYes ? 1 : 0)) faults.push(`${path}: it ran ${times} times`);
      else right += 1;
      if (isYes) approved += 1;
      else denied += 1;
      latenciesMs.push(atMs - (sentAt.get(path) ?? atMs));
    }
    await gateway.end('SIGTERM');
    faults.push(...(await checkJournal(folder.journal, { approved, denied })));
    return {
      right,
      faults,
      approved,
      denied,
      refusedSeconds,
      latenciesMs,
      answeringMs,
      listMs,
      kibPerClient,
    };
  } finally {
    await gateway.end('SIGKILL');
    target.closeAllConnections();
    target.close();
    folder.remove();
  }
}

/** By turns: one person says yes; two say yes at once; one says no; one says yes while another says no. */
async function answerBoth(
  id: string,
  turn: number,
  call: (
    as: (typeof APPROVERS)[number],
    method: string,
    path: string,
    body: string,
  ) => Promise<{ readonly status: number }>,
): Promise<readonly Answered[]> {
  const plans = [
    [['dora', 'approve']],
    [
      ['dora', 'approve'],
      ['egon', 'approve'],
    ],
    [['egon', 'deny']],
    [
      ['dora', 'approve'],
      ['egon', 'deny'],
    ],
  ] as const;
  return Promise.all(
    (plans[turn % plans.length] ?? []).map(async ([by, answer]): Promise<Answered> => {
      const { status } = await call(by, 'POST', `/v1/approvals/${id}/${answer}`, '{}');
      return { by, answer, status };
    }),
  );
}

/** What the journal says of the same requests, read back. */
async function checkJournal(
  dir: string,
  counted: { readonly approved: number; readonly denied: number },
): Promise<readonly string[]> {
  const entries: JournalEntry[] = [];
  for await (const { entry } of readJournal(dir, { types: ['approval.step'] })) entries.push(entry);
  const { approvals, faults } = replayApprovals(entries);
  const inState = (state: string): number =>
    [...approvals.values()].filter((each) => each.state === state).length;
  const [granted, denied] = [inState('granted'), inState('denied')];
  return [
    ...faults,
    ...(granted === counted.approved && denied === counted.denied
      ? []
      : [`the journal has ${granted} granted and ${denied} denied`]),
  ];
}

interface Exchange {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly token: string;
  readonly body?: string | undefined;
  readonly host?: string;
}

/** One request on a connection of its own. */
function exchange({ port, method, path, token, body, host = '127.0.0.1' }: Exchange) {
  return new Promise<{ readonly status: number; readonly body: string }>((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        agent: false,
        headers: {
          host,
          authorization: `Bearer ${token}`,
          ...(body === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': String(body.length) }),
        },
      },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (part: string) => {
          text += part;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: text }));
        answer.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

async function untilWaiting(api: number, wanted: number, output: () => string): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  for (let count = -1; count !== wanted; ) {
    if (performance.now() > deadline) throw new Error(`${count} wait, not ${wanted}: ${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { body } = await exchange({ port: api, method: 'GET', path: '/metrics', token: '' });
    count = Number(/^sallyport_approvals_waiting (\d+)$/m.exec(body)?.[1]);
  }
}

async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} was never answered`)), LIMIT_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function sleepUntil(atMs: number): Promise<void> {
  const left = atMs - performance.now();
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
}

/** Memory of a process that is resident, where the system tells. */
function residentKib(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN);
}
