import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readToken } from '../../../control/cli/token-source.ts';
import { ControlError } from '../../../control/error.ts';
import { runCli } from './run-cli.ts';

const source = suite('control/cli/token-source');
const dir = mkdtempSync(join(tmpdir(), 'sallyport-token-'));
source.after(() => rmSync(dir, { recursive: true }));

function fileWith(text: string): string {
  const path = join(dir, 'token');
  writeFileSync(path, text);
  return path;
}

source('a file goes before the environment and the command line', () => {
  assert.is(readToken({ token: 'typed' }), 'typed');
  assert.is(readToken({ token: 'typed', tokenFile: fileWith(' in-file\n') }), 'in-file');
});

source(
  'no token, an empty file, two words and a huge file are told without showing the text',
  () => {
    for (const text of ['', '\n', 'secret words', 'secret'.repeat(5000)])
      assert.throws(
        () => readToken({ tokenFile: fileWith(text) }),
        (error: unknown) =>
          error instanceof ControlError &&
          error.code === 'usage/invalid' &&
          error.message.endsWith('holds no token') &&
          !error.message.includes('secret'),
      );
    assert.is(readToken({}), undefined);
    assert.is(readToken({ token: '' }), undefined);
    assert.throws(() => readToken({ tokenFile: join(dir, 'absent') }), /cannot be read from/);
  },
);

source('a dash reads standard input', async () => {
  const api = ['--api', 'http://127.0.0.1:1'];
  const args = ['approvals', '--token-file', '-', ...api];
  const given = await runCli(args, { cwd: dir, input: 'my.token\n' });
  assert.equal([given.code, /no gateway answers/.test(given.stderr)], [3, true]);
  const empty = await runCli(args, { cwd: dir });
  assert.equal([empty.code, /standard input holds no token/.test(empty.stderr)], [2, true]);
});

source.run();
