/** The committed pages say what the code says, and the examples of the folder pages print what they claim. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DIAGNOSTIC_CODES, type DiagnosticCode } from '../../lang/codes.ts';
import { exampleOf, WITHOUT_EXAMPLE } from './diagnostic-examples.ts';
import { PAGES } from './pages.ts';

const test = suite('docs/pages');
const read = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

for (const { file, write } of PAGES)
  test(`docs/${file} is what \`npm run -s docs\` writes`, () => {
    const present = read(`docs/${file}`);
    assert.is(present, write(present));
  });

test('every code has an example, but for those that no text has', () => {
  const without = Object.keys(DIAGNOSTIC_CODES).filter(
    (code) => exampleOf(code as DiagnosticCode) === undefined,
  );
  assert.equal(without.sort(), [...WITHOUT_EXAMPLE].sort());
});

test('every code that rego-support.md names is a code', () => {
  const codes = new Set<string>(Object.keys(DIAGNOSTIC_CODES));
  const named = [
    ...read('docs/rego-support.md').matchAll(/`((?:parse|check|type|refused)\/[a-z0-9-]+)`/g),
  ];
  assert.ok(named.length > 20);
  for (const [, code = ''] of named) assert.ok(codes.has(code), code);
});

for (const folder of ['lang', 'engine'])
  test(`the example of ${folder}/README.md prints what the page says`, () => {
    const page = read(`${folder}/README.md`);
    const code = /```ts\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    const output = /```text\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    const run = spawnSync(process.execPath, ['--input-type=module-typescript', '--eval', code], {
      cwd: new URL(`../../${folder}/`, import.meta.url),
      encoding: 'utf8',
    });
    assert.is(run.stderr, '');
    assert.is.not(output, '');
    assert.is(run.stdout, output);
  });

test.run();
