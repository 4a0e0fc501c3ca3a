/**
 * What is refused of `issuers:`, `saml:`, `login:` and the rules that name subjects of theirs, before anything is opened.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseConfig } from '../../../control/config/load.ts';
import { makeIdpKey } from '../../support/saml-idp.ts';

const config = suite('control/config/sign-in-sections');
const dir = mkdtempSync(join(tmpdir(), 'sallyport-sections-'));
writeFileSync(join(dir, 'idp.pem'), makeIdpKey().certificate);
writeFileSync(join(dir, 'empty.pem'), 'nothing');
config.after(() => rmSync(dir, { recursive: true }));

const read = (text: string) =>
  parseConfig({ name: 'x', text }, join(dir, 'sallyport.yaml'), { env: {}, readFile: () => '' });
const messagesOf = (text: string): readonly string[] =>
  read(text).problems.map(({ message }) => message);

const CORP = 'name: corp, issuer: "https://corp.example"';
const ADFS =
  'name: adfs, entity_id: "https://idp.example", sso_url: "https://idp.example/sso", certificates: [idp.pem]';
const REACHED = 'listen: {api_url: "https://gate.example/"}';

config('people sign in with a client, for a while that is theirs to choose', () => {
  const { settings, problems } = read(
    `issuers: [{${CORP}, client_id: cli, kind: human, redirect_port: 8400}]\nlogin: {session: 15m}`,
  );
  assert.equal(problems, []);
  const [corp] = settings?.providers ?? [];
  assert.equal([corp?.clientId, corp?.redirectPort], ['cli', 8400]);
  assert.equal(corp?.scopes, ['openid', 'profile', 'email', 'offline_access']);
  assert.is(settings?.login.sessionMs, 900_000);
  assert.is(read('').settings?.login.sessionMs, 3_600_000);
});

config('a client of workloads, and one without openid, are faults', () => {
  assert.equal(messagesOf(`issuers: [{${CORP}, client_id: cli}]`), [
    'only people sign in with a client',
  ]);
  assert.equal(messagesOf(`issuers: [{${CORP}, client_id: cli, kind: human, scopes: [profile]}]`), [
    '`openid` is missing',
  ]);
});

config('a SAML provider is read, with addresses of this gateway', () => {
  const { settings, problems } = read(`${REACHED}\nsaml: [{${ADFS}, groups_claim: groups}]`);
  assert.equal(problems, []);
  const [adfs] = settings?.samlProviders ?? [];
  assert.equal(
    [adfs?.acsUrl, adfs?.spEntityId],
    ['https://gate.example/saml/adfs/acs', 'https://gate.example/saml/adfs/metadata'],
  );
  assert.equal(
    [adfs?.mapping.kind, adfs?.mapping.subject, adfs?.mapping.prefix],
    ['human', 'NameID', 'adfs:'],
  );
  assert.match(adfs?.certificates[0] ?? '', 'BEGIN CERTIFICATE');
});

config(
  'a SAML provider needs an address to return to, a certificate and a line that is closed',
  () => {
    const one = (more: string): readonly string[] => messagesOf(`${REACHED}\nsaml: [{${more}}]`);
    assert.equal(messagesOf(`saml: [{${ADFS}}]`), [
      'a SAML provider sends people back to an address of this gateway',
    ]);
    assert.equal(one(ADFS.replace('https://idp.example/sso', 'http://idp.example/sso')), [
      'people would sign in over an open line',
    ]);
    for (const file of ['empty.pem', 'absent.pem'])
      assert.match(one(ADFS.replace('idp.pem', file))[0] ?? '', 'holds no certificate');
  },
);

config('two providers of any kind have no name, prefix or issuer in common', () => {
  const both = (issuer: string, saml: string): readonly string[] =>
    messagesOf(`${REACHED}\nissuers: [{${issuer}}]\nsaml: [{${saml}}]`);
  assert.equal(both(CORP, ADFS.replace('name: adfs', 'name: corp')), [
    '`corp` is used twice',
    '`corp:` is used twice',
  ]);
  assert.equal(both(`${CORP}, prefix: ""`, `${ADFS}, prefix: ""`), ['`` is used twice']);
  assert.equal(both(CORP, ADFS.replace('https://idp.example"', 'https://corp.example"')), [
    '`https://corp.example` is used twice',
  ]);
});

config('people are only sent to an address that is one, and safe', () => {
  for (const url of ['http://gate.example', 'ftp://gate.example', 'https://gate.example/?a', 'x'])
    assert.equal(messagesOf(`listen: {api_url: "${url}"}`), [
      `\`${url}\` is no address that people can be sent to`,
    ]);
  assert.is(read(REACHED).settings?.listen.apiUrl, 'https://gate.example');
});

const shop = (rule: string): string =>
  `resources: [{name: shop, type: postgres, host: h, user: u, upstream_users: [{${rule}, user: x}]}]`;

config('a rule for a subject that two issuers can name says which it means', () => {
  const sources = `identities: [{subject: ada}]\nissuers: [{${CORP}, prefix: ""}]\n`;
  assert.equal(messagesOf(`${sources}${shop('subjects: [ada]')}`), [
    '`ada` can be somebody of sallyport or https://corp.example',
  ]);
  assert.equal(messagesOf(`${sources}${shop('subjects: [olga]')}`), []);
  const named = read(`${sources}${shop('subjects: [ada], issuer: sallyport')}`);
  assert.equal(named.problems, []);
  const [target] = named.settings?.targets ?? [];
  const upstream = target?.upstream;
  assert.is(upstream?.kind === 'postgres' && upstream.accounts?.[0]?.issuer, 'sallyport');
  assert.equal(messagesOf(`${sources}${shop('subjects: [ada], issuer: elsewhere')}`), [
    '`elsewhere` is no issuer here',
  ]);
});

config('a prefix makes a subject one person', () => {
  const sources = `identities: [{subject: ada}]\nissuers: [{${CORP}}]\n`;
  assert.equal(messagesOf(`${sources}${shop('subjects: [ada, "corp:ada"]')}`), []);
});

config.run();
