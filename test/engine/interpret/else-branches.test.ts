import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { valueAt } from '../../support/policies.ts';

const test = suite('engine/interpret/else-branches');
const BESIDE = 'p[x] := 3 if some x in ["b"]\n';

function document(rule: string): unknown {
  const [one, other] = (['interpret', 'compiled'] as const).map((engine) =>
    valueAt('p.p', `${rule}\n\n${BESIDE}`, { engine, input: { s: '' } }),
  );
  assert.equal(one, other, rule);
  return one;
}

test('a branch counts where no branch before it holds, beside a head with a variable too', () => {
  assert.equal(document('p.a := 1 if input.q\nelse := 2'), { a: 2, b: 3 });
  assert.equal(document('p.a := 1 if input.s == ""\nelse := 2'), { a: 1, b: 3 });
  assert.equal(document('p.a := 1 if input.q\nelse := 2 if input.z\nelse := 4'), { a: 4, b: 3 });
  assert.equal(document('p[1].c := 1 if input.q\nelse := 2'), { '1': { c: 2 }, b: 3 });
});

test('a branch whose value is undefined does not hold', () => {
  assert.equal(document('p.a := input.q if true\nelse := 2'), { a: 2, b: 3 });
  assert.equal(document('p.a := x if { x = input.q }\nelse := x if { x = input.s }'), {
    a: '',
    b: 3,
  });
});

test('no branch counts where all fail', () => {
  assert.equal(document('p.a := 1 if input.q\nelse := 2 if input.z'), { b: 3 });
});

test.run();
