import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { check, faults, faultsOfModules } from '../../support/checked.ts';

const test = suite('lang/check/conflicts');

test('refuses rules that cannot stand beside each other', () => {
  const texts: readonly [string, string][] = [
    ['q := 1\nq contains 2', 'q contains 2'],
    ['f(x) := x\nf(x, y) := x + y', 'f(x, y) := x + y'],
    ['f(x) := x\nf := 1', 'f := 1'],
    ['default q := 1\ndefault q := 2', 'q := 2'],
    ['q.r := 1\nq.r.s := 2', 'q.r := 1'],
    ['q[x] := 1 if x := 1\nq := 2', 'q := 2'],
  ];
  for (const [text, place] of texts)
    assert.equal(faults(text), [`check/rule-conflict: ${place}`], text);
});

test('lets rules of one kind and rules with variables in their heads grow together', () => {
  const texts = [
    'q := 1\nq := 2',
    'q contains 1\nq contains 2',
    'q.r := 1\nq[x] := 2 if x := "s"',
    'q.a := 1\nq.b contains 2',
  ];
  for (const text of texts) assert.equal(faults(text), [], text);
});

test('a rule cannot have the name of a package, and both places are shown', () => {
  const texts = ['package a\nb := 1\n', 'package a.b\nc := 1\n'];
  const { diagnostics } = check(texts);
  assert.ok(diagnostics.length > 0);
  for (const { code, related } of diagnostics) {
    assert.is(code, 'check/rule-conflict');
    assert.is(related?.[0]?.source.name, '1.policy');
  }
  assert.equal(faultsOfModules(['package a\nb := 1\n', 'package a.c\nd := 1\n']), []);
});

test.run();
