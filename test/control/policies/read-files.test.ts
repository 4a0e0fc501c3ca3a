/**
 * Which files make a policy set: rules, data, and tests apart.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ControlError } from '../../../control/error.ts';
import { readPolicyFiles } from '../../../control/policies/read-files.ts';

const files = suite<{ folder: string }>('control/policies/read-files');

files.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'sallyport-policies-'));
});
files.after.each((context) => {
  rmSync(context.folder, { recursive: true });
});

function put(folder: string, path: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), path);
}

files('rules, data and tests are told apart, sorted, named relative to the base', ({ folder }) => {
  for (const path of [
    'b.rego',
    'a/x.policy',
    'a/x_test.policy',
    'data.json',
    'a/data.yaml',
    'notes.md',
    'other.json',
    '.git/hidden.policy',
    'node_modules/p/q.policy',
  ])
    put(folder, path);
  const found = readPolicyFiles([folder], folder);
  const names = (sources: readonly { name: string }[]) => sources.map((source) => source.name);
  assert.equal(names(found.policies), ['a/x.policy', 'b.rego']);
  assert.equal(names(found.tests), ['a/x_test.policy']);
  assert.equal(names(found.data), ['a/data.yaml', 'data.json']);
  assert.is(found.policies[0]?.text, 'a/x.policy');
});

files('a file outside the base is named after its folder, and no two alike', ({ folder }) => {
  for (const path of ['one/team/x.policy', 'two/team/x.policy', 'two/team/y.policy'])
    put(folder, path);
  const roots = ['one/team', 'two/team'].map((path) => join(folder, path));
  const names = readPolicyFiles(roots, join(folder, 'base')).policies.map(({ name }) => name);
  assert.equal(names, ['team/x.policy', join(folder, 'two/team/x.policy'), 'team/y.policy']);
});

files('without a base a file outside the present folder is named whole', ({ folder }) => {
  put(folder, 'a/x.policy');
  const [source] = readPolicyFiles([join(folder, 'a')]).policies;
  assert.is(source?.name, join(folder, 'a', 'x.policy'));
});

files('a file that is named twice is read once', ({ folder }) => {
  put(folder, 'a.policy');
  assert.is(readPolicyFiles([folder, join(folder, 'a.policy')], folder).policies.length, 1);
});

files(
  'data fill the place their folder names, and a file that is named is `data` itself',
  ({ folder }) => {
    for (const path of ['x.policy', 'data.json', 'a/b/data.yaml', 'limits.json']) put(folder, path);
    const { data } = readPolicyFiles([folder, join(folder, 'limits.json')], folder);
    assert.equal(
      data.map(({ name, at }) => [name, at]),
      [
        ['a/b/data.yaml', ['a', 'b']],
        ['data.json', []],
        ['limits.json', []],
      ],
    );
    const named = ['limits.json', 'a/b/data.yaml'].map((path) => join(folder, path));
    assert.equal(
      readPolicyFiles(named, folder, 'data').data.map(({ at }) => at),
      [[], []],
    );
  },
);

files('a file that is named and holds neither rules nor data is refused', ({ folder }) => {
  for (const path of ['x.policy', 'notes.md']) put(folder, path);
  assert.throws(
    () => readPolicyFiles([folder, join(folder, 'notes.md')]),
    (error: unknown) =>
      error instanceof ControlError && /neither a policy nor data/.test(error.message),
  );
});

files('a missing path and a folder without rules are coded errors', ({ folder }) => {
  put(folder, 'data.json');
  for (const path of [folder, join(folder, 'none')])
    try {
      readPolicyFiles([path]);
      assert.unreachable('nothing was refused');
    } catch (error) {
      assert.is(error instanceof ControlError ? error.code : error, 'policy/not-found');
    }
});

files('a file that is not UTF-8 is refused with the place of the first bad byte', ({ folder }) => {
  const text = Buffer.from('package p # \u00e9\uFFFD\n');
  for (const [bad, offset] of [
    [Buffer.from([0xff]), text.length],
    [Buffer.from([0xef, 0xbf]), text.length],
    [Buffer.from([0xc3, 0x28]), text.length],
    [Buffer.from([0xed, 0xa0, 0x80]), text.length],
  ] as const) {
    writeFileSync(join(folder, 'x.policy'), Buffer.concat([text, bad, Buffer.from('x')]));
    assert.throws(
      () => readPolicyFiles([folder], folder),
      (error: unknown) =>
        error instanceof ControlError &&
        error.code === 'policy/invalid' &&
        error.message.endsWith(`x.policy is not UTF-8 at byte ${offset}`),
    );
  }
  writeFileSync(join(folder, 'x.policy'), text);
  assert.is(readPolicyFiles([folder], folder).policies[0]?.text, text.toString());
});

files.run();
