/** Every code leads to what explains it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createPageFinder } from '../../../control/cli/docs-pages.ts';
import { DIAGNOSTIC_CODES } from '../../../lang/codes.ts';
import { LINT_RULES } from '../../../lang/lint/rule-list.ts';

const test = suite('control/cli/docs-pages');

test('every rule of the linter has its page', () => {
  const pageOf = createPageFinder();
  for (const { id } of LINT_RULES) {
    const text = readFileSync(fileURLToPath(pageOf(`lint/${id}`) ?? 'file:///none'), 'utf8');
    assert.is(text.split('\n')[0], `# ${id}`);
  }
});

test('every code of the checker leads to its line of the page', () => {
  const pageOf = createPageFinder();
  for (const code of Object.keys(DIAGNOSTIC_CODES)) {
    const address = new URL(pageOf(code) ?? 'file:///none');
    const lines = readFileSync(fileURLToPath(address), 'utf8').split('\n');
    assert.is(lines[Number(address.hash.slice(2)) - 1], `### ${code}`);
  }
});

test('what is no code, and a package without pages, have none', () => {
  assert.is(createPageFinder()('parse/nothing'), undefined);
  assert.is(createPageFinder()('lint/bugs/nothing'), undefined);
  assert.is(createPageFinder('/nowhere')('parse/limit'), undefined);
});

test.run();
