import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Coverage,
  CoverageRecorder,
  measureCoverage,
  percentOf,
} from '../../../engine/testing/coverage.ts';
import { coverageHtml } from '../../../engine/testing/coverage-html.ts';
import {
  coverageJson,
  coverageLcov,
  coverageText,
} from '../../../engine/testing/coverage-report.ts';
import { findTests } from '../../../engine/testing/find-tests.ts';
import { runTest } from '../../../engine/testing/run-tests.ts';
import { compile } from '../../support/policies.ts';

const coverage = suite('engine/testing/coverage');

const POLICY = `package p

default allow := false

allow if {
	input.kind == "human"
	input.age > 17
}

level(x) := "high" if {
	x > 10
} else := "low" if {
	x > 5
} else := "none"

unused if input.a < 1
`;

function measure(tests: string, policy = POLICY): Coverage {
  const policySet = compile([policy, `package p_test\n\nimport data.p\n\n${tests}`]);
  const recorder = new CoverageRecorder();
  for (const test of findTests(policySet)) {
    const { outcome } = runTest(policySet, test, { clock: () => 0, tracer: recorder });
    assert.is(outcome, 'pass');
  }
  return measureCoverage(policySet, recorder, ({ name }) => name === 'policy-0.policy');
}

/** Texts of the units in a state. */
function textsIn(found: Coverage, state: string): readonly string[] {
  return found.files.flatMap(({ units, source }) =>
    units
      .filter((unit) => unit.state === state)
      .map(({ start, end }) => source.text.slice(start, end)),
  );
}

coverage('heads, statements and else branches that were never reached are missed', () => {
  const found = measure('test_low if p.level(7) == "low"');
  assert.equal(textsIn(found, 'missed'), [
    'allow := false',
    'allow',
    'input.kind == "human"',
    'input.age > 17',
    'level(x) := "high"',
    'else := "none"',
    'unused',
    'input.a < 1',
  ]);
  assert.equal(textsIn(found, 'evaluated'), ['x > 10']);
  assert.equal(textsIn(found, 'true'), ['else := "low"', 'x > 5']);
});

coverage('a failed test covers what it evaluated, and its explanation covers nothing', () => {
  const policySet = compile([
    POLICY,
    'package p_test\n\ntest_x if data.p.allow with input as {"kind": "agent"}',
  ]);
  const recorder = new CoverageRecorder();
  const [test] = findTests(policySet);
  assert.ok(test);
  assert.is(runTest(policySet, test, { clock: () => 0, tracer: recorder }).outcome, 'fail');
  const found = measureCoverage(policySet, recorder, ({ name }) => name === 'policy-0.policy');
  assert.equal(textsIn(found, 'evaluated'), ['input.kind == "human"']);
  assert.ok(textsIn(found, 'missed').includes('input.age > 17'));
});

coverage('only all of it is 100 %', () => {
  assert.is(percentOf({ covered: 9999, total: 10_000 }), 99.9);
  assert.is(percentOf({ covered: 3, total: 3 }), 100);
  assert.is(percentOf({ covered: 0, total: 0 }), 100);
});

coverage('statements the checker takes apart count once', () => {
  const found = measure(
    'test_x if p.q with input as {"a": [{"b": "X"}], "c": "x"}',
    'package p\n\nq if {\n\tlower(input.a[_].b) == input.c\n\tnot input.z[lower(input.c)]\n}\n',
  );
  assert.equal(found.expressions, { covered: 3, total: 3 });
  assert.equal(found.lines, { covered: 3, total: 3 });
});

const ALL = `test_all if {
	p.allow with input as {"kind": "human", "age": 18}
	not p.allow with input as {"kind": "human", "age": 17}
	[p.level(11), p.level(6), p.level(1)] == ["high", "low", "none"]
	p.unused with input as {"a": 0}
}`;

coverage('the reports agree on what is covered', () => {
  const found = measure(ALL);
  assert.equal(found.expressions, { covered: 11, total: 11 });
  assert.match(coverageText(found), /^all {14}100\.0 % 11\/11 /m);
  assert.not.match(coverageText(found), /missed/);
  const lcov = coverageLcov(found);
  assert.match(lcov, /^TN:\nSF:policy-0\.policy\nDA:3,\d+\n/);
  assert.not.match(lcov, /DA:\d+,0/);
  const json = coverageJson(found) as { expressions: { percent: number } };
  assert.is(json.expressions.percent, 100);
});

coverage('the text names each missed place, and lcov gives its line no hits', () => {
  const found = measure('test_low if p.level(7) == "low"');
  assert.match(coverageText(found), /missed policy-0\.policy:7 {2}input\.age > 17/);
  assert.match(coverageLcov(found), /DA:7,0/);
});

coverage('the page is self-contained, escapes the source and marks what was missed', () => {
  const html = coverageHtml(measure('test_low if p.level(7) == "low"'));
  assert.match(html, /<mark class="missed">input\.age &gt; 17<\/mark>/);
  assert.match(html, /<mark title="never true">x &gt; 10<\/mark>/);
  assert.not.match(html, /<script|<link|src=|https?:/);
});

coverage.run();
