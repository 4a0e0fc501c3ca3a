/** The committed pages say what the code says, and the examples of the folder pages print what they claim. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MASK_METHODS } from '../../engine/contract/decision.ts';
import { DIAGNOSTIC_CODES, type DiagnosticCode } from '../../lang/codes.ts';
import { deriveMaskKey, maskText } from '../../proxy/mask/methods.ts';
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

test('decisions.md shows what each mask makes of a value', () => {
  const page = read('docs/decisions.md');
  const key = deriveMaskKey(new Uint8Array(32).fill(7), 'shop');
  for (const method of MASK_METHODS) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${method}\` |`)) ?? '';
    for (const value of ['alice@example.com', '078-05-1120']) {
      const shown = maskText(method, value, key) ?? 'NULL';
      assert.ok(row.includes(method === 'hash' ? `${shown.length} hexadecimal` : shown), row);
    }
  }
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
