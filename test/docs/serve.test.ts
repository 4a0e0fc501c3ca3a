/** docs/serve.md as its reader types it: the server is started in a folder with the files of docs/embedding.md, and every `curl` is run. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readConsoleSteps } from '../support/console-blocks.ts';
import { projectRoot } from '../support/source-files.ts';

const test = suite('docs/serve');
const TOKEN = 'a-token-for-changing-data';
const home = mkdtempSync(join(tmpdir(), 'sallyport-docs-serve-'));
const page = readFileSync(join(projectRoot, 'docs/embedding.md'), 'utf8');
const blockOf = (language: string): string =>
  new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';
mkdirSync(join(home, 'policies'));
writeFileSync(join(home, 'policies/shop.policy'), blockOf('rego'));
writeFileSync(join(home, 'policies/data.json'), blockOf('json'));
writeFileSync(join(home, 'data-token'), TOKEN);

const [start, ...asked] = readConsoleSteps('docs/serve.md');
const cli = join(projectRoot, 'control/cli/from-source.mjs');
const args = ['serve', 'policies/', '--listen', '127.0.0.1:0', '--data-token-file', 'data-token'];
const server = spawn(process.execPath, [cli, ...args], { cwd: home });
test.after(() => {
  server.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

let url = '';
test('the server says where it serves, and which revision', async () => {
  let printed = '';
  for await (const chunk of server.stdout) {
    printed += String(chunk);
    if (printed.includes('running')) break;
  }
  url = /http:\S+/.exec(printed)?.[0] ?? '';
  const lines = printed.trimEnd().replace(url, 'http://127.0.0.1:8181').split('\n');
  assert.is(start?.command, 'sallyport serve policies/');
  assert.equal(lines, start?.expected);
});

for (const { command, expected } of asked)
  test(command.slice(0, 100), () => {
    const run = spawnSync('bash', ['-c', command.replace('http://127.0.0.1:8181', url)], {
      cwd: home,
      encoding: 'utf8',
    });
    assert.is(run.stderr, '');
    assert.equal(run.stdout === '' ? [] : run.stdout.trimEnd().split('\n'), expected);
  });

test.run();
