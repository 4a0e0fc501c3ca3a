/**
 * Every lint rule against its own page: it fires on what the page says to avoid, and no rule of its category does on what it
 * prefers. The shipped policies have no finding, and what a fix writes has the finding no more.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lintContract } from '../../../engine/lint-contract.ts';
import { applyEdits } from '../../../lang/lint/fix.ts';
import {
  type Finding,
  type LintSettings,
  lintModules,
  MAX_FINDINGS,
} from '../../../lang/lint/lint.ts';
import type { LintModule, LintRule } from '../../../lang/lint/rule.ts';
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

/** The modules of a page's example; several make up one policy set. Tests are those that say so in their package. */
function examples(page: string, heading: string): readonly LintModule[] {
  const section = page.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const blocks = [...section.matchAll(/```rego\n([\s\S]*?)\n```/g)];
  assert.ok(blocks.length > 0, heading);
  const isTest = /^# testing\/(?!test-outside)/.test(page);
  return blocks.map(([, text = ''], at) =>
    read(
      isTest && !/^# testing\/print/.test(page) ? `e${at}_test.policy` : `e${at}.policy`,
      `${text}\n`,
    ),
  );
}

const contract = lintContract();
const settings: LintSettings = {
  contract,
  settingOf: ({ level }) => ({ level: level === 'off' ? 'warning' : level }),
};

const codes = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ diagnostic }) => diagnostic.code);

for (const rule of LINT_RULES)
  test(`${rule.id} fires on what its page says to avoid, and not on what it prefers`, () => {
    const path = join(projectRoot, 'docs/lint', `${rule.id}.md`);
    assert.ok(existsSync(path), path);
    const page = readFileSync(path, 'utf8');
    const avoid = examples(page, 'Avoid');
    const found = lintModules(avoid, [rule], settings);
    const known = rule.id === 'style/ignore-unknown-rule' ? lintModules(avoid, LINT_RULES) : found;
    assert.equal([...new Set(codes(known))], [`lint/${rule.id}`]);
    const among = rule.id === 'style/ignore-unknown-rule' ? LINT_RULES : [rule];
    const prefer = examples(page, 'Prefer');
    assert.equal(codes(lintModules(prefer, among, settings)), []);
    const fixed = avoid.map(({ source }) => {
      const edits = found.flatMap(({ fix, diagnostic }) =>
        fix !== undefined && diagnostic.source === source ? [fix] : [],
      );
      return edits.length === 0 ? undefined : applyEdits(source.text, edits).text;
    });
    for (const text of fixed)
      if (text !== undefined)
        assert.equal(codes(lintModules([read('fixed.policy', text)], [rule], settings)), []);
  });

test('every rule file is listed, once', () => {
  const files = readdirSync(join(projectRoot, 'lang/lint/rules'), { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -3));
  assert.equal(LINT_RULES.map(({ id }) => id).sort(), files.sort());
});

test('the index of the pages links every rule, and each page says its level, options and name', () => {
  const readme = readFileSync(join(projectRoot, 'docs/lint/README.md'), 'utf8');
  for (const { id, level, options } of LINT_RULES) {
    assert.match(readme, `- [${id}](${id}.md): `);
    const page = readFileSync(join(projectRoot, 'docs/lint', `${id}.md`), 'utf8');
    const said = { error: 'an error', warning: 'a warning', off: 'Off until' }[level];
    const configuration = page.split('## Configuration')[1] ?? '';
    assert.ok(page.startsWith(`# ${id}\n`), id);
    assert.match(configuration, said);
    for (const name of Object.keys(options ?? {})) assert.match(configuration, `\`${name}\``);
  }
});

test('a rule answers to its former name in an ignore comment', () => {
  const [rule] = LINT_RULES.filter(({ id }) => id === 'security/allow-everything');
  if (rule === undefined) throw new Error('no rule');
  const renamed: LintRule = { ...rule, formerly: ['security/open-door'] };
  const comment = '# sallyport ignore: security/open-door because this is a sandbox';
  const module = read('a.policy', `package access\n\n${comment}\ndefault allow := true\n`);
  assert.equal(codes(lintModules([module], [renamed])), []);
  assert.is(codes(lintModules([module], [rule])).length, 1);
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
    lintModules(modules, LINT_RULES, { contract }).map(({ diagnostic }) => [
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

test('what is beyond the findings that are listed is counted', () => {
  const lines = Array.from({ length: MAX_FINDINGS + 7 }, (_, at) => `x${at} = ${at}`).join('\n');
  const modules = [read('a.policy', `package access\n\n${lines}\n`)];
  const rules = LINT_RULES.filter(({ id }) => id === 'style/assignment-operator');
  const findings = lintModules(modules, rules);
  assert.is(findings.length, MAX_FINDINGS + 1);
  assert.is(findings.at(-1)?.diagnostic.code, 'lint/limit');
  assert.match(findings.at(-1)?.diagnostic.message ?? '', /^7 findings from here on/);
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
