/**
 * Every lint rule against its own page: it alone fires on what the page says to avoid, and no rule at all on what it prefers.
 * The shipped policies have no finding, and what a fix writes has the finding no more.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lintContract } from '../../../engine/lint-contract.ts';
import { applyEdits } from '../../../lang/lint/fix.ts';
import { type Finding, lintModules, MAX_FINDINGS } from '../../../lang/lint/lint.ts';
import type { LintRule } from '../../../lang/lint/rule.ts';
import { LINT_RULES } from '../../../lang/lint/rule-list.ts';
import { findInExamples, lintExamples, lintModule, lintPage } from '../../support/lint-pages.ts';
import { projectRoot } from '../../support/source-files.ts';

const test = suite('lang/lint/rules');

const codes = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ diagnostic }) => diagnostic.code);

for (const rule of LINT_RULES)
  test(`${rule.id} alone fires on what its page says to avoid, and nothing on what it prefers`, () => {
    const page = lintPage(rule);
    const avoid = lintExamples(page, 'Avoid');
    const found = findInExamples(rule, avoid);
    assert.equal([...new Set(codes(found))], [`lint/${rule.id}`]);
    const prefer = lintExamples(page, 'Prefer');
    assert.ok(prefer.length > 0);
    assert.equal(codes(findInExamples(rule, prefer)), []);
    for (const { source } of avoid) {
      const edits = found.flatMap(({ fix, diagnostic }) =>
        fix !== undefined && diagnostic.source === source ? [fix] : [],
      );
      if (edits.length === 0) continue;
      const { text } = applyEdits(source.text, edits);
      const left = findInExamples(rule, [lintModule(source.name, text)]);
      assert.not.ok(codes(left).includes(`lint/${rule.id}`), text);
    }
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
  const module = lintModule('a.policy', `package access\n\n${comment}\ndefault allow := true\n`);
  assert.equal(codes(lintModules([module], [renamed])), []);
  assert.is(codes(lintModules([module], [rule])).length, 1);
});

test('the shipped policies and the examples have no finding', () => {
  const modules = ['policies', 'examples'].flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true })
      .map(String)
      .filter((file) => file.endsWith('.policy'))
      .map((file) => join(folder, file))
      .map((file) => lintModule(file, readFileSync(join(projectRoot, file), 'utf8'))),
  );
  assert.ok(modules.length >= 8);
  assert.equal(
    lintModules(modules, LINT_RULES, { contract: lintContract() }).map(({ diagnostic }) => [
      diagnostic.source.name,
      diagnostic.code,
    ]),
    [],
  );
});

test('an ignore comment with a reason covers the next line, without one it covers nothing', () => {
  const text = (comment: string): string => `package access\n\n${comment}\ndefault allow := true\n`;
  const reasoned = '# sallyport ignore: security/allow-everything because this is a sandbox';
  assert.equal(codes(lintModules([lintModule('a.policy', text(reasoned))], LINT_RULES)), []);
  const bare = '# sallyport ignore: security/allow-everything';
  assert.equal(codes(lintModules([lintModule('a.policy', text(bare))], LINT_RULES)), [
    'lint/style/ignore-without-reason',
    'lint/security/allow-everything',
  ]);
});

test('findings beyond those that are listed are told', () => {
  const lines = Array.from({ length: MAX_FINDINGS + 7 }, (_, at) => `x${at} = ${at}`).join('\n');
  const modules = [lintModule('a.policy', `package access\n\n${lines}\n`)];
  const rules = LINT_RULES.filter(({ id }) => id === 'style/assignment-operator');
  const findings = lintModules(modules, rules);
  assert.is(findings.length, MAX_FINDINGS + 1);
  assert.is(findings.at(-1)?.diagnostic.code, 'lint/limit');
  assert.match(findings.at(-1)?.diagnostic.message ?? '', /^more than 200 findings in this file/);
});

test('a rule that is off does not run, and a level is what was configured', () => {
  const module = lintModule('a.policy', 'package access\n\ndefault allow := true\n');
  assert.equal(
    codes(lintModules([module], LINT_RULES, { settingOf: () => ({ level: 'off' }) })),
    [],
  );
  const [found] = lintModules([module], LINT_RULES, { settingOf: () => ({ level: 'warning' }) });
  assert.is(found?.diagnostic.severity, 'warning');
});

test('a rule that gives `false` allows nobody, and identity is not missed in it', () => {
  const module = lintModule(
    'a.policy',
    'package access\n\nallow := false if input.context.hour == 3\n',
  );
  assert.equal(codes(lintModules([module], LINT_RULES)), []);
  const open = lintModule('a.policy', 'package access\n\nallow if input.context.hour == 3\n');
  assert.equal(codes(lintModules([open], LINT_RULES)), ['lint/security/allow-ignores-identity']);
});

test('one mistake is one finding, that of the rule that names the cause', () => {
  const text =
    'package access\n\nblock contains {"cod": "x", "reason": "y"} if input.identity.mfa\n';
  const module = lintModule('a.policy', text);
  assert.equal(codes(lintModules([module], LINT_RULES, { contract: lintContract() })), [
    'lint/security/unknown-member-field',
  ]);
  const without = LINT_RULES.filter(({ id }) => id !== 'security/unknown-member-field');
  assert.equal(codes(lintModules([module], without, { contract: lintContract() })), [
    'lint/security/decision-without-code',
  ]);
});

test('a decision document of another form than the decision takes is told, and no other', () => {
  const found = (rule: string): readonly string[] => {
    const rules = LINT_RULES.filter(({ id }) => id === 'security/decision-shape');
    return codes(lintModules([lintModule('a.policy', `package access\n\n${rule}\n`)], rules));
  };
  for (const rule of [
    'allow contains "x"',
    'allow := "yes"',
    'allow(x) if x',
    'allow.read := true',
    'block := "x"',
    'block if input.x',
    'default block := false',
    'mask.x := 1',
    'require_approval := ["x"]',
  ])
    assert.equal(found(rule), ['lint/security/decision-shape'], rule);
  for (const rule of [
    'allow := input.x',
    'default allow := false',
    'allow if input.x',
    'block := {x | some x in input.y}',
    'block := {{"code": "x", "reason": "y"}}',
    'block contains input.x',
    'blocked := "x"',
  ])
    assert.equal(found(rule), [], rule);
});

test('identity is found through other rules, imports and modules', () => {
  const library = lintModule(
    'lib.policy',
    'package lib\n\nstaff if "dba" in input.identity.groups\n',
  );
  const access = lintModule(
    'a.policy',
    'package access\n\nimport data.lib\n\nallow if lib.staff\n\nallow if ok\n\nok if reader(1)\n\nreader(_) if input.identity.mfa\n',
  );
  assert.equal(codes(lintModules([library, access], LINT_RULES)), []);
});

test.run();
