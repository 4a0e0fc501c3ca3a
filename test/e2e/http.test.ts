import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openJournal } from '../../proxy/journal/journal.ts';
import { readJournal } from '../../proxy/journal/read.ts';
import { verifyJournal } from '../../proxy/journal/verify.ts';
import { decision, demand, until } from '../support/gate-ports.ts';
import { type HttpBench, openHttpBench } from '../support/http-gateway.ts';
import { journalBench } from '../support/journal-dir.ts';

const test = suite('e2e/http');
const hasCurl = spawnSync('curl', ['--version']).status === 0;

interface Curled {
  readonly status: number;
  readonly body: string;
}

/** Real curl with these arguments. */
function runCurl(args: readonly string[]): Promise<Curled> {
  const always = ['--silent', '--max-time', '20', '--path-as-is', '--write-out', '\n%{http_code}'];
  return new Promise((resolve) => {
    const child = spawn('curl', [...always, ...args]);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.on('close', () => {
      const at = output.lastIndexOf('\n');
      resolve({ status: Number(output.slice(at + 1)), body: output.slice(0, at) });
    });
  });
}

/** Asks for paths of `orders.localhost` at the gateway's port, over one connection. */
function curl(
  http: HttpBench,
  path: string | readonly string[],
  ...more: string[]
): Promise<Curled> {
  const scheme = more.includes('--cacert') ? 'https' : 'http';
  const origin = `${scheme}://orders.localhost:${http.port}`;
  const urls = [path].flat().map((each) => origin + each);
  return runCurl(['--resolve', `orders.localhost:${http.port}:127.0.0.1`, ...more, ...urls]);
}

async function withBench(run: (http: HttpBench) => Promise<void>): Promise<void> {
  const http = await openHttpBench();
  try {
    await run(http);
  } finally {
    await http.close();
  }
}

const TOKEN = ['--oauth2-bearer', 'good'];

if (!hasCurl) console.log('SKIP: curl through the gateway: there is no curl on this machine');
else {
  test('curl reads and writes through the gateway', () =>
    withBench(async (http) => {
      assert.equal(await curl(http, '/v1/things?x=1', ...TOKEN), {
        status: 200,
        body: '{"ok":true}',
      });
      const posted = await curl(http, '/v1/things', ...TOKEN, '--json', '{"n":1}');
      assert.is(posted.status, 200);
      assert.is(http.seen[1]?.body, '{"n":1}');
    }));

  test('curl signs in with a name and the token as password', () =>
    withBench(async (http) => {
      assert.is((await curl(http, '/', '--user', 'me:good')).status, 200);
      assert.is((await curl(http, '/', '--user', 'me:bad')).status, 401);
    }));

  test('curl uses the gateway as a forward proxy', () =>
    withBench(async (http) => {
      const proxy = ['--proxy', `http://127.0.0.1:${http.port}`, '--proxy-user', 'me:good'];
      assert.is((await runCurl([...proxy, 'http://orders.test/a'])).status, 200);
      assert.is(http.seen[0]?.url, '/a');
    }));

  test('curl sends a body that waits for 100-continue, chunked too', () =>
    withBench(async (http) => {
      const body = JSON.stringify({ text: 'x'.repeat(100_000) });
      for (const header of ['Expect: 100-continue', 'Transfer-Encoding: chunked']) {
        const json = ['-H', 'Content-Type: application/json', '-H', header, '--data-binary', body];
        assert.is((await curl(http, '/a', ...TOKEN, ...json)).status, 200);
        assert.is(http.seen.at(-1)?.body, body);
      }
    }));

  test('curl is told why it is blocked, in JSON', () =>
    withBench(async (http) => {
      const reasons = [{ code: 'no-admin', reason: 'nobody goes there', rule: undefined }];
      http.bench.decide = ({ action }) =>
        action.kind === 'http' && action.http.segments[0] === 'admin'
          ? decision({ effect: 'block', reasons })
          : decision();
      for (const path of ['/admin', '/./admin', '/a/../admin', '/%61dmin', '/admin/?x']) {
        const { status, body } = await curl(http, path, ...TOKEN);
        assert.is(status, 403, path);
        assert.is(JSON.parse(body).code, 'no-admin');
      }
      assert.equal(http.seen, []);
    }));

  test('curl gets masked JSON, also of a large answer', () =>
    withBench(async (http) => {
      const rows = Array.from({ length: 50_000 }, (_, n) => ({ id: n, ssn: `123-45-${n}` }));
      http.bench.decide = () =>
        decision({ masks: [{ code: 'pii', with: 'last4', field: '/*/ssn', rule: undefined }] });
      http.reply = (_request, response) => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(rows));
      };
      const { status, body } = await curl(http, '/a', ...TOKEN, '--compressed');
      assert.is(status, 200);
      const got = JSON.parse(body) as { id: number; ssn: string }[];
      assert.is(got.length, rows.length);
      assert.not.match(body, '123-45');
    }));

  test('curl waits for an approval and then gets its answer', () =>
    withBench(async (http) => {
      http.bench.decide = () => decision({ effect: 'require_approval', approvals: [demand()] });
      const answer = curl(http, '/a', ...TOKEN, '--request', 'DELETE');
      await until(() => http.bench.asked.length === 1);
      const [asked] = http.bench.asked;
      if (asked !== undefined) asked.answer({ kind: 'granted', grant: asked.grant() });
      assert.is((await answer).status, 200);
    }));

  test('curl keeps its connection and its session over several requests', () =>
    withBench(async (http) => {
      await curl(http, ['/a', '/b', '/c'], ...TOKEN);
      assert.equal(
        http.seen.map((seen) => seen.url),
        ['/a', '/b', '/c'],
      );
      const opened = http.bench.entries.filter(({ entry }) => entry.type === 'session.opened');
      assert.is(opened.length, 1);
    }));

  test('curl talks TLS to the gateway', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'sallyport-tls-'));
    const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '1',
        '-subj',
        '/CN=orders.localhost',
        '-addext',
        'subjectAltName=DNS:orders.localhost',
        '-keyout',
        key,
        '-out',
        cert,
      ],
      { stdio: 'ignore' },
    );
    const pems = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
    const http = await openHttpBench({}, {}, pems);
    try {
      assert.is((await curl(http, '/a', ...TOKEN, '--cacert', cert)).status, 200);
      assert.is(http.seen[0]?.headers['x-forwarded-proto'], 'https');
    } finally {
      await http.close();
      rmSync(dir, { recursive: true, force: true });
    }
  });

  test('what curl did is in a journal that verifies', () =>
    withBench(async (http) => {
      const kept = journalBench();
      const journal = openJournal(kept.dir, { signer: kept.signer });
      http.bench.ports.journal.append = journal.append;
      await curl(http, '/a?x=1', '--oauth2-bearer', 'good-and-long-token');
      await until(() => http.gate.sessions.size === 0);
      await journal.close();
      const types: string[] = [];
      for await (const { entry } of readJournal(kept.dir)) types.push(entry.type);
      assert.equal(types, [
        'session.opened',
        'action.decided',
        'action.finished',
        'session.closed',
      ]);
      assert.ok((await verifyJournal(kept.dir, { publicKey: kept.signer.publicKey })).ok);
      assert.not.match(
        readFileSync(join(kept.dir, 'journal-00000001.seg'), 'latin1'),
        /and-long-token|secret-of/,
      );
    }));
}

test.run();
