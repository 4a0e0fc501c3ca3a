/**
 * Tests shared among threads have the results, and the coverage, they have on one.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compileTests } from '../../../control/cli/compile-tests.ts';
import { runAll } from '../../../control/cli/test-threads.ts';
import type { PolicyFiles } from '../../../control/policies/read-files.ts';
import { CoverageRecorder, measureCoverage } from '../../../engine/testing/coverage.ts';
import { findTests } from '../../../engine/testing/find-tests.ts';

const threads = suite('control/cli/test-threads');

const POLICY = `package access

default allow := false

allow if input.identity.subject in {"ana", "ben"}

allow if input.identity.subject == "cid"

never if input.identity.subject == "nobody"
`;
const TESTS = `package access_test

import data.access

test_first if access.allow with input as {"identity": {"subject": "ana"}}

${Array.from({ length: 12 }, (_, at) => `test_user_${at} if {\n\tprint("user", ${at})\n\taccess.allow with input as {"identity": {"subject": ["ana", "ben", "cid", "dan"][${at % 4}]}}\n}`).join('\n\n')}

test_cases[name] if {
	some name in ["ana", "eve"]
	access.allow with input as {"identity": {"subject": name}}
}

test_sql if sallyport.action.sql("drop table x").class == "ddl"

todo_test_later if true
`;

const files: PolicyFiles = {
  policies: [{ name: 'access.policy', text: POLICY }],
  tests: [{ name: 'access_test.policy', text: TESTS }],
  data: [],
};

async function run(count: number, filter?: RegExp): Promise<readonly unknown[]> {
  const { policySet, close } = await compileTests(files);
  const recorder = new CoverageRecorder();
  const results = await runAll({
    policySet,
    tests: findTests(policySet, filter),
    files,
    filter,
    recorder,
    threads: count,
    clock: () => 0,
    always: true,
  });
  await close();
  const coverage = measureCoverage(policySet, recorder, ({ name }) => name === 'access.policy');
  return [
    results.map(({ test, outcome, output, why, cases, error }) => [
      `${test.package}.${test.name}`,
      outcome,
      output,
      why,
      cases,
      error,
    ]),
    coverage.files.map(({ units }) => units),
  ];
}

threads('results and coverage of three threads are those of one', async () => {
  const [alone, shared] = [await run(1), await run(3)];
  assert.equal(shared, alone);
  const outcomes = new Set((alone[0] as readonly unknown[][]).map(([, outcome]) => outcome));
  assert.equal([...outcomes].sort(), ['fail', 'pass', 'todo']);
});

threads('threads run what the filter leaves', async () => {
  const [results] = await run(2, /user_(1|2|3)$/);
  assert.equal(
    (results as readonly unknown[][]).map(([name]) => name),
    ['access_test.test_user_1', 'access_test.test_user_2', 'access_test.test_user_3'],
  );
});

threads.run();
