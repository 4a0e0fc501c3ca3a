/**
 * docs/login.md as its reader types it, against the demo and its own provider; and an agent that acts by a person's sign-in until
 * they sign out.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DemoEndpoints } from '../../control/demo/tour-client.ts';
import { spawnCli } from '../control/cli/run-cli.ts';
import { linesAgree, readConsoleSteps } from '../support/console-blocks.ts';
import { openFormBrowser } from '../support/form-browser.ts';
import { type GatewayProcess, watchProcess } from '../support/gateway-process.ts';
import { makePerson, type Person } from '../support/sign-in-gateway.ts';

interface World {
  cwd: string;
  child: ChildProcess;
  demo: GatewayProcess;
  person: Person;
  config: string;
  provider: string;
  api: string;
}

const CONFIG = '.sallyport/demo/sallyport.yaml';
const page = suite<World>('e2e/demo-sign-in');

page.before(async (world) => {
  world.cwd = mkdtempSync(join(tmpdir(), 'sallyport-sign-in-'));
  world.person = makePerson();
  const args = ['demo', '--ports', '0,0,0', '--sign-in', '0'];
  world.child = spawnCli(args, { cwd: world.cwd });
  world.demo = await watchProcess(
    world.child,
    /Ctrl-C stops everything; the next start keeps the data\./,
  );
  world.config = join(world.cwd, CONFIG);
  [, world.provider = ''] = /sign in at (\S+),/.exec(world.demo.output()) ?? [];
  const presence = join(world.cwd, '.sallyport', 'demo', 'state', 'gateway.json');
  const { api } = JSON.parse(readFileSync(presence, 'utf8')) as { api: { port: number } };
  world.api = `http://127.0.0.1:${api.port}`;
});
page.after(async (world) => {
  world.person.leave();
  const ended = new Promise((resolve) => world.child.once('close', resolve));
  if (world.child.exitCode === null && world.child.kill('SIGINT')) await ended;
  rmSync(world.cwd, { recursive: true, force: true });
});

/** What a command of the page prints, signed in as ada where it asks for that. */
async function run({ person, config }: World, command: string): Promise<string> {
  const [, ...args] = command.replace(CONFIG, config).split(' ');
  if (args[0] !== 'login') {
    const { stdout, stderr } = await person.run(...args);
    return `${stderr}${stdout}`;
  }
  const begun = await person.command(args);
  const browser = openFormBrowser();
  const consent = await browser.submit(await browser.open(begun.address), { login: 'ada' });
  await browser.submit(consent, { answer: 'yes' });
  const { stdout, stderr } = await begun.done;
  return `${stderr}${stdout}`;
}

page('the page prints what the demo prints', async (world) => {
  const steps = readConsoleSteps('docs/login.md');
  assert.is(steps.length, 5);
  for (const { command, expected } of steps) {
    const printed = (await run(world, command)).trimEnd().split('\n');
    const wanted = expected.map((line) =>
      line
        .replace('http://127.0.0.1:6490', world.provider)
        .replace('http://127.0.0.1:6470', world.api),
    );
    const agrees =
      printed.length === wanted.length && wanted.every((line, at) => linesAgree(line, printed[at]));
    if (!agrees) assert.equal(printed, wanted, command);
  }
});

page('an agent acts by a person who signed in, and ends when they sign out', async (world) => {
  const { person, api } = world;
  await run(world, `sallyport login --no-browser --config ${CONFIG}`);
  const granted = await person.run('consent', 'grant', 'agent', '--api', api);
  assert.is(granted.code, 0, granted.stderr);
  const login = JSON.parse(readFileSync(person.loginFile, 'utf8')) as {
    logins: { token: string }[];
  };
  const endpointsFile = join(world.cwd, '.sallyport', 'demo', 'endpoints.json');
  const { endpoints } = JSON.parse(readFileSync(endpointsFile, 'utf8')) as {
    endpoints: DemoEndpoints;
  };
  // The demo's agent has a token that acts for ada already; it exchanges one of its own alone.
  const own = await person.run('token', 'agent', '--config', world.config);
  assert.ok(endpoints.tokens.agent !== own.stdout.trim());
  const type = 'urn:ietf:params:oauth:token-type:access_token';
  const exchanged = await fetch(`${api}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: login.logins[0]?.token ?? '',
      subject_token_type: type,
      actor_token: own.stdout.trim(),
      actor_token_type: type,
    }),
  });
  const { access_token: token } = (await exchanged.json()) as { access_token: string };
  const who = await person.run('whoami', '--api', api, '--token', token);
  assert.match(who.stdout, /subject +agent \(agent\)\n/);
  assert.match(who.stdout, /acts for +ada\n +chain +agent > ada\n/);
  assert.is((await person.run('logout', '--api', api)).code, 0);
  const after = await person.run('whoami', '--api', api, '--token', token);
  assert.match(after.stderr, 'identity/revoked');
});

page.run();
