/**
 * `sallyport test` and `explain` as processes: exit codes, formats, coverage files, scenario builtins, watching.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCli, spawnCli, waitForOutput } from './run-cli.ts';

const cli = suite<{ cwd: string }>('control/cli/test-command');

const POLICY = `package access

default allow := false

allow if input.identity.kind == "human"

block contains "no drop" if {
	some statement in input.action.sql.statements
	startswith(statement.verb, "DROP")
}
`;
const TESTS = `package access_test

import data.access

test_person_passes if access.allow with input as {"identity": {"kind": "human"}}

test_drop_is_blocked if count(access.block) == 1 with input as {"action": sallyport.action.sql("drop table x")}
`;
const FAILING =
  '\ntest_agent_passes if access.allow with input as {"identity": {"kind": "agent"}}\n';

cli.before.each((context) => {
  context.cwd = mkdtempSync(join(tmpdir(), 'sallyport-test-'));
  mkdirSync(join(context.cwd, 'policies'));
  writeFileSync(join(context.cwd, 'policies', 'access.policy'), POLICY);
  writeTests(context.cwd, TESTS);
});
cli.after.each((context) => {
  rmSync(context.cwd, { recursive: true });
});

function writeTests(cwd: string, text: string): void {
  writeFileSync(join(cwd, 'policies', 'access_test.policy'), text);
}

cli(
  'tests that pass exit 0, with the action the gateway would make of a SQL text',
  async ({ cwd }) => {
    const { code, stdout } = await runCli(['test', '--coverage', 'text', '--threshold', '80'], {
      cwd,
    });
    assert.is(code, 0);
    assert.match(stdout, /^2 passed, 0 failed in \d+ ms\n/);
    assert.match(stdout, /missed policies\/access\.policy:3 {2}allow := false/);
  },
);

cli('a failing test exits 1 and shows why, and JUnit says the same', async ({ cwd }) => {
  writeTests(cwd, TESTS + FAILING);
  const { code, stdout } = await runCli(['test'], { cwd });
  assert.is(code, 1);
  assert.match(stdout, /FAIL {2}access_test\.test_agent_passes/);
  assert.match(stdout, /`input\.identity\.kind` is "agent", not "human"/);
  const junit = await runCli(['test', '--format', 'junit', '--run', 'agent'], { cwd });
  assert.is(junit.code, 1);
  assert.match(junit.stdout, /<testsuites name="sallyport" tests="1" failures="1" errors="0"/);
  assert.match(junit.stdout, /<failure message="`access\.allow` is false">/);
});

cli('a comparison of large values says where they differ', async ({ cwd }) => {
  const list = (count: number): string => `[i | some i in numbers.range(1, ${count})]`;
  writeTests(cwd, `${TESTS}\ntest_lists if ${list(60)} == ${list(61)}\n`);
  const { stdout } = await runCli(['test', '--run', 'lists'], { cwd });
  assert.match(stdout, /\n {4}differs at \[60\]: nothing, not 61\n/);
});

cli('a file with tests alone is checked, linted and run', async ({ cwd }) => {
  const file = join('policies', 'alone_test.policy');
  writeFileSync(join(cwd, file), 'package alone_test\n\ntest_sum if 1 + 1 == 2\n');
  assert.match((await runCli(['check', file], { cwd })).stdout, /^1 file checked, no errors/);
  assert.match((await runCli(['lint', file], { cwd })).stdout, /in 1 file\n$/);
  assert.match((await runCli(['test', file], { cwd })).stdout, /^1 passed, 0 failed/);
});

cli('coverage below the threshold exits 1; reports go to files', async ({ cwd }) => {
  const args = ['test', '--coverage', 'html', '--threshold', '100'];
  const html = await runCli(args, { cwd });
  assert.is(html.code, 1);
  assert.match(html.stderr, /below the threshold of 100 %/);
  assert.match(readFileSync(join(cwd, 'coverage.html'), 'utf8'), /^<!doctype html>/);
  await runCli(['test', '--coverage', 'lcov', '--coverage', 'json'], { cwd });
  assert.match(readFileSync(join(cwd, 'coverage.lcov'), 'utf8'), /^TN:\n/);
  assert.ok(JSON.parse(readFileSync(join(cwd, 'coverage.json'), 'utf8')).expressions.total > 0);
  const one = ['test', '--coverage', 'lcov', '--coverage', 'json', '--output', 'info'];
  assert.is((await runCli(one, { cwd })).code, 2);
  assert.is((await runCli(['test', '--coverage', 'xml'], { cwd })).code, 2);
  await runCli(['test', '--coverage', 'lcov', '--output', 'info'], { cwd });
  assert.match(readFileSync(join(cwd, 'info'), 'utf8'), /^TN:\nSF:policies\/access\.policy\n/);
});

cli('what cannot be run is usage, and tests that do not compile are findings', async ({ cwd }) => {
  assert.is((await runCli(['test', '--run', '('], { cwd })).code, 2);
  assert.is((await runCli(['test', '--run', 'nothing'], { cwd })).code, 2);
  assert.is((await runCli(['test', '--threshold', '101'], { cwd })).code, 2);
  writeTests(cwd, 'package access_test\n\ntest_x if nobody\n');
  assert.is((await runCli(['test', '--parallel', '0'], { cwd })).code, 2);
  const broken = await runCli(['test'], { cwd });
  assert.is(broken.code, 1);
  assert.match(broken.stderr, /error\[policy\/invalid\]/);
});

cli('--bench tells the speed of what passes, apart from the report', async ({ cwd }) => {
  writeTests(cwd, TESTS + FAILING);
  const run = (format: string) => runCli(['test', '--bench', '--format', format], { cwd });
  const text = await run('text');
  assert.match(
    text.stdout,
    /1 failed in \d+ ms\n\nper second +µs +test\n\d+ +[\d.]+ +access_test\.test_p/,
  );
  const { tests, bench } = JSON.parse((await run('json')).stdout);
  assert.equal([tests.length, bench.length], [3, 2]);
  assert.ok(bench[0].per_second > 0 && bench[0].evaluations > 0);
  const junit = await run('junit');
  assert.match(junit.stdout, /<\/testsuites>\n$/);
  assert.match(junit.stderr, /per second/);
});

cli('a watched run runs again when a test changes', async ({ cwd }) => {
  const child = spawnCli(['test', '--watch'], { cwd });
  try {
    await waitForOutput(child, /2 passed, 0 failed[\s\S]*|waiting for a change/);
    const next = waitForOutput(child, /2 passed, 1 failed/);
    writeTests(cwd, TESTS + FAILING);
    await next;
  } finally {
    child.kill('SIGTERM');
  }
});

cli('explain tells decision, rule and what would have to be true', async ({ cwd }) => {
  writeFileSync(
    join(cwd, 'sallyport.yaml'),
    'resources:\n  - {name: shop, type: postgres, host: localhost, user: app}\nidentities:\n  - {subject: ana}\n  - {subject: bot, kind: agent, owner: ana}\n',
  );
  const args = ['explain', '--sql', 'SELECT 1', '--as', 'bot', '--for', 'ana', '--on', 'shop'];
  const text = await runCli(args, { cwd });
  assert.is(text.code, 1);
  assert.match(text.stdout, /^BLOCKED {2}SELECT \(read\)\n {2}not-allowed/);
  assert.match(text.stdout, /to hold: `input\.identity\.kind` would have to be "human"/);
  const json = await runCli([...args, '--format', 'json'], { cwd });
  const { packages } = JSON.parse(json.stdout) as { packages: readonly { name: string }[] };
  assert.is(packages[0]?.name, 'access');
});

cli.run();
