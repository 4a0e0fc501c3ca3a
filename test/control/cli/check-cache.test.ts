/**
 * The cache of `sallyport check`: what is found comes out the same, and nothing that lies in the cache by chance or malice is believed.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cacheFolder } from '../../../control/cli/cache-folder.ts';
import { checkKey, readChecked, writeChecked } from '../../../control/cli/check-cache.ts';
import type { PolicyFiles } from '../../../control/policies/read-files.ts';
import type { Diagnostic } from '../../../lang/diagnostic.ts';
import { runCli } from './run-cli.ts';

const cache = suite<{ cwd: string; folder: string }>('control/cli/check-cache');

cache.before.each((context) => {
  context.cwd = mkdtempSync(join(tmpdir(), 'sallyport-cache-'));
  context.folder = join(context.cwd, '.cache', 'sallyport');
  mkdirSync(join(context.cwd, 'p'));
  writeFileSync(join(context.cwd, 'p', 'a.policy'), 'package access\n\nallow if nobody\n');
});
cache.after.each((context) => {
  rmSync(context.cwd, { recursive: true });
});

function filesOf(text: string, name = 'a.policy'): PolicyFiles {
  return { policies: [{ name, text }], tests: [], data: [] };
}

function faultIn(files: PolicyFiles): Diagnostic {
  const [source = { name: '', text: '' }] = files.policies;
  const span = { start: 0, end: 1 };
  const related = [{ source, span, message: 'here' }];
  return { code: 'check/unsafe-var', severity: 'error', message: 'm', source, span, related };
}

/** The one entry there is; code that is kept lies beside it. */
function entryOf(folder: string): string {
  const [entry = ''] = readdirSync(folder).filter((name) => name.startsWith('check-'));
  return join(folder, entry);
}

cache(
  'a warm run says what the cold one said, in the format asked for',
  async ({ cwd, folder }) => {
    const cold = await runCli(['check', 'p'], { cwd });
    assert.is(readdirSync(folder).length, 1);
    const warm = await runCli(['check', 'p'], { cwd });
    assert.equal(warm, cold);
    assert.is(warm.code, 1);
    const sarif = await runCli(['check', 'p', '--format', 'sarif'], { cwd });
    assert.is(JSON.parse(sarif.stdout).runs[0].results[0].ruleId, 'check/unsafe-var');
  },
);

cache('a damaged entry is a cold run, which mends it', async ({ cwd, folder }) => {
  const cold = await runCli(['check', 'p'], { cwd });
  const whole = readFileSync(entryOf(folder), 'utf8');
  for (const text of ['', '[]', whole.slice(0, -1), whole.replace('nobody', 'nobodx')]) {
    writeFileSync(entryOf(folder), text);
    assert.equal(await runCli(['check', 'p'], { cwd }), cold);
    assert.is(readFileSync(entryOf(folder), 'utf8'), whole);
  }
});

cache('--no-cache neither reads nor writes', async ({ cwd, folder }) => {
  const { code } = await runCli(['check', 'p', '--no-cache'], { cwd });
  assert.is(code, 1);
  assert.not(existsSync(folder));
});

cache('a folder that cannot be made is no fault', async ({ cwd }) => {
  writeFileSync(join(cwd, 'file'), '');
  const env = { SALLYPORT_CACHE: join(cwd, 'file', 'below') };
  assert.is((await runCli(['check', 'p'], { cwd, env })).code, 1);
});

cache('the key changes with text, name, kind and options', () => {
  const one = filesOf('package a\n');
  const keys = [
    checkKey(one, 'contract'),
    checkKey(one, 'none'),
    checkKey(filesOf('package b\n'), 'contract'),
    checkKey(filesOf('package a\n', 'b.policy'), 'contract'),
  ];
  assert.is(new Set(keys).size, keys.length);
  assert.is(checkKey(filesOf('package a\n'), 'contract'), keys[0]);
});

cache('what is read back points into the files at hand', ({ folder }) => {
  const files = filesOf('package a\n');
  const key = checkKey(files, 'contract');
  assert.is(readChecked(folder, key, files), undefined);
  writeChecked(folder, key, files, [faultIn(files)]);
  const again = filesOf('package a\n');
  const [found] = readChecked(folder, key, again) ?? [];
  assert.equal(found, faultIn(again));
  assert.is(found?.source, again.policies[0]);
});

cache('an entry under the name of another is not believed', ({ folder }) => {
  const files = filesOf('package a\n');
  writeChecked(folder, 'check-one', files, []);
  writeFileSync(join(folder, 'check-two'), readFileSync(join(folder, 'check-one')));
  assert.equal(readChecked(folder, 'check-one', files), []);
  assert.is(readChecked(folder, 'check-two', files), undefined);
});

cache('a folder that others may write is not believed', ({ folder }) => {
  const files = filesOf('package a\n');
  writeChecked(folder, 'check-one', files, []);
  chmodSync(folder, 0o777);
  assert.is(readChecked(folder, 'check-one', files), undefined);
  writeChecked(folder, 'check-two', files, []);
  assert.equal(readdirSync(folder), ['check-one']);
});

cache('entries are bounded', ({ folder }) => {
  for (let at = 0; at < 70; at += 1) writeChecked(folder, `check-${at}`, filesOf(''), []);
  assert.is(readdirSync(folder).length, 64);
});

cache('the folder is the one named, else that of the user', () => {
  assert.is(cacheFolder({ SALLYPORT_CACHE: '/c' }), '/c');
  assert.is(cacheFolder({ XDG_CACHE_HOME: '/x', HOME: '/h' }), '/x/sallyport');
  assert.is(cacheFolder({ HOME: '/h' }), '/h/.cache/sallyport');
});

cache.run();
