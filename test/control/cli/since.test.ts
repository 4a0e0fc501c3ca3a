/**
 * `--since` of check, lint and fmt in a real git repository: what changed, and what that affects.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCli } from './run-cli.ts';

const since = suite<{ cwd: string }>('control/cli/since');

const MODULES = {
  base: 'package base\n\nnames = {"a"}\n',
  reader: 'package reader\n\nimport data.base as b\n\nfound = b.names\n',
  far: 'package far\n\nfound = data.reader.found\n',
  other: 'package other\n\nfound = 1\n',
};

since.before.each((context) => {
  context.cwd = mkdtempSync(join(tmpdir(), 'sallyport-since-'));
  mkdirSync(join(context.cwd, 'p'));
  for (const [name, text] of Object.entries(MODULES)) write(context.cwd, name, text);
  const git = (...args: readonly string[]): unknown =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      cwd: context.cwd,
    });
  git('init', '-q');
  git('add', 'p');
  git('commit', '-q', '-m', 'first');
});
since.after.each((context) => {
  rmSync(context.cwd, { recursive: true });
});

function write(cwd: string, name: string, text: string): void {
  writeFileSync(join(cwd, 'p', `${name}.policy`), text);
}

/** Names of the files that are linted. */
async function linted(cwd: string): Promise<readonly string[]> {
  const args = ['lint', 'p', '--since', 'HEAD', '--format', 'junit'];
  const { stdout } = await runCli(args, { cwd });
  return [...stdout.matchAll(/name="p\/(\w+)\.policy"/g)].map(([, name = '']) => name);
}

since('nothing changed: nothing is found', async ({ cwd }) => {
  assert.equal(await linted(cwd), []);
  assert.is((await runCli(['lint', 'p', '--since', 'HEAD'], { cwd })).code, 0);
});

since('what refers to a changed module is affected, by turns', async ({ cwd }) => {
  write(cwd, 'base', `${MODULES.base}\n# changed\n`);
  assert.equal(await linted(cwd), ['base', 'far', 'reader']);
});

since('a module that is gone affects what referred to it, a new file counts', async ({ cwd }) => {
  rmSync(join(cwd, 'p', 'reader.policy'));
  write(cwd, 'fresh', 'package fresh\n\nx = 1\n');
  assert.equal(await linted(cwd), ['far', 'fresh']);
});

since('base data and the configuration of the linter affect all', async ({ cwd }) => {
  writeFileSync(join(cwd, 'p', 'data.json'), '{"limits": {}}');
  assert.is((await linted(cwd)).length, 4);
});

since('fmt looks at what changed only', async ({ cwd }) => {
  write(cwd, 'base', 'package base\nnames   =   {"a"}\n');
  const { stdout } = await runCli(['fmt', '--check', 'p', '--since', 'HEAD'], { cwd });
  assert.is(stdout, 'p/base.policy\n');
});

since('check finds a fault in what a change affects', async ({ cwd }) => {
  write(cwd, 'base', 'package base\n\nnames = {"a"}\n\nbad if nobody\n');
  const { code, stdout } = await runCli(['check', 'p', '--since', 'HEAD'], { cwd });
  assert.is(code, 1);
  assert.match(stdout, 'p/base.policy:5');
});

since(
  'an error in a file that did not change is told where it is the only one',
  async ({ cwd }) => {
    write(cwd, 'other', 'package other\n\nbad if nobody\n');
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@e', 'commit', '-qam', 'x'], {
      cwd,
    });
    write(cwd, 'base', `${MODULES.base}\n# changed\n`);
    const { code, stdout } = await runCli(['check', 'p', '--since', 'HEAD'], { cwd });
    assert.is(code, 1);
    assert.match(stdout, 'p/other.policy:3');
  },
);

since(
  'a revision git does not have, or one that looks like an option, is usage',
  async ({ cwd }) => {
    for (const revision of ['nowhere', '--output=x']) {
      const { code, stderr } = await runCli(['check', 'p', `--since=${revision}`], { cwd });
      assert.is(code, 2);
      assert.match(stderr, 'git cannot tell what changed since');
    }
  },
);

since.run();
