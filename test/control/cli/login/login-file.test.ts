/**
 * Where sign-ins are kept: for the person alone, replaced whole, one for each gateway, and one command at a time.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  loginPath,
  openLoginFile,
  type StoredLogin,
} from '../../../../control/cli/login/login-file.ts';
import { storedToken } from '../../../../control/cli/login/stored-token.ts';
import { ControlError } from '../../../../control/error.ts';

interface Context {
  home: string;
  path: string;
}

const file = suite<Context>('control/cli/login/login-file');
file.before.each((context) => {
  context.home = mkdtempSync(join(tmpdir(), 'sallyport-login-'));
  context.path = loginPath({ HOME: context.home });
});
file.after.each(({ home }) => rmSync(home, { recursive: true }));

const at = (ms: number): string => new Date(Date.now() + ms).toISOString();
const one: StoredLogin = {
  gateway: 'https://one.example',
  provider: 'corp',
  issuer: 'https://corp.example',
  subject: 'corp:ada',
  token: 'token-one',
  expiresAt: at(3_600_000),
};
const two: StoredLogin = { ...one, gateway: 'https://two.example', token: 'token-two' };

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'done';
  } catch (error) {
    return error instanceof ControlError ? error.code : String(error);
  }
}

file('it lies in the folder of the person, and is theirs alone', ({ path, home }) => {
  assert.is(path, join(home, '.config', 'sallyport', 'login.json'));
  assert.is(
    loginPath({ HOME: home, XDG_CONFIG_HOME: '/x' }),
    join('/x', 'sallyport', 'login.json'),
  );
  openLoginFile(path).keep(one);
  assert.is(statSync(path).mode & 0o777, 0o600);
  assert.is(statSync(dirname(path)).mode & 0o777, 0o700);
  assert.equal(readdirSync(dirname(path)), ['login.json']);
});

file('there is one sign-in for each gateway, and the last one is current', ({ path }) => {
  const logins = openLoginFile(path);
  assert.is(logins.current, undefined);
  logins.keep(one);
  logins.keep(two);
  logins.keep({ ...two, token: 'token-three' });
  assert.equal([logins.current, logins.find(two.gateway)?.token], [two.gateway, 'token-three']);
  logins.forget(two.gateway);
  assert.equal([logins.current, logins.find(two.gateway)], [one.gateway, undefined]);
  assert.is(logins.find('https://one.example.evil.example'), undefined);
  logins.forget(one.gateway);
  assert.not(existsSync(path));
});

file('what others could have read or put there is not believed', ({ path, home }) => {
  const logins = openLoginFile(path);
  logins.keep(one);
  for (const mode of [0o640, 0o604, 0o660]) {
    chmodSync(path, mode);
    assert.is(
      codeOf(() => logins.find(one.gateway)),
      'state/key-exposed',
    );
  }
  rmSync(path);
  writeFileSync(join(home, 'elsewhere'), '{"version":1,"logins":[]}', { mode: 0o600 });
  symlinkSync(join(home, 'elsewhere'), path);
  assert.is(
    codeOf(() => logins.find(one.gateway)),
    'state/login-unreadable',
  );
});

file('a text that is no sign-in is told without showing it', ({ path }) => {
  mkdirSync(dirname(path), { recursive: true });
  for (const text of ['{"secret', '[]', '{"version":2,"logins":[]}', '{"version":1}']) {
    writeFileSync(path, text, { mode: 0o600 });
    assert.is(
      codeOf(() => openLoginFile(path).find(one.gateway)),
      'state/login-unreadable',
    );
  }
});

file(
  'one command at a time renews, and a lock that was left behind is broken',
  async ({ path }) => {
    const logins = openLoginFile(path);
    const seen: string[] = [];
    const work = (name: string) => () =>
      new Promise<void>((resolve) => {
        seen.push(`${name} in`);
        setTimeout(() => {
          seen.push(`${name} out`);
          resolve();
        }, 20);
      });
    await Promise.all([logins.alone(work('a')), logins.alone(work('b'))]);
    assert.equal(seen, ['a in', 'a out', 'b in', 'b out']);
    writeFileSync(`${path}.lock`, '');
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(`${path}.lock`, longAgo, longAgo);
    assert.is(await logins.alone(async () => 'in'), 'in');
    assert.not(existsSync(`${path}.lock`));
  },
);

file('a token is used while it is good; what cannot be renewed is over', async ({ path }) => {
  const logins = openLoginFile(path);
  assert.is(await storedToken(logins, one.gateway), undefined);
  logins.keep(one);
  assert.is(await storedToken(logins, one.gateway), 'token-one');
  assert.is(await storedToken(logins, two.gateway), undefined);
  // SAML has nothing to renew with: it is good to its end, and not after.
  logins.keep({ ...one, expiresAt: at(30_000) });
  assert.is(await storedToken(logins, one.gateway), 'token-one');
  logins.keep({ ...one, expiresAt: at(-1) });
  let code = '';
  await storedToken(logins, one.gateway).catch((error: unknown) => {
    code = error instanceof ControlError ? error.code : String(error);
  });
  assert.is(code, 'login/over');
});

file('a provider that does not answer takes nothing away before the end', async ({ path }) => {
  const logins = openLoginFile(path);
  const renewable = {
    ...one,
    issuer: 'http://127.0.0.1:1',
    clientId: 'cli',
    providerSubject: 'ada',
    refreshToken: 'r1',
  };
  logins.keep({ ...renewable, expiresAt: at(30_000) });
  assert.is(await storedToken(logins, one.gateway), 'token-one');
  logins.keep({ ...renewable, expiresAt: at(-1) });
  let code = '';
  await storedToken(logins, one.gateway).catch((error: unknown) => {
    code = error instanceof ControlError ? error.code : String(error);
  });
  assert.is(code, 'login/provider');
  assert.is(logins.find(one.gateway)?.refreshToken, 'r1');
});

file.run();
