/**
 * `sallyport lint` as a process: formats, fixes, configuration, exit codes.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCli } from './run-cli.ts';

const lint = suite<{ cwd: string; file: string }>('control/cli/lint');

lint.before.each((context) => {
  context.cwd = mkdtempSync(join(tmpdir(), 'sallyport-lint-'));
  mkdirSync(join(context.cwd, 'p'));
  context.file = join(context.cwd, 'p', 'a.policy');
  writeFileSync(context.file, 'package access\n\ndefault allow := true\n\nlimit = 100\n');
});
lint.after.each((context) => {
  rmSync(context.cwd, { recursive: true });
});

lint('findings are printed with their advice, and exit 1', async ({ cwd }) => {
  const { code, stdout } = await runCli(['lint', 'p'], { cwd });
  assert.match(stdout, 'p/a.policy:3:9: error: `allow` is true for every action');
  assert.match(stdout, '2 findings in 1 file, 1 of them fixed by --fix');
  assert.is(code, 1);
});

lint('--fix writes what can be fixed and reports the rest', async ({ cwd, file }) => {
  const { stdout } = await runCli(['lint', 'p', '--fix'], { cwd });
  assert.match(readFileSync(file, 'utf8'), 'limit := 100');
  assert.match(stdout, '1 finding in 1 file');
});

lint('SARIF names rule, level and place', async ({ cwd }) => {
  const { stdout } = await runCli(['lint', 'p', '--format', 'sarif'], { cwd });
  const { version, runs } = JSON.parse(stdout);
  assert.is(version, '2.1.0');
  const [{ ruleId, ruleIndex, level, locations }] = runs[0].results;
  assert.is(ruleId, 'lint/security/allow-everything');
  assert.is(runs[0].tool.driver.rules[ruleIndex].id, ruleId);
  assert.is(level, 'error');
  assert.equal(locations[0].physicalLocation, {
    artifactLocation: { uri: 'p/a.policy' },
    region: { startLine: 3, startColumn: 9, endLine: 3, endColumn: 22 },
  });
});

lint(
  'JUnit has a failing case for each file with findings, of check as of lint',
  async ({ cwd, file }) => {
    const linted = await runCli(['lint', 'p', '--format', 'junit'], { cwd });
    assert.match(linted.stdout, '<testsuites name="sallyport" tests="1" failures="1" errors="0">');
    assert.match(linted.stdout, '<failure message="lint/security/allow-everything: `allow` is');
    writeFileSync(file, 'package access\n\nallow if nobody\n');
    const checked = await runCli(['check', 'p', '--format', 'junit'], { cwd });
    assert.match(checked.stdout, '<failure message="check/unsafe-var: ');
    assert.is(checked.code, 1);
    const sarif = await runCli(['check', 'p', '--format', 'sarif'], { cwd });
    assert.is(JSON.parse(sarif.stdout).runs[0].results[0].ruleId, 'check/unsafe-var');
  },
);

lint('annotations of GitHub are one line each', async ({ cwd }) => {
  const { stdout } = await runCli(['lint', 'p', '--format', 'github'], { cwd });
  assert.match(
    stdout,
    '::error file=p/a.policy,line=3,col=9,title=lint/security/allow-everything::`allow` is true',
  );
});

lint('the nearest configuration above a file sets its levels', async ({ cwd }) => {
  const rules = 'rules:\n  security/allow-everything: off\n  style/assignment-operator: off\n';
  writeFileSync(join(cwd, '.sallyport-lint.yaml'), rules);
  assert.is((await runCli(['lint', 'p'], { cwd })).code, 0);
  writeFileSync(join(cwd, 'p', '.sallyport-lint.yaml'), 'rules: {}\n');
  assert.is((await runCli(['lint', 'p'], { cwd })).code, 1);
  writeFileSync(join(cwd, 'p', '.sallyport-lint.yaml'), 'ignore: ["*.policy"]\n');
  assert.is((await runCli(['lint', 'p'], { cwd })).code, 0);
});

lint(
  'a configuration that names no rule is wrong usage, with the nearest name',
  async ({ cwd }) => {
    writeFileSync(join(cwd, '.sallyport-lint.yaml'), 'rules:\n  security/allow-everthing: off\n');
    const { code, stderr } = await runCli(['lint', 'p'], { cwd });
    assert.match(stderr, 'did you mean `security/allow-everything`?');
    assert.is(code, 2);
  },
);

lint('a rule has options, and files it says nothing about', async ({ cwd, file }) => {
  const lines = Array.from({ length: 30 }, (_, at) => `\tinput.x != ${at}`);
  writeFileSync(
    file,
    `package access\n\ndefault allow := false\n\nallow if {\n${lines.join('\n')}\n}\n`,
  );
  const run = async (config: string): Promise<readonly [number | null, string, string]> => {
    writeFileSync(join(cwd, '.sallyport-lint.yaml'), config);
    const { code, stdout, stderr } = await runCli(['lint', 'p'], { cwd });
    return [code, /style\/long-rule/.test(stdout) ? 'found' : 'none', stderr];
  };
  const only = (setting: string): string => `rules:\n  style/long-rule: ${setting}\n`;
  assert.equal((await run(only('{max-lines: 20}')))[1], 'found');
  assert.equal((await run(only('{max-lines: 40}')))[1], 'none');
  assert.equal((await run(only('{max-lines: 20, ignore: ["p/a.*"]}')))[1], 'none');
  const refused = [
    [
      only('{max-lines: many}'),
      '`max-lines` of `style/long-rule` must be a whole number, 1 or more',
    ],
    [only('{max-line: 20}'), 'did you mean `max-lines`?'],
    [only('loud'), '`style/long-rule` must be error, warning or off'],
    ['ignore: p', '`ignore` must be a list of patterns'],
    ['rules: [', '.sallyport-lint.yaml: '],
    ['- a', 'must be a set of keys'],
  ];
  for (const [config = '', said = ''] of refused) {
    const [code, , stderr] = await run(config);
    assert.is(code, 2, config);
    assert.ok(stderr.includes(said), stderr);
  }
});

lint('a file with faults is reported and exits 1', async ({ cwd, file }) => {
  writeFileSync(file, 'package access\n\nallow if {\n');
  const { code, stdout } = await runCli(['lint', 'p'], { cwd });
  assert.match(stdout, 'parse/unexpected-token');
  assert.is(code, 1);
});

lint.run();
