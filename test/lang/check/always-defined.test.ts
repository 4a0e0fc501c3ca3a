import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkedBody } from '../../support/checked.ts';

const test = suite('lang/check/always-defined');

/** The statements of `p := $"{<ref>}"` beside other rules. */
function bodyWith(ref: string, rules: string): readonly string[] {
  return checkedBody(`p if { x := [$"{${ref}}"]; x }\n${rules}`);
}

/** Statements of that body, without and with one for the reference. */
const GUARDED = 2;
const TAKEN_OUT = 3;

test('a template guards a reference to a rule that may have no value', () => {
  const rules = [
    'r := input.n',
    'r := [input.xs[_]]',
    'r := [[y | y := input.n], input.n]',
    'r := [input.n] if input.n',
    'r := [input.n] if input.a\nr := [input.n] if input.b',
    'r := {"a": $"{input.n}"}',
  ];
  for (const rule of rules) assert.is(bodyWith('r', rule).length, GUARDED, rule);
});

test('a collection without variables counts as a constant, whatever it reads, as OPA has it', () => {
  const rules = [
    'r := [input.n]',
    'r := {"a": {input.n}}',
    'r := [count(input.n)] if true',
    'r := [input.n == 1]',
    'r := [other]\nother := input.n',
    'r := [[1 | input.n], input.n]',
  ];
  for (const rule of rules) {
    const body = bodyWith('r', rule);
    assert.is(body.length, TAKEN_OUT, rule);
    assert.is(body[0], '$ := data["p"]["r"]', rule);
  }
  assert.is(bodyWith('r[1]', 'r[1] := [input.n]')[0], '$ := data["p"]["r"][1]');
  assert.is(bodyWith('r[2]', 'r[1] := [input.n]').length, GUARDED);
});

test('what always has a value needs no guard and no statement of its own', () => {
  for (const rule of [
    'r := [1]',
    'r contains input.n',
    'r := [input.n] if input.n\ndefault r := 1',
  ])
    assert.is(bodyWith('r', rule).length, GUARDED, rule);
});

test.run();
