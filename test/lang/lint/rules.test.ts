/**
 * Every lint rule against its own page: it fires on what the page says to avoid, and no rule of its category does on what it
 * prefers. The shipped policies have no finding, and what a fix writes has the finding no more.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { applyEdits } from '../../../lang/lint/fix.ts';
import { type Finding, lintModules } from '../../../lang/lint/lint.ts';
import type { LintModule } from '../../../lang/lint/rule.ts';
import { LINT_RULES } from '../../../lang/lint/rule-list.ts';
import { parseModule } from '../../../lang/parse.ts';
import { projectRoot } from '../../support/source-files.ts';

const test = suite('lang/lint/rules');

function read(name: string, text: string): LintModule {
  const source = { name, text };
  const { module, diagnostics } = parseModule(source);
  assert.equal(diagnostics, [], `${name}\n${text}`);
  if (module === undefined) throw new Error('no module');
  return { source, module };
}

function example(page: string, heading: string): string {
  const match = new RegExp(`## ${heading}\\n\\n\`\`\`rego\\n([^]*?)\\n\`\`\``).exec(page);
  return `${match?.[1] ?? assert.unreachable(`no ${heading}`)}\n`;
}

const codes = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ diagnostic }) => diagnostic.code);

for (const rule of LINT_RULES)
  test(`${rule.id} fires on what its page says to avoid, and not on what it prefers`, () => {
    const path = join(projectRoot, 'docs/lint', `${rule.id}.md`);
    assert.ok(existsSync(path), path);
    const page = readFileSync(path, 'utf8');
    const avoid = read('avoid.policy', example(page, 'Avoid'));
    const found = lintModules([avoid], [rule]);
    assert.equal([...new Set(codes(found))], [`lint/${rule.id}`]);
    const prefer = read('prefer.policy', example(page, 'Prefer'));
    assert.equal(codes(lintModules([prefer], [rule])), []);
    const edits = found.flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
    if (edits.length === 0) return;
    const fixed = read('fixed.policy', applyEdits(avoid.source.text, edits).text);
    assert.equal(codes(lintModules([fixed], [rule])), []);
  });

test('every rule file is listed, once', () => {
  const files = readdirSync(join(projectRoot, 'lang/lint/rules'), { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -3));
  assert.equal(LINT_RULES.map(({ id }) => id).sort(), files.sort());
});

test('the shipped policies and the examples have no finding', () => {
  const modules = ['policies', 'examples'].flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true })
      .map(String)
      .filter((file) => file.endsWith('.policy'))
      .map((file) => join(folder, file))
      .map((file) => read(file, readFileSync(join(projectRoot, file), 'utf8'))),
  );
  assert.ok(modules.length >= 8);
  assert.equal(
    lintModules(modules, LINT_RULES).map(({ diagnostic }) => [
      diagnostic.source.name,
      diagnostic.code,
    ]),
    [],
  );
});

test('an ignore comment with a reason covers the next line, without one it covers nothing', () => {
  const text = (comment: string): string => `package access\n\n${comment}\ndefault allow := true\n`;
  const reasoned = '# sallyport ignore: security/allow-everything because this is a sandbox';
  assert.equal(codes(lintModules([read('a.policy', text(reasoned))], LINT_RULES)), []);
  const bare = '# sallyport ignore: security/allow-everything';
  assert.equal(codes(lintModules([read('a.policy', text(bare))], LINT_RULES)), [
    'lint/style/ignore-without-reason',
    'lint/security/allow-everything',
  ]);
});

test('a rule that is off does not run, and a level is what was configured', () => {
  const module = read('a.policy', 'package access\n\ndefault allow := true\n');
  assert.equal(
    codes(lintModules([module], LINT_RULES, { settingOf: () => ({ level: 'off' }) })),
    [],
  );
  const [found] = lintModules([module], LINT_RULES, { settingOf: () => ({ level: 'warning' }) });
  assert.is(found?.diagnostic.severity, 'warning');
});

test('identity is found through other rules, imports and modules', () => {
  const library = read('lib.policy', 'package lib\n\nstaff if "dba" in input.identity.groups\n');
  const access = read(
    'a.policy',
    'package access\n\nimport data.lib\n\nallow if lib.staff\n\nallow if ok\n\nok if reader(1)\n\nreader(_) if input.identity.mfa\n',
  );
  assert.equal(codes(lintModules([library, access], LINT_RULES)), []);
});

test.run();
