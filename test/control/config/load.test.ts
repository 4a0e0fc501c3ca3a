/**
 * A configuration text becomes settings, or problems that say where and what.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseConfig } from '../../../control/config/load.ts';
import { renderProblem } from '../../../control/config/problem.ts';
import type { Settings } from '../../../control/config/settings.ts';

const config = suite('control/config/load');

const surroundings = {
  env: { DB_PASSWORD: 'hunter2', HOST: 'db.internal', EMPTY: '' },
  readFile: (path: string): string => {
    if (path === 'token.txt') return 'from-file\n';
    throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
  },
};

function parse(text: string) {
  return parseConfig({ name: 'sallyport.yaml', text }, '/etc/sp/sallyport.yaml', surroundings);
}

function settingsOf(text: string): Settings {
  const { settings, problems } = parse(text);
  if (settings === undefined) throw new Error(problems.map(renderProblem).join('\n'));
  return settings;
}

/** Code, underlined text and advice of each problem. */
function problemsOf(text: string): { code: string; at: string; help: string | undefined }[] {
  return parse(text).problems.map((problem) => ({
    code: problem.code,
    at: text.slice(problem.span.start, problem.span.end),
    help: problem.help,
  }));
}

config('an empty file is a configuration of defaults', () => {
  const settings = settingsOf('');
  assert.equal(settings.listen.api, { host: '127.0.0.1', port: 7070 });
  assert.equal(settings.listen.postgres, undefined);
  assert.is(settings.stateDir, '/etc/sp/.sallyport');
  assert.is(settings.journal.dir, '/etc/sp/.sallyport/journal');
  assert.equal(settings.policyPaths, ['/etc/sp/policies']);
  assert.is(settings.tokens.lifetimeMs, 12 * 3_600_000);
  assert.is(settings.limits.httpBodyBytes, 8 * 1024 * 1024);
  assert.equal(settings.access.admins, ['sallyport-admins']);
});

config('a misspelt key is underlined and the nearest key named', () => {
  assert.equal(problemsOf('listne:\n  postgres: 127.0.0.1:6432\n'), [
    { code: 'config/unknown-key', at: 'listne', help: 'did you mean `listen`?' },
  ]);
  assert.equal(problemsOf('limits:\n  conections: 5\n'), [
    { code: 'config/unknown-key', at: 'conections', help: 'did you mean `connections`?' },
  ]);
});

config('a key like none lists the keys that are possible', () => {
  const [problem] = problemsOf('tls:\n  cert: a\n  key: b\n  zzzzzz: 1\n');
  assert.is(
    problem?.help,
    'the keys here are `cert`, `key`, `required`, `client_certificates`, `api`',
  );
});

config('a misspelt value of a closed list is underlined and the nearest named', () => {
  assert.equal(
    problemsOf('resources:\n  - {name: a, type: postgres, host: h, user: u, tls: requier}\n'),
    [{ code: 'config/wrong-value', at: 'requier', help: 'did you mean `require`?' }],
  );
  assert.equal(problemsOf('resources:\n  - {name: a, type: postgers}\n'), [
    { code: 'config/wrong-value', at: 'postgers', help: 'did you mean `postgres`?' },
  ]);
});

config('every problem of a file is listed, in its order', () => {
  const found = problemsOf('state: 5\nlimits:\n  connections: 0\n  handshake: 3 weeks\nbogus: 1\n');
  assert.equal(
    found.map((problem) => `${problem.code} ${problem.at}`),
    [
      'config/wrong-type 5',
      'config/out-of-range 0',
      'config/wrong-value 3 weeks',
      'config/unknown-key bogus',
    ],
  );
});

config('amounts outside their bounds are refused', () => {
  assert.equal(
    problemsOf('limits: {handshake: 1h, http_body: 1GiB}').map((problem) => problem.at),
    ['1h', '1GiB'],
  );
});

config('broken YAML and a key written twice are placed', () => {
  assert.is(problemsOf('listen: [\n')[0]?.code, 'config/syntax');
  const [twice] = problemsOf('state: a\nstate: b\n');
  assert.is(twice?.code, 'config/duplicate');
});

config('a resource or identity named twice is refused', () => {
  assert.equal(
    problemsOf('identities:\n  - {subject: ana}\n  - {subject: ana}\n').map((p) => p.code),
    ['config/duplicate'],
  );
});

config(
  'an http address with a user or password is refused, and the way to send one is told',
  () => {
    for (const userInfo of ['ana:hunter2', 'ana', ':hunter2']) {
      const text = `resources:\n  - {name: web, type: http, url: "http://${userInfo}@x/base"}\n`;
      const [problem, ...more] = problemsOf(text);
      assert.equal(more, []);
      assert.is(problem?.at, `"http://${userInfo}@x/base"`);
      assert.match(problem?.help ?? '', /`inject`/);
      const [shown] = parse(text).problems;
      assert.not.match(shown === undefined ? 'hunter2' : renderProblem(shown), /hunter2/);
    }
    assert.equal(
      problemsOf('resources:\n  - {name: web, type: http, url: "http://x/a@b:c"}\n'),
      [],
    );
  },
);

config('names the API may be asked by are none unless listed', () => {
  assert.equal(settingsOf('').listen.apiHosts, []);
  assert.equal(settingsOf('listen: {api_hosts: [sp.internal]}').listen.apiHosts, ['sp.internal']);
  assert.equal(
    problemsOf('listen: {api_hosts: ["sp.internal:80"]}').map(({ at }) => at),
    ['"sp.internal:80"'],
  );
});

config('a password comes from the environment or a file and prints as <secret>', () => {
  const settings = settingsOf(
    [
      'resources:',
      `  - {name: pg, type: postgres, host: "\${env:HOST}", user: app, password: "\${env:DB_PASSWORD}"}`,
      `  - {name: web, type: http, url: "http://x", inject: [{header: X-Key, value: "Bearer \${file:token.txt}"}]}`,
    ].join('\n'),
  );
  assert.is(settings.secrets.get('pg/password')?.reveal(), 'hunter2');
  // The file is there, and is read again when it is used: it may be changed under a running gateway.
  assert.equal(settings.secrets.get('web/inject/0')?.revealParts(), [
    'Bearer ',
    { source: 'file', path: 'token.txt', field: undefined },
  ]);
  const [pg, web] = settings.targets;
  assert.is(pg?.upstream.kind === 'postgres' && pg.upstream.host, 'db.internal');
  assert.is(web?.upstream.kind === 'http' && web.upstream.inject[0]?.header, 'x-key');
  assert.not.match(JSON.stringify([...settings.secrets.values()]), /hunter2|from-file/);
});

config('a PostgreSQL URL is taken apart and its password kept secret', () => {
  const settings = settingsOf(
    'resources:\n  - {name: pg, type: postgres, url: "postgres://app:p%40ss@db:6000/shop"}\n',
  );
  assert.equal(settings.targets[0]?.upstream, {
    kind: 'postgres',
    host: 'db',
    port: 6000,
    database: 'shop',
    user: 'app',
    password: { id: 'pg/password' },
    tls: 'prefer',
    ca: undefined,
  });
  assert.is(settings.secrets.get('pg/password')?.reveal(), 'p@ss');
});

config('a variable that is unset or empty, and a missing file, are problems', () => {
  for (const reference of ['env:NOPE', 'env:EMPTY', 'file:nope.txt']) {
    const [problem, more] = problemsOf(
      `resources:\n  - {name: a, type: postgres, host: h, user: u, password: "\${${reference}}"}\n`,
    );
    assert.is(problem?.code, 'config/secret-missing', reference);
    assert.is(more, undefined);
  }
});

config('a reference where none is allowed, and an unknown sort of reference, are problems', () => {
  assert.is(
    problemsOf(`identities: [{subject: ana, name: "\${env:HOST}"}]`)[0]?.code,
    'config/secret-missing',
  );
  assert.is(problemsOf(`state: "\${HOST}"`)[0]?.code, 'config/secret-missing');
  assert.is(settingsOf(`state: "/a/$\${b}"`).stateDir, `/a/\${b}`);
});

config('a problem is printed with file, line, column, caret and advice', () => {
  const [problem] = parse('state: a\nlistne: {}\n').problems;
  assert.is(
    problem === undefined ? '' : renderProblem(problem),
    [
      'sallyport.yaml:2:1: error: unknown key `listne` [config/unknown-key]',
      '  2 | listne: {}',
      '    | ^^^^^^',
      '  help: did you mean `listen`?',
    ].join('\n'),
  );
});

config('a password in a URL is never part of a problem', () => {
  const text = 'resources:\n  - {name: pg, type: postgres, url: "mysql://app:topsecret@db/x"}\n';
  const { problems } = parse(text);
  assert.is(problems.length, 1);
  assert.not.match(problems.map((p) => p.message + (p.help ?? '')).join(' '), /topsecret/);
});

config.run();
