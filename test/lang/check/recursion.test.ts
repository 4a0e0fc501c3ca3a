import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { check, faults } from '../../support/checked.ts';

const test = suite('lang/check/recursion');

test('finds a circle once and shows the way around it', () => {
  const { diagnostics } = check(['package p\na if b\nb if c\nc if a\n']);
  assert.is(diagnostics.length, 1);
  assert.is(
    diagnostics[0]?.message,
    '`data.p.a` depends on itself: `data.p.a` -> `data.p.b` -> `data.p.c` -> `data.p.a`',
  );
});

test('finds it through functions, closures, else, modifiers and references with variables', () => {
  const texts = [
    'f(x) := f(x)',
    'q := [x | x := q[_]]',
    'q := 1 if input.a\nelse := 2 if q',
    'q if input.a with input as q',
    'q if data[x].q',
    'q if { some x; data.p[x] }',
  ];
  for (const text of texts) assert.ok(faults(text)[0]?.startsWith('check/recursion'), text);
});

test('rules that only share a prefix do not need each other', () => {
  assert.equal(faults('q.a := 1\nq.b := q.a'), []);
  assert.equal(faults('q[x].a := 1 if x := "k"\nr := q[y].b if y := "k"'), []);
});

test.run();
