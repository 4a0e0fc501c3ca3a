/**
 * The command line as a process: help, exit codes, hints, and the commands that need no gateway.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { COMMANDS } from '../../../control/cli/command-list.ts';
import { runCli } from './run-cli.ts';

const cli = suite<{ cwd: string }>('control/cli/main');

const POLICY = `package access

default allow := false

allow if input.identity.kind == "human"

block contains {"code": "no-drop", "reason": "nothing is dropped"} if {
	some statement in input.action.sql.statements
	startswith(statement.verb, "DROP")
}

block contains {"code": "no-delete", "reason": "nothing is deleted"} if input.action.http.method == "DELETE"
`;
const CONFIG = `
resources:
  - {name: shop, type: postgres, host: localhost, user: app}
  - {name: web, type: http, url: "http://localhost:1"}
identities:
  - {subject: ana}
  - {subject: bot, kind: agent, owner: ana}
`;

cli.before.each((context) => {
  context.cwd = mkdtempSync(join(tmpdir(), 'sallyport-cli-'));
});
cli.after.each((context) => {
  rmSync(context.cwd, { recursive: true });
});

function configure(cwd: string): void {
  mkdirSync(join(cwd, 'policies'));
  writeFileSync(join(cwd, 'policies', 'access.policy'), POLICY);
  writeFileSync(join(cwd, 'sallyport.yaml'), CONFIG);
}

cli('help lists every command, and each command has its own', async ({ cwd }) => {
  const { code, stdout } = await runCli(['--help'], { cwd });
  assert.is(code, 0);
  for (const { name } of COMMANDS) assert.match(stdout, new RegExp(`^  ${name} `, 'm'));
  const own = await Promise.all(COMMANDS.map(({ name }) => runCli([name, '--help'], { cwd })));
  for (const [index, help] of own.entries()) {
    assert.is(help.code, 0);
    assert.match(help.stdout, new RegExp(`^Usage: sallyport ${COMMANDS[index]?.name}`));
  }
});

cli(
  'a slip in a command, an option or an argument is usage, with the nearest command',
  async ({ cwd }) => {
    const slip = await runCli(['strat'], { cwd });
    assert.is(slip.code, 2);
    assert.match(slip.stderr, /did you mean `start`\?/);
    assert.is((await runCli(['start', '--colour'], { cwd })).code, 2);
    assert.is((await runCli(['token'], { cwd })).code, 2);
    assert.is((await runCli(['check', '--format', 'xml'], { cwd })).code, 2);
  },
);

cli('a missing or faulty configuration is usage, with its line', async ({ cwd }) => {
  const missing = await runCli(['start'], { cwd });
  assert.is(missing.code, 2);
  assert.match(missing.stderr, /error\[config\/not-found\].*\n {2}help: .*sallyport init/);
  writeFileSync(join(cwd, 'sallyport.yaml'), 'limits:\n  conections: 5\n');
  const faulty = await runCli(['start'], { cwd });
  assert.is(faulty.code, 2);
  assert.match(faulty.stderr, /sallyport\.yaml:2:3[\s\S]*did you mean `connections`\?/);
});

cli('check tells errors with their place, as text and as JSON', async ({ cwd }) => {
  configure(cwd);
  assert.is((await runCli(['check'], { cwd })).code, 0);
  writeFileSync(join(cwd, 'policies', 'bad.policy'), 'package bad\n\nx if nope\n');
  const text = await runCli(['check', 'policies'], { cwd });
  assert.is(text.code, 1);
  assert.match(text.stdout, /bad\.policy:3:6/);
  const json = await runCli(['check', '--format', 'json'], { cwd });
  assert.is(json.code, 1);
  const { diagnostics } = JSON.parse(json.stdout);
  assert.is(diagnostics[0].severity, 'error');
  assert.equal(diagnostics[0].start, { line: 3, column: 6 });
  assert.is((await runCli(['check', 'nowhere'], { cwd })).code, 2);
});

cli('eval prints values exactly, undefined, and every solution', async ({ cwd }) => {
  configure(cwd);
  const input = '{"identity": {"kind": "human"}}';
  const allowed = await runCli(['eval', 'data.access.allow', '-d', 'policies', '-i', '-'], {
    cwd,
    input,
  });
  assert.equal([allowed.code, allowed.stdout], [0, 'true\n']);
  const none = await runCli(['eval', 'data.access.nothing', '-d', 'policies'], { cwd });
  assert.equal([none.code, none.stdout], [1, 'undefined\n']);
  const many = await runCli(
    ['eval', 'some x in [1, 12345678901234567890123]', '-d', 'policies', '--format', 'json'],
    { cwd },
  );
  assert.is(many.stdout, '{"solutions":[{"x":1},{"x":12345678901234567890123}]}\n');
  assert.is((await runCli(['eval', 'x = ', '-d', 'policies'], { cwd })).code, 1);
});

cli('decide tells effect and rule for SQL and for HTTP', async ({ cwd }) => {
  configure(cwd);
  const as = ['--as', 'ana', '--on'];
  const allowed = await runCli(['decide', '--sql', 'select 1', ...as, 'shop'], { cwd });
  assert.is(allowed.code, 0);
  assert.match(allowed.stdout, /^ALLOWED {2}SELECT \(read\)/);
  const blocked = await runCli(['decide', '--sql', 'drop table t', ...as, 'shop'], { cwd });
  assert.is(blocked.code, 1);
  assert.match(
    blocked.stdout,
    /no-drop: nothing is dropped {2}\(access\.block, policies\/access\.policy:7\)/,
  );
  const http = await runCli(
    ['decide', '--http', 'DELETE /a/../b?x=1', ...as, 'web', '--format', 'json'],
    { cwd },
  );
  assert.is(http.code, 1);
  const { decision, input } = JSON.parse(http.stdout);
  assert.is(decision.reasons[0].code, 'no-delete');
  assert.is(input.action.http.path, '/b');
  const agent = await runCli(
    ['decide', '--sql', 'select 1', '--as', 'bot', '--for', 'ana', '--on', 'shop'],
    { cwd },
  );
  assert.match(agent.stdout, /^BLOCKED .*\n {2}not-allowed/);
  assert.is((await runCli(['decide', '--sql', 'selec', ...as, 'shop'], { cwd })).code, 2);
  const other = await runCli(['decide', '--http', 'GET /b', ...as, 'shop'], { cwd });
  assert.is(other.code, 2);
  assert.match(other.stderr, /`shop` is a resource of type postgres\n {2}help: give --sql TEXT/);
  const slip = await runCli(['decide', '--sql', 'select 1', ...as, 'shpo'], { cwd });
  assert.equal([slip.code, /did you mean `shop`\?/.test(slip.stderr)], [2, true]);
});

cli('token makes a token for somebody known, for a time that is allowed', async ({ cwd }) => {
  configure(cwd);
  const made = await runCli(['token', 'bot', '--for', 'ana', '--ttl', '5m', '--format', 'json'], {
    cwd,
  });
  assert.is(made.code, 0);
  const { token, subject, onBehalfOf } = JSON.parse(made.stdout);
  assert.is(token.split('.').length, 3);
  assert.equal([subject, onBehalfOf], ['bot', 'ana']);
  assert.is(statSync(join(cwd, '.sallyport', 'token-signing-key.pem')).mode & 0o777, 0o600);
  const slip = await runCli(['token', 'anna'], { cwd });
  assert.equal([slip.code, /did you mean `ana`\?/.test(slip.stderr)], [2, true]);
  assert.is((await runCli(['token', 'ana', '--ttl', '400d'], { cwd })).code, 2);
  assert.is((await runCli(['token', 'ana', '--ttl', 'soon'], { cwd })).code, 2);
});

cli('commands that need a gateway say so when none runs', async ({ cwd }) => {
  configure(cwd);
  const without = await runCli(['approvals'], { cwd });
  assert.equal([without.code, /SALLYPORT_TOKEN/.test(without.stderr)], [2, true]);
  const env = { SALLYPORT_TOKEN: 'x', SALLYPORT_API: 'http://127.0.0.1:1' };
  const unreachable = await runCli(['approve', 'abc'], { cwd, env });
  assert.is(unreachable.code, 3);
  assert.match(unreachable.stderr, /api\/unreachable.*\n {2}help: start it with `sallyport start`/);
});

cli('a gateway that never ran has no sessions, and no journal to verify', async ({ cwd }) => {
  configure(cwd);
  const sessions = await runCli(['sessions'], { cwd });
  assert.equal([sessions.code, sessions.stdout], [0, 'no sessions are recorded\n']);
  assert.is((await runCli(['replay', 'abc'], { cwd })).code, 2);
  assert.is((await runCli(['verify'], { cwd })).code, 2);
});

cli('init writes a starter that checks, and never overwrites', async ({ cwd }) => {
  const args = ['init', '--postgres', 'postgres://app:s3cret@127.0.0.1:1/shop', '--no-connect'];
  assert.is((await runCli(args, { cwd })).code, 0);
  assert.is((await runCli(['check'], { cwd })).code, 0);
  assert.not.match(readFileSync(join(cwd, 'sallyport.yaml'), 'utf8'), /s3cret/);
  assert.is(statSync(join(cwd, '.sallyport', 'shop-password')).mode & 0o777, 0o600);
  const again = await runCli(args, { cwd });
  assert.equal([again.code, /init\/exists/.test(again.stderr)], [2, true]);
  const other = ['--dir', 'other'];
  assert.is((await runCli(['init', '--http', 'http://127.0.0.1:1', ...other], { cwd })).code, 3);
  assert.is(
    (await runCli(['init', '--http', 'http://127.0.0.1:1', '--no-connect', ...other], { cwd }))
      .code,
    0,
  );
  assert.is((await runCli(['check', 'other/policies'], { cwd })).code, 0);
  assert.is((await runCli(['init'], { cwd })).code, 2);
});

for (const [kind, url] of [
  ['postgres', 'postgres://app@127.0.0.1:1/shop'],
  ['http', 'http://127.0.0.1:1'],
])
  cli(
    `what init writes for ${kind} passes lint, fmt and its own tests, covered whole`,
    async ({ cwd }) => {
      await runCli(['init', `--${kind}`, String(url), '--no-connect'], { cwd });
      for (const args of [['lint'], ['fmt', '--check'], ['test', '--threshold', '100']]) {
        const { code, stdout, stderr } = await runCli(args, { cwd });
        assert.is(code, 0, `${args.join(' ')}: ${stdout}${stderr}`);
      }
    },
  );

cli.run();
