/**
 * References to secrets: where they may stand, what they may say, and what is made of them.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseConfig } from '../../../control/config/load.ts';
import { readReference } from '../../../control/config/secret-reference.ts';

const references = suite('control/config/secret-reference');

const parse = (text: string) =>
  parseConfig({ name: 'sallyport.yaml', text }, '/etc/sallyport/sallyport.yaml', {
    env: { PW: 'hunter2' },
    readFile: () => 'from-file',
  });

references('a reference is a source, a path and a field', () => {
  assert.equal(readReference('vault', 'secret/shop#password'), {
    source: 'vault',
    path: 'secret/shop',
    field: 'password',
  });
  assert.equal(readReference('aws-secret', 'prod/db'), {
    source: 'aws-secret',
    path: 'prod/db',
    field: undefined,
  });
  assert.equal(readReference('store', 'shop.db'), {
    source: 'store',
    path: 'shop.db',
    field: undefined,
  });
});

references('what cannot be a path, a field or a name is told', () => {
  for (const [source, text] of [
    ['vault', 'secret/shop'],
    ['vault', 'secret#password'],
    ['vault', 'secret/../sys/raw#x'],
    ['vault', '/secret/shop#x'],
    ['vault', 'secret//shop#x'],
    ['vault', 'secret/shop?version=1#x'],
    ['vault', 'secret/shop#a#b'],
    ['vault', 'secret/shop#'],
    ['vault', `secret/${'x'.repeat(600)}#a`],
    ['aws-secret', 'a b'],
    ['aws-secret', ''],
    ['store', 'Shop'],
    ['store', '../shop'],
    ['store', 'shop#field'],
    ['file', ''],
  ] as const)
    assert.type(readReference(source, text), 'string', text);
});

references('credentials of resources take them, together with text', () => {
  const { settings, problems } = parse(`resources:
  - {name: a, type: postgres, host: h, database: d, user: "\${vault:database/creds/app#username}", password: "\${vault:database/creds/app#password}"}
  - {name: b, type: http, url: "http://x", inject: [{header: authorization, value: "Bearer \${aws-secret:b#token}"}]}
  - {name: c, type: postgres, host: h, database: d, user: app, upstream_users: [{user: u, password: "\${store:c}"}]}
`);
  assert.equal(problems, []);
  const [a, b, c] = settings?.targets ?? [];
  assert.equal(a?.resource, { name: 'a', type: 'postgres', labels: {}, database: 'd' });
  assert.equal(a?.upstream.kind === 'postgres' && a.upstream.userSecret, { id: 'a/user' });
  assert.equal(b?.upstream.kind === 'http' && b.upstream.inject[0]?.value, { id: 'b/inject/0' });
  assert.equal(settings?.secrets.get('b/inject/0')?.revealParts(), [
    'Bearer ',
    { source: 'aws-secret', path: 'b', field: 'token' },
  ]);
  assert.equal(c?.upstream.kind === 'postgres' && c.upstream.accounts?.[0]?.password, {
    id: 'c/upstream_users/0',
  });
});

references('nothing else is fetched from a secret store', () => {
  for (const line of [
    `state: "\${store:x}"`,
    `store: {url: "postgres://u:\${vault:a/b#c}@h/d"}`,
    `secrets: {vault: {address: "https://v", token: "\${store:x}"}}`,
    `resources: [{name: a, type: postgres, url: "\${vault:a/b#url}"}]`,
    `resources: [{name: a, type: postgres, host: "\${vault:a/b#host}", user: u}]`,
  ])
    assert.is(parse(line).problems[0]?.code, 'config/secret-missing', line);
});

references('a user that is fetched stands beside a database, and is not filled in', () => {
  const [problem] = parse(
    `resources: [{name: a, type: postgres, host: h, user: "\${vault:database/creds/a#username}"}]`,
  ).problems;
  assert.match(problem?.message ?? '', /names no database/);
});

references('the section is held to one way in, and to encrypted lines', () => {
  for (const [text, message] of [
    ['{vault: {address: "https://v"}}', /one way to sign in/],
    ['{vault: {address: "https://v", token: a, token_file: b}}', /one way to sign in/],
    ['{vault: {address: "http://v.internal:8200", token: a}}', /over an open line/],
    [
      '{aws: {region: r, endpoint: "http://aws.internal", access_key_id: a, secret_access_key: b}}',
      /over an open line/,
    ],
    ['{key: abc, key_file: k}', /say the same thing/],
  ] as const)
    assert.match(parse(`secrets: ${text}`).problems[0]?.message ?? '', message, text);
});

references('the section is read with its defaults, and shows no secret', () => {
  const { settings } = parse(
    `secrets: {vault: {address: "https://v", app_role: {role_id: r, secret_id: "\${env:PW}"}}}`,
  );
  const { freshMs, keepMs, keys, vault } = settings?.secretSources ?? {};
  assert.equal([freshMs, keepMs], [60_000, 86_400_000]);
  assert.equal(keys, { file: '/etc/sallyport/.sallyport/secret-keys' });
  assert.is(vault?.auth.kind === 'app-role' && vault.auth.mount, 'approle');
  assert.is(vault?.auth.kind === 'app-role' && vault.auth.secretId?.reveal(), 'hunter2');
  assert.not.match(JSON.stringify(settings?.secretSources), /hunter2/);
});

references.run();
