/**
 * `sallyport fmt` as a process: what each flag prints, writes and exits with.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCli } from './run-cli.ts';

const fmt = suite<{ cwd: string; file: string }>('control/cli/fmt');

const LOOSE = 'package a\np if {x:=1;x>0}\n';
const TIDY = 'package a\n\np if {\n\tx := 1\n\tx > 0\n}\n';

fmt.before.each((context) => {
  context.cwd = mkdtempSync(join(tmpdir(), 'sallyport-fmt-'));
  context.file = join(context.cwd, 'a.policy');
  writeFileSync(context.file, LOOSE);
});
fmt.after.each((context) => {
  rmSync(context.cwd, { recursive: true });
});

fmt('without a flag it prints and writes nothing', async ({ cwd, file }) => {
  const { code, stdout } = await runCli(['fmt', 'a.policy'], { cwd });
  assert.is(stdout, TIDY);
  assert.is(code, 0);
  assert.is(readFileSync(file, 'utf8'), LOOSE);
});

fmt('--write changes the file, and finds nothing to do the second time', async ({ cwd, file }) => {
  assert.match((await runCli(['fmt', '--write', '.'], { cwd })).stdout, '1 of 1 files written');
  assert.is(readFileSync(file, 'utf8'), TIDY);
  assert.match((await runCli(['fmt', '--write', '.'], { cwd })).stdout, '0 of 1 files written');
});

fmt('--check lists what differs and exits 1, and 0 when nothing does', async ({ cwd, file }) => {
  const found = await runCli(['fmt', '--check', 'a.policy'], { cwd });
  assert.is(found.stdout, 'a.policy\n');
  assert.is(found.code, 1);
  writeFileSync(file, TIDY);
  const none = await runCli(['fmt', '--check', 'a.policy'], { cwd });
  assert.is(none.stdout, '');
  assert.is(none.code, 0);
});

fmt('--diff shows the change as a unified diff', async ({ cwd }) => {
  const { code, stdout } = await runCli(['fmt', '--diff', 'a.policy'], { cwd });
  assert.is(
    stdout,
    '--- a.policy\n+++ a.policy\n@@ -1,2 +1,6 @@\n package a\n-p if {x:=1;x>0}\n+\n+p if {\n+\tx := 1\n+\tx > 0\n+}\n',
  );
  assert.is(code, 1);
});

fmt('`-` formats standard input', async ({ cwd }) => {
  const { code, stdout } = await runCli(['fmt', '-'], { cwd, input: LOOSE });
  assert.is(stdout, TIDY);
  assert.is(code, 0);
});

fmt('a file with faults is told, left alone, and exits 1', async ({ cwd, file }) => {
  writeFileSync(file, 'package a\n\np if {\n');
  const { code, stderr } = await runCli(['fmt', '--write', 'a.policy'], { cwd });
  assert.match(stderr, 'parse/unexpected-token');
  assert.is(code, 1);
  assert.is(readFileSync(file, 'utf8'), 'package a\n\np if {\n');
});

fmt.run();
