/**
 * `sallyport login`, `whoami` and `logout` as processes against a real OpenID Connect provider (oidc-provider) and a running
 * gateway: in a browser's way, by device code, renewed, ended, and refused.
 */
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type RunningProvider,
  startIdentityProvider,
} from '../../control/demo/identity-provider.ts';
import { type FormBrowser, openFormBrowser, type Page } from '../support/form-browser.ts';
import {
  makePerson,
  type Person,
  type SignInGateway,
  startSignInGateway,
} from '../support/sign-in-gateway.ts';

interface World {
  provider: RunningProvider;
  gateway: SignInGateway;
  person: Person;
}

const login = suite<World>('e2e/login');

login.before(async (world) => {
  world.provider = await startIdentityProvider({
    port: 0,
    clients: ['sallyport'],
    ttl: { deviceCode: 8 },
    people: [
      {
        sub: 'u-1',
        name: 'Ada Byron',
        email: 'ada@example.com',
        emailVerified: true,
        groups: ['Engineering', 'All'],
      },
    ],
  });
  world.gateway = await startSignInGateway(
    [
      'login: {session: 2m}',
      'issuers:',
      '  - name: corp',
      `    issuer: ${world.provider.issuer}`,
      '    client_id: sallyport',
      '    kind: human',
      '    groups_claim: groups',
      '    group_map: {Engineering: [engineering]}',
      '',
    ].join('\n'),
  );
});
login.before.each((world) => {
  world.person = makePerson();
});
login.after.each((world) => world.person.leave());
login.after(async (world) => {
  await world.gateway.close();
  await world.provider.stop();
});

/** Chooses the person and allows; the last page is that of the command. */
async function signIn(browser: FormBrowser, first: Page): Promise<Page> {
  const consent = await browser.submit(first, { login: 'u-1' });
  return browser.submit(consent, { answer: 'yes' });
}

async function loginInBrowser({ person, gateway }: World) {
  const begun = await person.login(gateway.api, '--no-browser');
  const browser = openFormBrowser();
  const last = await signIn(browser, await browser.open(begun.address));
  return { ...(await begun.done), last };
}

interface Stored {
  readonly logins: { token: string; refreshToken: string; expiresAt: string; idToken: string }[];
}
const stored = (person: Person): Stored =>
  JSON.parse(readFileSync(person.loginFile, 'utf8')) as Stored;

login('a person signs in, and other commands need no token then', async (world) => {
  const { person, gateway, provider } = world;
  const { code, stdout, last } = await loginInBrowser(world);
  assert.is(code, 0);
  assert.match(last.text, 'You are signed in');
  assert.match(stdout, /subject +corp:u-1 \(human\)/);
  const who = await person.run('whoami', '--format', 'json');
  assert.is(who.code, 0, who.stderr);
  const { identity, actors, credential, mfa } = JSON.parse(who.stdout);
  assert.equal(identity, {
    subject: 'corp:u-1',
    name: 'Ada Byron',
    kind: 'human',
    email: 'ada@example.com',
    issuer: provider.issuer,
    groups: ['engineering'],
  });
  assert.equal([actors, mfa, credential.type], [[], false, 'session']);
  assert.match(credential.session, /^login:/);
  const approvals = await person.run('approvals');
  assert.is(approvals.code, 0, approvals.stderr);
  assert.is(statSync(person.loginFile).mode & 0o777, 0o600);
  const [kept] = stored(person).logins;
  for (const secret of [kept?.token, kept?.refreshToken, kept?.idToken]) {
    assert.ok(secret !== undefined && secret !== '');
    for (const text of [stdout, who.stdout, last.text, gateway.process.output()])
      assert.not.match(text, secret);
  }
});

login(
  'a session is renewed silently, once for two commands, as the same sign-in',
  async (world) => {
    const { person } = world;
    await loginInBrowser(world);
    const before = stored(person);
    const [first] = before.logins;
    const session = async (): Promise<string> => {
      const who = await person.run('whoami', '--format', 'json');
      assert.is(who.code, 0, who.stderr);
      return JSON.parse(who.stdout).credential.session;
    };
    // Two minutes are left at most, which is when a command renews.
    const both = await Promise.all([session(), session()]);
    const [second] = stored(person).logins;
    assert.is.not(second?.token, first?.token);
    assert.is.not(second?.refreshToken, first?.refreshToken);
    assert.is(both[0], both[1]);
    const [id] = both;
    const old = await person.run('whoami', '--format', 'json', '--token', first?.token ?? '');
    assert.is(JSON.parse(old.stdout).credential.session, id);
  },
);

login('logging out ends every token of the sign-in, and what would renew it', async (world) => {
  const { person, provider, gateway } = world;
  await loginInBrowser(world);
  const [first] = stored(person).logins;
  await person.run('whoami');
  const [second] = stored(person).logins;
  const out = await person.run('logout');
  assert.equal([out.code, out.stderr], [0, '']);
  for (const token of [first?.token, second?.token]) {
    const after = await person.run('whoami', '--api', gateway.api, '--token', token ?? '');
    assert.match(after.stderr, 'identity/revoked');
  }
  const refreshed = await fetch(`${provider.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'sallyport',
      refresh_token: second?.refreshToken ?? '',
    }),
  });
  assert.is(((await refreshed.json()) as { error: string }).error, 'invalid_grant');
  assert.throws(() => statSync(person.loginFile), /ENOENT/);
  const again = await person.run('logout', '--api', gateway.api);
  assert.equal([again.code, /not signed in/.test(again.stderr)], [2, true]);
});

login('a person without a browser signs in by device code', async (world) => {
  const { person, gateway } = world;
  const begun = await person.login(gateway.api, '--device');
  const browser = openFormBrowser();
  const confirm = await browser.open(begun.address);
  const asked = await browser.submit(confirm, { user_code: codeIn(confirm.text) });
  const first = /op\.deviceConfirmForm/.test(asked.text)
    ? await browser.submit(asked, { confirm: 'yes' })
    : asked;
  const last = await signIn(browser, first);
  assert.match(last.text, 'Go back to your terminal');
  const { code, stdout, stderr } = await begun.done;
  assert.is(code, 0, stderr);
  assert.match(stdout, 'corp:u-1');
});

const codeIn = (html: string): string => /value="([A-Z0-9-]{8,9})"/.exec(html)?.[1] ?? '';

login('a device code that nobody enters in time is over', async ({ person, gateway }) => {
  const begun = await person.login(gateway.api, '--device');
  const { code, stderr } = await begun.done;
  assert.is(code, 3);
  assert.match(stderr, 'error[login/timeout]: the code has expired');
});

login('a person who refuses at the provider is not signed in', async ({ person, gateway }) => {
  const begun = await person.login(gateway.api, '--no-browser');
  const browser = openFormBrowser();
  const last = await browser.submit(await browser.open(begun.address), { answer: 'no' });
  assert.match(last.text, 'You are not signed in');
  const { code, stderr } = await begun.done;
  assert.is(code, 1);
  assert.match(stderr, /error\[login\/refused\]: corp did not sign you in: .*\(access_denied\)/);
  assert.throws(() => statSync(person.loginFile), /ENOENT/);
});

login('the answer to another sign-in changes nothing, and a code is good once', async (world) => {
  const { person, gateway } = world;
  const begun = await person.login(gateway.api, '--no-browser');
  const callback = new URL(begun.address).searchParams.get('redirect_uri') ?? '';
  // Somebody else's sign-in, carried to this command: login CSRF.
  const forged = await fetch(`${callback}?code=stolen&state=forged&iss=${begun.address}`);
  assert.is(forged.status, 400);
  assert.match(await forged.text(), 'not the sign-in that was begun');
  assert.is((await fetch(callback.replace('/callback', '/'))).status, 404);
  const browser = openFormBrowser();
  const last = await signIn(browser, await browser.open(begun.address));
  assert.match(last.text, 'You are signed in');
  assert.is((await begun.done).code, 0);
  const used = new URL(last.address).searchParams.get('code') ?? '';
  const replayed = await fetch(`${world.provider.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'sallyport',
      code: used,
      redirect_uri: callback,
      code_verifier: 'x'.repeat(43),
    }),
  });
  assert.is(((await replayed.json()) as { error: string }).error, 'invalid_grant');
  const [kept] = stored(person).logins;
  const again = await fetch(`${gateway.api}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: kept?.idToken ?? '',
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    }),
  });
  assert.is(((await again.json()) as { code: string }).code, 'identity/replayed');
});

login('a file that others can read, and a torn one, are not used', async (world) => {
  const { person } = world;
  await loginInBrowser(world);
  const text = readFileSync(person.loginFile, 'utf8');
  chmodSync(person.loginFile, 0o644);
  const exposed = await person.run('whoami', '--api', world.gateway.api);
  assert.match(exposed.stderr, 'error[state/key-exposed]');
  chmodSync(person.loginFile, 0o600);
  writeFileSync(person.loginFile, text.slice(0, 40));
  const torn = await person.run('whoami', '--api', world.gateway.api);
  assert.match(torn.stderr, 'error[state/login-unreadable]');
  assert.not.match(torn.stderr, text.slice(10, 40));
});

login('a token goes to the gateway it came from and to no other', async (world) => {
  const { person } = world;
  await loginInBrowser(world);
  const other = await person.run('whoami', '--api', 'http://127.0.0.1:1');
  assert.equal([other.code, /needs your token/.test(other.stderr)], [2, true]);
  const open = await person.run('login', '--api', 'http://gateway.example');
  assert.equal([open.code, /nobody signs in at/.test(open.stderr)], [2, true]);
});

login.run();
