/**
 * `sallyport login` with a real browser: headless Chromium on the pages of a real OpenID Connect provider, and of a SAML provider,
 * until the command itself has the session.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type RunningProvider,
  startIdentityProvider,
} from '../../control/demo/identity-provider.ts';
import { findFreePort } from '../control/cli/run-cli.ts';
import { type Chromium, findChromium, openChromium } from '../support/chromium.ts';
import { openFormBrowser } from '../support/form-browser.ts';
import { makeGatewayFolder, startGatewayProcess } from '../support/gateway-process.ts';
import { IDP, makeIdpKey } from '../support/saml-idp.ts';
import { type SamlIdpServer, startSamlIdp } from '../support/saml-idp-server.ts';
import { makePerson, type Person, type SignInGateway } from '../support/sign-in-gateway.ts';

interface World {
  provider: RunningProvider;
  idp: SamlIdpServer;
  gateway: SignInGateway;
  person: Person;
  browser: Chromium | undefined;
}

const login = suite<World>('e2e/login-browser');
const path = findChromium();
if (path === undefined) console.log('SKIP: sign-in in a browser: this machine has no Chromium');

login.before(async (world) => {
  world.provider = await startIdentityProvider({
    port: 0,
    clients: ['sallyport'],
    people: [
      {
        sub: 'ada',
        name: 'Ada Byron',
        email: 'ada@example.com',
        emailVerified: true,
        groups: ['engineering'],
      },
    ],
  });
  const key = makeIdpKey();
  world.idp = await startSamlIdp(key, ['ada@example.com', 'eve@other.example']);
  const port = await findFreePort();
  const api = `http://127.0.0.1:${port}`;
  const folder = makeGatewayFolder(
    [
      `listen: {api: "127.0.0.1:${port}", api_url: "${api}"}`,
      'issuers:',
      '  - name: corp',
      `    issuer: ${world.provider.issuer}`,
      '    client_id: sallyport',
      '    kind: human',
      '    groups_claim: groups',
      'saml:',
      '  - name: adfs',
      `    entity_id: ${IDP}`,
      `    sso_url: ${world.idp.ssoUrl}`,
      '    certificates: [idp.pem]',
      '    groups_claim: groups',
      '    group_map: {eng: [engineering]}',
      '    subjects: ["*@example.com"]',
      '',
    ].join('\n'),
  );
  writeFileSync(join(folder.dir, 'idp.pem'), key.certificate);
  const process = await startGatewayProcess(folder);
  world.gateway = {
    folder,
    process,
    api,
    async close() {
      await process.end('SIGTERM');
      folder.remove();
    },
  };
  world.browser = path === undefined ? undefined : await openChromium(path);
});
login.before.each((world) => {
  world.person = makePerson();
});
login.after.each((world) => world.person.leave());
login.after(async (world) => {
  await world.browser?.close();
  await world.gateway.close();
  await world.provider.stop();
  await world.idp.stop();
});

if (path !== undefined) {
  login('a person signs in on the pages of their provider', async (world) => {
    const { person, gateway } = world;
    const begun = await person.login(gateway.api, '--provider', 'corp', '--no-browser');
    const page = await world.browser?.newPage();
    if (page === undefined) throw new Error('no page');
    await page.goto(begun.address);
    await page.getByLabel('Ada Byron').check();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByText('You are signed in').waitFor();
    assert.match(page.url(), /^http:\/\/127\.0\.0\.1:\d+\/callback\?code=/);
    const { code, stdout, stderr } = await begun.done;
    assert.is(code, 0, stderr);
    assert.match(stdout, /subject +corp:ada \(human\)/);
    const out = await person.run('logout');
    assert.is(out.code, 0, out.stderr);
  });

  login(
    'a person signs out at the provider too, in the browser that is signed in',
    async (world) => {
      const { person, gateway } = world;
      const begun = await person.login(gateway.api, '--provider', 'corp', '--no-browser');
      const page = await world.browser?.newPage();
      if (page === undefined) throw new Error('no page');
      await page.goto(begun.address);
      await page.getByLabel('Ada Byron').check();
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('button', { name: 'Allow' }).click();
      assert.is((await begun.done).code, 0);
      const leaving = await person.command(['logout', '--provider', '--no-browser']);
      await page.goto(leaving.address);
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByText('You are signed out').waitFor();
      const { code, stdout, stderr } = await leaving.done;
      assert.is(code, 0, stderr);
      assert.match(stdout, `signed out of ${gateway.api}`);
      // Whoever comes next in this browser is asked who they are.
      const again = await person.login(gateway.api, '--provider', 'corp', '--no-browser');
      await page.goto(again.address);
      await page.getByLabel('Ada Byron').waitFor();
    },
  );

  login('a person signs in with SAML, in the browser', async (world) => {
    const { person, gateway } = world;
    const begun = await person.login(gateway.api, '--provider', 'adfs', '--no-browser');
    const page = await world.browser?.newPage();
    if (page === undefined) throw new Error('no page');
    await page.goto(begun.address);
    await page.getByRole('button', { name: 'ada@example.com' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('You are signed in').waitFor();
    const { code, stdout, stderr } = await begun.done;
    assert.is(code, 0, stderr);
    assert.match(stdout, /subject +adfs:ada@example\.com \(human\)/);
  });
}

login('SAML ends in the same session: groups, renewal refused, logout', async (world) => {
  const { person, gateway, idp } = world;
  const begun = await person.login(gateway.api, '--provider', 'adfs', '--no-browser');
  const browser = openFormBrowser();
  const chosen = await browser.open(begun.address);
  const posted = await browser.submit(chosen, { name: 'ada@example.com' });
  const last = await browser.submit(posted, { go: 'yes' });
  assert.match(last.text, 'You are signed in');
  const { code, stderr } = await begun.done;
  assert.is(code, 0, stderr);
  const who = JSON.parse((await person.run('whoami', '--format', 'json')).stdout);
  assert.equal(
    [who.identity.subject, who.identity.issuer, who.identity.groups],
    ['adfs:ada@example.com', IDP, ['engineering']],
  );
  assert.match(who.credential.session, /^login:/);
  const replayed = await fetch(`${gateway.api}/saml/adfs/acs`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ SAMLResponse: idp.lastResponse(), RelayState: 'x' }),
  });
  assert.is(replayed.status, 401);
  const out = await person.run('logout');
  assert.is(out.code, 0, out.stderr);
});

login('a person the mapping does not let in is told why, where they began', async (world) => {
  const { person, gateway } = world;
  const begun = await person.login(gateway.api, '--provider', 'adfs', '--no-browser');
  const browser = openFormBrowser();
  const chosen = await browser.open(begun.address);
  const posted = await browser.submit(chosen, { name: 'eve@other.example' });
  const last = await browser.submit(posted, { go: 'yes' });
  assert.match(last.text, 'You are not signed in');
  const { code, stderr } = await begun.done;
  assert.is(code, 1);
  assert.match(stderr, 'identity/subject-not-allowed');
});

login(
  'metadata, several providers, and a provider that is unknown',
  async ({ person, gateway }) => {
    const metadata = await fetch(`${gateway.api}/saml/adfs/metadata`);
    assert.is(metadata.headers.get('content-type'), 'application/samlmetadata+xml');
    const xml = await metadata.text();
    assert.match(xml, `Location="${gateway.api}/saml/adfs/acs"`);
    assert.match(xml, 'WantAssertionsSigned="true"');
    assert.is((await fetch(`${gateway.api}/saml/other/metadata`)).status, 404);
    const several = await person.run('login', '--api', gateway.api);
    assert.equal([several.code, /--provider: corp, adfs/.test(several.stderr)], [2, true]);
    const unknown = await person.run('login', '--api', gateway.api, '--provider', 'other');
    assert.equal([unknown.code, /no provider is called other/.test(unknown.stderr)], [2, true]);
    const device = await person.run(
      'login',
      '--api',
      gateway.api,
      '--provider',
      'adfs',
      '--device',
    );
    assert.match(device.stderr, 'no sign-in by device code');
  },
);

login.run();
