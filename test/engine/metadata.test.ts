import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compilePolicies } from '../../engine/policy-set.ts';
import { valueAt } from '../support/policies.ts';

const test = suite('engine/metadata');
const BLOCK = '# METADATA\n# title: t\n';

test('rego.metadata says nothing of a rule in its else branches, which have no block', () => {
  const text = (call: string): string => `${BLOCK}q := 1 if false\nelse := ${call}\n`;
  assert.equal(valueAt('p.q', text('rego.metadata.rule()')), {});
  assert.equal(valueAt('p.q', text('rego.metadata.chain()')), [{ path: ['p', 'q'] }]);
  assert.equal(valueAt('p.q', `${BLOCK}q := rego.metadata.rule().title\n`), 't');
});

test('floats of a block are spelled as OPA spells them', () => {
  const block = '# METADATA\n# custom: {a: [123456789.125, 1e5, 0.00001, -0.0]}\n';
  const text = `${block}q := sprintf("%v", [rego.metadata.rule().custom.a])\n`;
  assert.is(valueAt('p.q', text), '[1.23456789125e+08, 100000, 1e-05, -0]');
});

test('a schema whose keywords are of the wrong type is refused', () => {
  for (const schema of ['{type: foo}', '{properties: 3}', '{required: 3}', '{minimum: x}']) {
    const text = `package p\n\n# METADATA\n# schemas:\n# - input: ${schema}\nq if input.b\n`;
    const { diagnostics } = compilePolicies({ policies: [{ name: 'p.policy', text }] });
    assert.equal(
      diagnostics.map(({ code }) => code),
      ['check/metadata'],
      schema,
    );
  }
});

test.run();
