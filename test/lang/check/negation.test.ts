import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkedBody, faults } from '../../support/checked.ts';

const test = suite('lang/check/negation');

test('takes operands of a call out of a legacy negation, as OPA does', () => {
  assert.equal(checkedBody('q if not count(input.x) > 1'), ['$ := count(input["x"])', 'not $ > 1']);
  assert.equal(checkedBody('q if not startswith(input.x, input.y)'), [
    '$ := input["x"]',
    '$ := input["y"]',
    'not startswith($, $)',
  ]);
  assert.equal(checkedBody('q if not input.x != 1'), ['$ := input["x"]', 'not $ != 1']);
  assert.equal(checkedBody('q if not 1 in input.x'), ['$ := input["x"]', 'not 1 in $']);
});

test('keeps a bare reference and the sides of an equation inside', () => {
  assert.equal(checkedBody('q if not input.x'), ['not input["x"]']);
  assert.equal(checkedBody('q if not input.x == input.y'), ['not input["x"] == input["y"]']);
  assert.equal(checkedBody('q if not input.x[input.y]'), ['$ := input["y"]', 'not input["x"][$]']);
});

test('takes nothing out where future.keywords.not is imported', () => {
  const text = 'import future.keywords.not\nq if not startswith(input.x, input.y)';
  assert.equal(checkedBody(text), ['not startswith(input["x"], input["y"])']);
});

test('evaluates the value of a modifier outside the negation', () => {
  assert.equal(checkedBody('q if not r with input as data.z\nr := 1'), [
    '$ := data["z"]',
    'not data["p"]["r"] with input as $',
  ]);
});

test('refuses what a negation could bind', () => {
  assert.equal(faults('q if { not x = 1 }'), ['check/unsafe-var: x']);
  assert.equal(faults('q if { not input.a[i] = 1 }'), ['check/unsafe-var: i']);
});

test.run();
