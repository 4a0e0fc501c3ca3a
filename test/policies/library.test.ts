/**
 * Runs the tests that stand beside the shipped policies and the examples, here and in the real OPA: each `test_*` rule must be
 * true in both, and both must find the same ones.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { evaluatePath } from '../../engine/evaluate.ts';
import { compilePolicies } from '../../engine/policy-set.ts';
import { toPlain } from '../../engine/value/plain.ts';
import { renderDiagnostic } from '../../lang/render.ts';
import type { Source } from '../../lang/source.ts';
import { findOpa, runOpa } from '../support/opa.ts';
import { projectRoot } from '../support/source-files.ts';

const sources: readonly Source[] = ['policies', 'examples'].flatMap((folder) =>
  readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.policy'))
    // Scenario tests call builtins OPA does not have; test/policies/coverage.test.ts runs them.
    .filter((entry) => !entry.name.endsWith('_scenario_test.policy'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: relative(projectRoot, path), text: readFileSync(path, 'utf8') })),
);
const { policySet, diagnostics } = compilePolicies({ policies: sources });

/** Paths below `data` of every rule named `test_...`. */
const tests = [
  ...new Set(
    policySet?.modules.modules
      .flatMap(({ rules }) => rules.map(({ path }) => path))
      .filter((path) => path.at(-1)?.startsWith('test_'))
      .map((path) => path.join('.')),
  ),
].sort();

const library = suite('policies');

library('the shipped policies compile without a diagnostic', () => {
  assert.equal(
    diagnostics.map((each) => renderDiagnostic(each, { colour: false })),
    [],
  );
});

library(
  'every shipped policy says what it demands and which controls it serves, as the README does',
  () => {
    const readme = readFileSync(join(projectRoot, 'policies/README.md'), 'utf8').split('\n');
    const shipped = sources.filter(({ name }) => /^policies\/.*(?<!_test)\.policy$/.test(name));
    for (const { name, text } of shipped) {
      assert.match(text, /^# {3}demands: \S/m, name);
      const controls = /^# {3}controls: \[(.+)\]$/m.exec(text)?.[1]?.replaceAll('"', '') ?? '';
      assert.match(controls, /^(?:(?:SOC 2 [A-Z]+\d\.\d|PCI DSS \d+\.\d\.\d)(?:, |$))+$/, name);
      const file = name.slice('policies/'.length);
      const row = readme.find((line) => line.includes(`](${file})`)) ?? '';
      assert.ok(row.endsWith(`| ${controls} |`), name);
    }
    assert.is(shipped.length, 11);
  },
);

library('every policy file has tests beside it', () => {
  const names = new Set(sources.map(({ name }) => name));
  const bare = [...names].filter(
    (name) => !name.endsWith('_test.policy') && !names.has(name.replace('.policy', '_test.policy')),
  );
  assert.equal(bare, []);
});

for (const name of tests)
  library(name, () => {
    if (policySet === undefined) throw new Error('the policies do not compile');
    const evaluation = evaluatePath(policySet, name.split('.'));
    assert.ok(evaluation.ok, evaluation.ok ? '' : evaluation.error.message);
    const result = evaluation.ok ? toPlain(evaluation.result ?? false) : false;
    const cases = typeof result === 'object' && result !== null ? Object.entries(result) : [];
    // A table of cases yields an object: one that no case reached says nothing.
    if (cases.length === 0) assert.is(result, true);
    for (const [each, outcome] of cases) assert.is(outcome, true, each);
  });

const opa = findOpa();
if (opa === undefined) {
  console.log('SKIP: the real OPA is not installed, so the shipped policies are not run in it');
} else {
  library('OPA accepts the policies in strict mode and passes the same tests', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-policies-'));
    try {
      for (const { name, text } of sources)
        writeFileSync(join(folder, name.replaceAll('/', '_').replace(/policy$/, 'rego')), text);
      runOpa(opa, ['check', '--strict', folder]);
      const results = JSON.parse(runOpa(opa, ['test', '--format', 'json', folder])) as {
        package: string;
        name: string;
        fail?: boolean;
      }[];
      assert.equal(
        results.map((result) => `${result.package.replace(/^data\./, '')}.${result.name}`).sort(),
        tests,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

library.run();
