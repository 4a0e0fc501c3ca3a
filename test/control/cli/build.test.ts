import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCli } from './run-cli.ts';

const test = suite('control/cli/build');

test('what cannot be built is refused with a code, and nothing is written', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'sallyport-build-'));
  try {
    writeFileSync(join(cwd, 'a.policy'), 'package access\n\nallow if input.identity.mfa\n');
    const cases = [
      [[], 'usage/invalid'],
      [['--target', 'module', '-o', 'policy.txt'], 'build/output'],
      [['--target', 'module', '-o', 'policy.js', '-e', 'nowhere'], 'build/entrypoint'],
    ] as const;
    for (const [options, code] of cases) {
      const run = await runCli(['build', 'a.policy', ...options], { cwd });
      assert.is(run.code, 2, run.stderr);
      assert.match(run.stderr, code);
    }
    assert.not.ok(existsSync(join(cwd, 'policy.js')));
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
});

test('each entrypoint is one path: a package that decides, or a document', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'sallyport-build-'));
  try {
    writeFileSync(join(cwd, 'a.policy'), 'package access\n\nallow if input.identity.mfa\n');
    writeFileSync(join(cwd, 'b.policy'), 'package app\n\nlevel := 7\n');
    const options = ['-o', 'policy.js', '-e', 'access', '-e', 'app/level', 'a.policy', 'b.policy'];
    const run = await runCli(['build', '--target', 'module', ...options], { cwd });
    assert.match(run.stdout, 'policy.js: access, app/level,', run.stderr);
    const types = readFileSync(join(cwd, 'policy.d.ts'), 'utf8');
    assert.match(types, 'export declare const packages: readonly ["access"];');
    assert.match(types, 'export declare const entrypoints: readonly ["app/level"];');
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
});

test('the plan is printed, and how decisions are made', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'sallyport-build-'));
  try {
    writeFileSync(join(cwd, 'a.policy'), 'package access\n\nallow if input.identity.mfa\n');
    const run = await runCli(['build', 'a.policy', '--print-plan'], { cwd });
    assert.is(
      run.stdout,
      'data.access.allow: complete, the first that holds decides\n  a.policy:3\n    r1 := input.identity.mfa\n    test r1\n    yield true\n\ndecision by access: 1 rule\n  r1 := input.identity.mfa\n  try: a.policy:3\n    test r1\n',
    );
    assert.is(run.code, 0);
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
});

test.run();
