import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { errorAt, valueAt } from '../../support/policies.ts';

const test = suite('engine/run/limits');

/** A chain of rules, each of which iterates and asks the next inside a comprehension. */
function chain(length: number): string {
  const rules = ['r0 := 1'];
  for (let index = 1; index < length; index += 1) {
    rules.push(
      `r${index} := [v | some i in [1]; some j in [i]; v := [w | w := r${index - 1}; j == i][_]][0]`,
    );
  }
  return rules.join('\n\n');
}

test('a chain of rules within the depth has its value', () => {
  assert.is(valueAt('p.r20', chain(21)), 1);
});

test('a chain of rules beyond the depth ends in a limit, not in an overflow of the stack', () => {
  const error = errorAt('p.r399', chain(400));
  assert.is(error.code, 'eval_limit_error');
  assert.match(error.message, /nested deeper than \d+/);
});

test('a body with thousands of literals is no deep one', () => {
  const literals = Array.from({ length: 3000 }, (_, index) => `\tx${index} := ${index}`);
  assert.is(valueAt('p.x', `x := x2999 if {\n${literals.join('\n')}\n}\n`), 2999);
});

test('nested iteration ends when its steps are spent', () => {
  const text = 'x := count([1 | some a in input; some b in input; some c in input; a + b == c])';
  const input = Array.from({ length: 500 }, (_, index) => index);
  const error = errorAt('p.x', text, { input, limits: { steps: 50_000 } });
  assert.is(error.code, 'eval_limit_error');
  assert.match(error.message, 'steps');
});

test('an evaluation ends when its time is up by the clock it is given', () => {
  let now = 0;
  const clock = (): number => {
    now += 100;
    return now;
  };
  const text = 'x := count([1 | some a in input; some b in input; a < b])';
  const input = Array.from({ length: 500 }, (_, index) => index);
  const error = errorAt('p.x', text, { input, clock, limits: { timeMs: 1_000 } });
  assert.is(error.code, 'eval_limit_error');
  assert.match(error.message, 'ms');
});

test.run();
