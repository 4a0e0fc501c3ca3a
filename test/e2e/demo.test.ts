/**
 * What a newcomer meets first: `npm start`, `npm run tour`, Ctrl-C, and the same again. The output asserted here is what the
 * README promises.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DemoEndpoints } from '../../control/demo/tour-client.ts';
import { runCli, spawnCli } from '../control/cli/run-cli.ts';
import { type GatewayProcess, watchProcess } from '../support/gateway-process.ts';

const demo = suite<{ cwd: string }>('e2e/demo');

demo.before.each((context) => {
  context.cwd = mkdtempSync(join(tmpdir(), 'sallyport-demo-'));
});
demo.after.each(({ cwd }) => {
  rmSync(cwd, { recursive: true, force: true });
});

const folder = (cwd: string): string => join(cwd, '.sallyport', 'demo');

function startDemo(cwd: string): Promise<GatewayProcess> {
  return watchProcess(
    spawnCli(['demo', '--ports', '0,0,0'], { cwd }),
    /Ctrl-C stops everything; the next start keeps the data\./,
  );
}

function endpointsOf(cwd: string): DemoEndpoints {
  const text = readFileSync(join(folder(cwd), 'endpoints.json'), 'utf8');
  return (JSON.parse(text) as { endpoints: DemoEndpoints }).endpoints;
}

/** The part of the tour under one title. */
function chapter(output: string, title: RegExp): string {
  const found = output.split(/^== /m).find((part) => title.test(part.split('\n')[0] ?? ''));
  assert.ok(found, `the tour has no chapter ${title}: ${output}`);
  return found ?? '';
}

/** Everything the tour must show, wherever the demo runs. */
function assertTour(output: string): void {
  assert.match(chapter(output, /engineer reads/), / 1 {2}\| Ada Birch \| Lisbon[\s\S]*\(3 rows\)/);

  const masked = chapter(output, /personal data/);
  assert.match(masked, /Ada Birch \| a\*+@example\.com \| \*{4}1120 \| \*{4}1120/);
  assert.not.match(output, /078-05-1120|219-09-9999|457-55-5462|ada\.birch@/);

  const blocked = chapter(output, /tries to destroy/)
    .split(/^agent=> /m)
    .slice(1);
  const expected = [
    [/^drop table customers;/, 'destructive', 'policies/postgres/guardrails.policy'],
    [/^with gone as \(delete from payments/, 'no-where', 'policies/postgres/guardrails.policy'],
    [/^do \$\$/, 'opaque-code', 'policies/postgres/guardrails.policy'],
    [/^select 1; drop table customers;/, 'destructive', 'policies/postgres/guardrails.policy'],
  ] as const;
  assert.is(blocked.length, expected.length);
  for (const [at, [statement, code, file]] of expected.entries()) {
    assert.match(blocked[at] ?? '', statement);
    assert.match(
      blocked[at] ?? '',
      new RegExp(
        `ERROR: {2}42501: .*\nDETAIL: {2}${code}: .* \\(guardrails.postgres.block ${file}:\\d+\\)`,
      ),
    );
  }

  const held = chapter(output, /held until a DBA/);
  assert.match(held, /NOTICE: {2}waiting for approval \w+: UPDATE changes customers/);
  assert.match(
    held,
    /dora\$ sallyport approve \w+[\s\S]*update customers set city = 'Porto'[\s\S]*\ngranted\n/,
  );
  assert.match(held, / 1 {2}\| Porto\n\(1 row\)/);

  const http = chapter(output, /over HTTP/);
  assert.match(http, /HTTP 200\n.*"email":"a\*{4}@example\.com".*"card_number":"\*{4}1111"/);
  assert.not.match(http, /4111111111111111/);
  assert.match(http, /-X DELETE .*\nHTTP 403\n.*"type":"urn:sallyport:problem:no-delete"/);
  assert.match(
    http,
    /dora got a message: Approval needed: agent for ada on shop-api.*\ndora opens http:\/\/127\.0\.0\.1:\d+\/answer\?link=\S+…\n {2}will run: +POST \/refunds.*\n {2}on behalf: +agent \(agent, .*\) acting for ada \(human, .*\)\ndora presses Approve\n {2}The request is granted\.\nHTTP 201\n\{"refunded"/,
  );

  const record = chapter(output, /The record/);
  assert.match(record, /agent for ada +shop +tour +ended +1 action, 1 blocked/);
  assert.match(record, /agent for ada +shop-api .* 1 held/);
  assert.match(
    record,
    /\$ sallyport replay \w+\n.*OPENED +agent for ada[\s\S]*HELD[\s\S]*granted #1 .* by dora[\s\S]*ALLOWED +#1 +update customers[\s\S]*CLOSED/,
  );
  assert.match(record, /\$ sallyport verify\nok: \d+ records in 1 segment, chained and signed\n$/);
}

async function cityOf(cwd: string): Promise<string | undefined> {
  const { postgres, tokens } = endpointsOf(cwd);
  const client = new pg.Client({
    ...postgres,
    user: 'ada',
    password: tokens.ada,
    database: 'shop',
  });
  await client.connect();
  try {
    const { rows } = await client.query<{ city: string }>(
      'select city from customers where id = 1',
    );
    return rows[0]?.city;
  } finally {
    await client.end();
  }
}

demo(
  'the tour beside a running demo, Ctrl-C, and a second start that keeps it all',
  async ({ cwd }) => {
    const first = await startDemo(cwd);
    const second = await runCli(['demo', '--ports', '0,0,0'], { cwd });
    assert.match(second.stderr, /^error\[state\/in-use\]: a demo is running already\n {2}help: /);
    const tour = await runCli(['tour'], { cwd });
    assert.equal([tour.code, tour.stderr], [0, '']);
    assertTour(tour.stdout);
    assert.not.match(tour.stdout, /No demo is running/);
    for (const actor of ['ada', 'agent', 'dora'])
      assert.ok(first.output().includes(`$(cat .sallyport/demo/${actor}.token)`));
    assert.is(await first.end('SIGINT'), 0);
    assert.match(first.output(), /\nStopping \.\.\.\n$/);
    assert.not(existsSync(join(folder(cwd), 'endpoints.json')));

    const again = await startDemo(cwd);
    const config = join(folder(cwd), 'sallyport.yaml');
    const listed = await runCli(['sessions', '--config', config], { cwd });
    assert.match(listed.stdout, /agent for ada +shop +tour +ended +1 action, 1 held, 1 row/);
    assert.is(await cityOf(cwd), 'Porto');
    assert.is(await again.end('SIGTERM'), 0);
    const verified = await runCli(['verify', '--config', config], { cwd });
    assert.equal([verified.code, /^ok: /.test(verified.stdout)], [0, true]);
  },
);

demo(
  'the tour alone starts everything on free ports and leaves nothing behind',
  async ({ cwd }) => {
    const tour = await runCli(['tour'], { cwd });
    assert.equal([tour.code, tour.stderr], [0, '']);
    assert.match(tour.stdout, /^No demo is running here: starting one on free ports/);
    assertTour(tour.stdout);
    // What is kept compiled is the user's, whose home this is.
    const left = readdirSync(cwd).filter((name) => name !== '.cache');
    assert.equal(left, []);
  },
);

demo('ports that are none are refused before anything starts', async ({ cwd }) => {
  for (const ports of ['1', '1,2,x', '1,2,70000', '1,2,3,4']) {
    const { code, stderr } = await runCli(['demo', '--ports', ports], { cwd });
    assert.is(code, 2);
    assert.match(stderr, /^error\[usage\/invalid\]: .* does not name three ports\n {2}help: /);
  }
  assert.equal(readdirSync(cwd), []);
});

demo.run();
