/**
 * The shipped policies and examples as their users test them: every test passes, the scenario tests that OPA cannot run among them,
 * and together they cover everything.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCli } from '../control/cli/run-cli.ts';
import { projectRoot } from '../support/source-files.ts';

const coverage = suite('policies/coverage');

interface Report {
  readonly tests: readonly { readonly package: string; readonly outcome: string }[];
  readonly coverage: { readonly files: readonly { readonly file: string }[] };
}

coverage('every test passes and every expression is covered', async () => {
  const args = ['test', 'policies', 'examples', '--format', 'json', '--threshold', '100'];
  const { code, stdout, stderr } = await runCli(args, { cwd: projectRoot });
  const report = JSON.parse(stdout) as Report;
  assert.equal(
    report.tests.filter(({ outcome }) => outcome !== 'pass'),
    [],
  );
  assert.is(stderr, '');
  assert.is(code, 0);
  assert.ok(report.tests.some((test) => test.package.endsWith('_scenario_test')));
  assert.ok(report.coverage.files.length >= 4);
});

coverage.run();
