import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { programText } from '../../../engine/plan/plan-text.ts';
import { compile } from '../../support/policies.ts';

const test = suite('engine/plan/plan-text');

function planOf(text: string): string {
  return programText(compile([`package p\n\n${text}\n`]).code.plannedProgram());
}

test('rules, what they read, test and yield, and where they stand', () => {
  const text =
    'default allow := false\n\nallow if {\n\t"dba" in input.who.groups\n\tsome t in input.tables\n\tt.name != "x"\n}';
  assert.is(
    planOf(text),
    `data.p.allow: complete, the first that holds decides
  policy-0.policy:5
    r1 := input.who.groups
    test "dba" in r1
    r2 := input.tables
    for each r3 of r2
      r4 := r3["name"]
      test r4 != "x"
      yield true, and stop
  default policy-0.policy:3
    yield false`,
  );
});

test('blocks inside steps are indented, functions and worlds are named', () => {
  const plan = planOf(
    'twice(x) := x * 2\n\nall := [y | some x in input.xs; y := twice(x)]\n\nnone if not input.a\n\nmock if data.p.none with input.a as 1',
  );
  for (const line of [
    'data.p.twice: function',
    ':= array of',
    ':= data.p.twice(',
    'test not',
    'with input["a"] as 1: w1',
    ':= data.p.none in w1',
  ])
    assert.ok(plan.includes(line), `${line}\n${plan}`);
});

test('what the passes spare is told where it is spared', () => {
  const plan = planOf(
    'x contains input.name if {\n\tsome s in input.list\n\ts.app == lower(input.name)\n\ts.at > 1\n}',
  );
  for (const line of ['of r1\n', ':= lower(r4), kept', 'yield r4, and stop'])
    assert.ok(plan.includes(line), `${line}\n${plan}`);
  assert.match(planOf('y if { some s in data.list; s.app == input.name }'), 'found by app');
});

test('the same rules have the same text, and only what is asked for is shown', () => {
  const rules = 'a := 1\n\nb := a + 1';
  assert.is(planOf(rules), planOf(rules));
  const program = compile([`package p\n\n${rules}\n`]).code.plannedProgram();
  const text = programText(program, ({ node }) => node.path.at(-1) === 'b');
  assert.match(text, /^data\.p\.b: complete/);
  assert.not.match(text, /data\.p\.a:/);
});

test.run();
