import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { patchPolicySet } from '../../engine/data-history.ts';
import { evaluatePath } from '../../engine/evaluate.ts';
import { compilePolicies, type PolicySet } from '../../engine/policy-set.ts';

const test = suite('engine/data-history');
const RULES = 'package app\n\nlevel := data.users[input.user].level\n';
const DATA = '{"users":{"ada":{"level":3}}}';

function compile(rules = RULES, data = DATA, previous?: PolicySet): PolicySet {
  const sources = {
    policies: [{ name: 'app.policy', text: rules }],
    data: [{ name: 'data.json', text: data }],
  };
  const { policySet, diagnostics } = compilePolicies(sources, {}, previous);
  if (policySet === undefined) throw new Error(diagnostics[0]?.message);
  return policySet;
}

function levelOf(set: PolicySet, engine: 'interpret' | 'compiled'): unknown {
  const evaluation = evaluatePath(set, ['app', 'level'], { input: { user: 'ada' }, engine });
  return evaluation.ok ? evaluation.result : evaluation.error.message;
}

function patched(set: PolicySet, value: number): PolicySet {
  const path = ['users', 'ada', 'level'];
  const result = patchPolicySet(set, [{ op: 'replace', path, value }]);
  if (result.fault !== undefined) throw new Error(result.fault.message);
  return result.policySet;
}

for (const engine of ['interpret', 'compiled'] as const) {
  test(`a changed set decides by the change, and the old one as before (${engine})`, () => {
    const set = compile();
    assert.is(levelOf(set, engine), 3);
    const changed = patched(set, 4);
    assert.is(levelOf(changed, engine), 4);
    assert.is(levelOf(set, engine), 3);
  });
}

test('a change gives a revision of its own, the same for the same changes', () => {
  const set = compile();
  const changed = patched(set, 4);
  assert.match(changed.revision, /^sha256:[0-9a-f]{64}$/);
  assert.is.not(changed.revision, set.revision);
  assert.is(patched(compile(), 4).revision, changed.revision);
  assert.is.not(patched(changed, 3).revision, set.revision);
});

test('data and changes are kept by a set of other rules and the same documents', () => {
  const changed = patched(compile(), 4);
  const next = compile(`${RULES}\nmore := true\n`, DATA, changed);
  assert.is(levelOf(next, 'compiled'), 4);
  assert.is.not(next.revision, changed.revision);
  assert.is.not(next.revision, compile(`${RULES}\nmore := true\n`).revision);
});

test('other documents replace the data with their changes', () => {
  const data = '{"users":{"ada":{"level":9}}}';
  const next = compile(RULES, data, patched(compile(), 4));
  assert.is(levelOf(next, 'compiled'), 9);
  assert.is(next.revision, compile(RULES, data).revision);
});

test('a change may not stand where a rule does, and a rule not where a change stands', () => {
  const set = compile();
  const result = patchPolicySet(set, [{ op: 'put', path: ['app', 'level'], value: 1 }]);
  assert.equal(result.fault?.kind, 'invalid');
  assert.equal(result.fault?.path, ['app', 'level']);
  const beside = patchPolicySet(set, [{ op: 'put', path: ['app', 'more'], value: 1 }]);
  if (beside.fault !== undefined) throw new Error('the change was refused');
  const sources = {
    policies: [{ name: 'app.policy', text: `${RULES}\nmore := true\n` }],
    data: [{ name: 'data.json', text: DATA }],
  };
  const next = compilePolicies(sources, {}, beside.policySet);
  assert.is(next.policySet, undefined);
  assert.is(next.diagnostics[0]?.code, 'check/data-conflict');
  assert.is(next.diagnostics[0]?.source.name, 'app.policy');
});

test.run();
