import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ControlError } from '../../../control/error.ts';
import { loadPolicies } from '../../../control/policies/compile.ts';
import { guardingPolicies } from '../../../control/policies/guarding-policies.ts';
import { inputOf, SELECT_CUSTOMERS } from '../../support/policy-input.ts';

const test = suite('control/policies/compile');

function load(rule: string, onError: (error: unknown) => void = () => undefined) {
  const text = `package access\n\nallow if ${rule}\n`;
  const files = { policies: [{ name: 'access.policy', text }], data: [], tests: [] };
  return loadPolicies(files, { onError });
}

test('an action that comes again finds its decision, another does not', () => {
  const { decisions, revision } = load('input.action.class == "read"');
  const first = decisions.decide(['access'], inputOf(SELECT_CUSTOMERS));
  assert.is(first.effect, 'allow');
  assert.is(first.revision, revision);
  assert.is(decisions.decide(['access'], inputOf(SELECT_CUSTOMERS)), first);
  const write = inputOf({ ...SELECT_CUSTOMERS, class: 'write' });
  assert.is(decisions.decide(['access'], write).effect, 'block');
});

test('other policies do not know the decisions of those before', () => {
  const before = load('input.action.class == "read"').decisions;
  assert.is(before.decide(['access'], inputOf(SELECT_CUSTOMERS)).effect, 'allow');
  const after = load('input.action.class == "write"').decisions;
  assert.is(after.decide(['access'], inputOf(SELECT_CUSTOMERS)).effect, 'block');
});

test('an error of a policy is reported each time it blocks', () => {
  let errors = 0;
  const { decisions } = load('input.action.verb == "SELECT"\n\nallow := false', () => {
    errors += 1;
  });
  for (let round = 1; round <= 2; round += 1) {
    const { effect, reasons } = decisions.decide(['access'], inputOf(SELECT_CUSTOMERS));
    assert.is(effect, 'block');
    assert.is(reasons[0]?.code, 'policy-error');
    assert.is(errors, round);
  }
});

test('the set that decides says why, with the same decision', () => {
  const { decisions, explain } = load('input.action.class == "write"');
  const input = inputOf(SELECT_CUSTOMERS);
  const { decision, packages } = explain(['access'], input);
  assert.equal(decision, decisions.decide(['access'], input));
  const failure = packages[0]?.documents[0]?.definitions[0]?.failures[0];
  assert.is(failure?.text, 'input.action.class == "write"');
});

test('a set without a package that guards a resource is refused, and the nearest name told', () => {
  const text = 'package shop.database\n\nallow := true\n';
  const files = { policies: [{ name: 'access.policy', text }], data: [], tests: [] };
  const guardedBy = (name: string) => () =>
    loadPolicies(files, { onError: () => undefined, guards: [['shop.database'], [name]] });
  assert.throws(
    guardedBy('shop.databse'),
    (error: unknown) =>
      error instanceof ControlError &&
      error.code === 'policy/invalid' &&
      error.message.includes('`shop.databse`, which no policy has') &&
      error.hint === 'did you mean `shop.database`?',
  );
  assert.is(guardedBy('shop.database')().interpreted.length, 0);
});

test('packages that no code decides are told when they are loaded, and kept for who asks', () => {
  const text = 'package access\n\nallow := true\n\nblock := {"x"}\n';
  const files = { policies: [{ name: 'access.policy', text }], data: [], tests: [] };
  const warned: unknown[] = [];
  const targets = [{ policies: ['access'] }, { policies: ['access'] }];
  const options = guardingPolicies({ targets }, () => undefined, {
    warn: (told: unknown) => void warned.push(told),
  });
  const { interpreted, decisions } = loadPolicies(files, options);
  const reason = '`block` is no rule of its kind';
  const told = { code: 'interpreted/no-plan', policies: ['access'] };
  assert.equal(warned, [{ ...told, reason }]);
  decisions.decide(['access'], inputOf(SELECT_CUSTOMERS));
  assert.equal(interpreted, [{ ...told, message: reason }]);
});

test.run();
