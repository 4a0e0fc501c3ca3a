import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findTests } from '../../../engine/testing/find-tests.ts';
import { textReport } from '../../../engine/testing/report-text.ts';
import { runTest, type TestResult } from '../../../engine/testing/run-tests.ts';
import { compile } from '../../support/policies.ts';

const running = suite('engine/testing/run-tests');

const HEAD = 'package p\n\nimport future.keywords.not\n\n';

/** The results of the tests of a text by name. */
function run(text: string, limits = {}): Readonly<Record<string, TestResult>> {
  const policySet = compile([`${HEAD}${text}`], { allowMocked: true });
  const results = findTests(policySet).map((test) =>
    runTest(policySet, test, { clock: () => 0, limits }),
  );
  return Object.fromEntries(results.map((result) => [result.test.name, result]));
}

function report(text: string): string {
  return textReport(Object.values(run(text)), { verbose: false });
}

running('a test passes when its rule has a value other than false', () => {
  const results = run(`
test_true if 1 == 1
test_value := 7
test_false := false
test_undefined if input.nothing
todo_test_later if false
ignored if false
`);
  assert.equal(
    Object.entries(results).map(([name, { outcome }]) => [name, outcome]),
    [
      ['test_true', 'pass'],
      ['test_value', 'pass'],
      ['test_false', 'fail'],
      ['test_undefined', 'fail'],
      ['todo_test_later', 'todo'],
    ],
  );
  assert.is(results['test_false']?.why?.message, 'its value is false');
});

running('two definitions of one name are two tests', () => {
  const results = run('test_x if true\n\ntest_x if false');
  assert.is(results['test_x']?.outcome, 'pass');
  assert.is(results['test_x#2']?.outcome, 'fail');
});

running('each test has its own limits, and a failing one does not reach the next', () => {
  const results = run(
    `
test_long if count([x | some x in numbers.range(1, 1000); x > 0]) > 0
test_short if 1 == 1
test_conflict if broken == 1
broken := 1
broken := 2
`,
    { steps: 300 },
  );
  assert.is(results['test_long']?.outcome, 'error');
  assert.is(results['test_long']?.error?.code, 'eval_limit_error');
  assert.is(results['test_short']?.outcome, 'pass');
  assert.is(results['test_conflict']?.error?.code, 'eval_conflict_error');
});

running('a comparison that fails is shown with got and want', () => {
  const text = report('test_sum if {\n\tsum := 1 + 2\n\tsum == 4\n}');
  assert.match(text, /FAIL {2}p\.test_sum {2}\(policy-0\.policy:5\)/);
  assert.match(text, / {2}policy-0\.policy:7 {2}sum == 4\n {4}got {3}3\n {4}want {2}4\n/);
});

running('the constant of a comparison is what was wanted, on whichever side it stands', () => {
  const reading = run('test_x if 4 < count([1])')['test_x']?.why?.failures[0]?.readings[0];
  assert.equal(reading?.comparison, {
    operator: '>',
    got: { text: 'count([1])', value: '1' },
    want: { text: '4', value: '4' },
  });
});

running('what a test asks is followed to the expression that failed, with its values', () => {
  const text = report(`
allow if {
	input.kind == "human"
	staff
}
staff if "dba" in input.groups
test_allowed if allow with input as {"kind": "human", "groups": ["sales"]}
`);
  assert.match(text, /allow \(policy-0\.policy:6\) does not hold/);
  assert.match(text, /staff \(policy-0\.policy:10\) does not hold/);
  assert.match(text, /`input\.groups` is \["sales"\], without "dba"/);
  assert.match(text, /to hold: `input\.groups` would have to contain "dba"/);
});

running('a negated expression that holds is shown with the rule that makes it hold', () => {
  const text = report(`
allow if input.kind == "human"
test_refused if not allow with input as {"kind": "human"}
`);
  assert.match(text, /`allow` is true/);
  assert.match(
    text,
    /allow \(policy-0\.policy:6\) holds\n +input\.kind == "human"\n +`input\.kind` is "human"/,
  );
});

running('a field that is not there is named', () => {
  const text = report('test_x if input.a.b == 1 with input as {"a": {"c": 1}}');
  assert.match(text, /`input\.a` has no "b"\n +got {3}undefined\n +want {2}1/);
});

running('two sides that both have a value are told together', () => {
  const reading = run('test_x if {\n\tsome a, b in [7]\n\ta == b\n}')['test_x']?.why?.failures[0]
    ?.readings[0];
  assert.is(reading?.says, '`a` is 0 and `b` is 7');
  assert.is(reading?.needs, '`a` would have to be equal to `b`');
});

running('a call is shown with its value', () => {
  const text = report('codes(x) := {x}\n\ntest_x if count(codes(1)) == 2');
  assert.match(text, /got {3}1\n +want {2}2\n +where codes\(1\) = \{1\}/);
});

running('an every names the member that fails', () => {
  const text = report('test_x if every n in [1, 9] { n < 5 }');
  assert.match(text, /with `n` 9: `n` is 9\n +got {3}9\n +want {2}< 5/);
});

running('each name in the head of a test is a case of its own', () => {
  const result = run(`
test_add[name] if {
	some name, tc in {"one": {"in": 1, "want": 2}, "two": {"in": 2, "want": 5}}
	tc.in + 1 == tc.want
}
`)['test_add'];
  assert.is(result?.outcome, 'fail');
  assert.equal(
    result?.cases.map(({ name, outcome }) => [name, outcome]),
    [
      ['one', 'pass'],
      ['two', 'fail'],
    ],
  );
  const comparison = result?.cases[1]?.why?.failures[0]?.readings[0]?.comparison;
  assert.is(comparison?.got.value, '3');
  assert.is(comparison?.want.value, '5');
});

running('a test with cases that reaches none fails', () => {
  const result = run('test_add[name] if some name, _ in input')['test_add'];
  assert.is(result?.outcome, 'fail');
  assert.match(result?.why?.failures[0]?.readings[0]?.says ?? '', /`input` has no value/);
});

running('what a test prints is kept with it', () => {
  const results = run('test_a if print("a", 1)\ntest_b if {\n\tprint("b")\n\tfalse\n}');
  assert.equal(results['test_a']?.output, ['a 1']);
  assert.match(textReport(Object.values(results), { verbose: false }), /printed: b\n/);
});

running('the summary counts every outcome', () => {
  const text = report('test_a if true\ntest_b if false\ntodo_test_c if true');
  assert.match(text, /\n1 passed, 1 failed, 1 to do in 0 ms$/);
});

running('a filter chooses by package and name', () => {
  const policySet = compile([`${HEAD}test_a if true\ntest_b if true`]);
  const names = (pattern: RegExp): readonly string[] =>
    findTests(policySet, pattern).map(({ name }) => name);
  assert.equal(names(/p\.test_a/), ['test_a']);
  assert.equal(names(/^q/), []);
});

running.run();
