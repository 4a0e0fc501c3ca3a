/**
 * What a start of `sallyport` loads: the time it takes follows from that, and a count can be held where a time cannot. And that the code
 * kept for the next start lies where nobody else can put some.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MAX_FILES } from '../../../control/cli/code-cache.ts';
import { projectRoot } from '../../support/source-files.ts';

const start = suite<{ home: string }>('control/cli/start');

/** Files of ours that are loaded before the command is known. */
const MAX_OWN_FILES = 10;
/** The one package a start may load. */
const PARSER = 'commander';
const LOUD = `
  import { registerHooks } from 'node:module';
  import { writeSync } from 'node:fs';
  registerHooks({ load: (url, context, next) => (writeSync(2, url + '\\n'), next(url, context)) });`;

start.before.each((context) => {
  context.home = mkdtempSync(join(tmpdir(), 'sallyport-start-'));
});
start.after.each(({ home }) => rmSync(home, { recursive: true }));

function run(file: string, args: readonly string[], home: string, ...flags: readonly string[]) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [...flags, join(projectRoot, 'control/cli', file), ...args],
    { cwd: home, env: { PATH: process.env['PATH'], HOME: home }, encoding: 'utf8' },
  );
  return { stdout, stderr, status };
}

/** The files a command loads: ours below the project, and the packages of the others. */
function loadedBy(args: readonly string[], home: string) {
  const hook = `data:text/javascript,${encodeURIComponent(LOUD)}`;
  const { stderr, status } = run('from-source.mjs', args, home, '--import', hook);
  assert.is(status, 0, stderr);
  const files = stderr.split('\n').filter((line) => line.startsWith('file:'));
  const packageOf = (file: string): string | undefined =>
    /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1];
  return {
    own: files.filter((file) => packageOf(file) === undefined),
    packages: new Set(files.flatMap((file) => packageOf(file) ?? [])),
  };
}

for (const args of [['--help'], ['--version'], []])
  start(`sallyport ${args.join('')} loads the table of commands and none of them`, ({ home }) => {
    const { own, packages } = loadedBy(args, home);
    assert.ok(own.length <= MAX_OWN_FILES, own.join('\n'));
    assert.equal([...packages], [PARSER]);
    assert.is(
      own.some((file) => file.includes('/commands/')),
      false,
    );
  });

start('the help of a command loads that command, and no other', ({ home }) => {
  const { own, packages } = loadedBy(['check', '--help'], home);
  assert.equal(
    own.filter((file) => file.includes('/commands/')).map((file) => file.split('/').at(-1)),
    ['check.ts'],
  );
  assert.equal([...packages], [PARSER]);
});

start('what was compiled is kept in a folder that is the owner’s alone', ({ home }) => {
  assert.is(run('main.ts', ['--version'], home).status, 0);
  const folder = join(home, '.cache', 'sallyport', 'code');
  assert.is(statSync(folder).mode & 0o777, 0o700);
  const [kept = ''] = readdirSync(folder);
  assert.ok(readdirSync(join(folder, kept)).length > 0);
});

start('what is kept has a bound: past it all is begun anew', ({ home }) => {
  const former = join(home, '.cache', 'sallyport', 'code', 'former');
  mkdirSync(former, { recursive: true, mode: 0o700 });
  chmodSync(join(home, '.cache', 'sallyport'), 0o700);
  chmodSync(join(home, '.cache', 'sallyport', 'code'), 0o700);
  for (let at = 0; at <= MAX_FILES; at += 1) writeFileSync(join(former, `${at}`), '');
  assert.is(run('main.ts', ['--version'], home).status, 0);
  assert.is(existsSync(former), false);
});

start('nothing is kept in or taken from a folder that others may write', ({ home }) => {
  const folder = join(home, '.cache', 'sallyport');
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o777);
  const { status, stderr } = run('main.ts', ['--version'], home);
  assert.equal([status, stderr], [0, '']);
  assert.is(
    existsSync(join(folder, 'code')) && readdirSync(join(folder, 'code')).length > 0,
    false,
  );
});

start.run();
